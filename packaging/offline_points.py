#!/usr/bin/env python3
"""The story that Evertill is about, on real programs and real sockets: two tills of two stores and head office; the
network is cut; one member earns and redeems at both tills; the network comes back; the sums agree and nothing was spent
twice. Tells what happens line by line and ends with 1 as soon as a figure is not what it must be.

    packaging/offline_points.py --bin build/bin --home DIR      (DIR is made anew)

Standard library only.
"""

import argparse
import json
import pathlib
import re
import selectors
import shutil
import socket
import subprocess
import sys
import threading

CATALOGUE = "barcode,name,price\n8850999320014,น้ำดื่ม,49.75\n8851959132012,Rice cooker,2500.00\n"
RICE_COOKER = "8851959132012"  # 2500.00: earns 100 points
WATER = "8850999320014"


class Cable:
    """A TCP forwarder that can be cut: what a till meets is a dead line, not a head office that says no."""

    def __init__(self, target_port):
        self.target = target_port
        self.cut = False
        self.pairs = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), timeout=30)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near, far):
        with selectors.DefaultSelector() as wait:
            wait.register(near, selectors.EVENT_READ, far)
            wait.register(far, selectors.EVENT_READ, near)
            try:
                while True:
                    for key, _ in wait.select():
                        data = key.fileobj.recv(65536)
                        if not data:
                            return
                        key.data.sendall(data)
            except (OSError, ValueError):
                pass
            finally:
                near.close()
                far.close()

    def pull(self):
        self.cut = True
        with self.lock:
            for pair in self.pairs:
                for end in pair:
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            self.pairs.clear()

    def plug(self):
        self.cut = False


class Story:
    def __init__(self, programs, home, say):
        self.bin, self.home, self.say = programs, home, say
        self.hq_process = None
        self.earned = self.spent = 0

    # The programs

    def run(self, program, *args, stdin=None, check=True):
        done = subprocess.run([str(self.bin / program), *map(str, args)], input=stdin, capture_output=True, text=True,
                              timeout=120)
        if check and done.returncode != 0:
            raise SystemExit(f"{program} {' '.join(map(str, args))}: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def hq(self, *args, **kwargs):
        return self.run("evertill-hq", "--database", f"sqlite:{self.home / 'hq.db'}", *args, **kwargs)

    def till(self, name, *args, **kwargs):
        return self.run("evertillctl", "--data-dir", self.home / name, *args, **kwargs)

    def play(self, name, *acts):
        text = "".join(json.dumps(act, ensure_ascii=False) + "\n" for act in acts)
        answers = [json.loads(line) for line in self.till(name, "play", "-", stdin=text).stdout.splitlines()]
        self.must(len(answers) == len(acts), f"{name} answered {len(answers)} of {len(acts)} acts")
        return answers

    def must(self, holds, otherwise):
        if not holds:
            raise SystemExit(f"the story does not hold: {otherwise}")

    def start(self):
        self.hq("init")
        log = open(self.home / "hq.log", "w", encoding="utf-8")
        self.hq_process = subprocess.Popen(
            [str(self.bin / "evertill-hq"), "--database", f"sqlite:{self.home / 'hq.db'}", "serve", "--listen",
             "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.hq_process.stdout:
            found = re.search(r"listening on https://127\.0\.0\.1:(\d+)", line)
            if found:
                self.hq_port = int(found.group(1))
                break
        else:
            raise SystemExit(f"head office did not start; see {self.home / 'hq.log'}")
        self.cables = {}
        (self.home / "catalogue.csv").write_text(CATALOGUE, encoding="utf-8")
        for name, store in (("siam", "S01"), ("silom", "S02")):
            self.hq("store", "add", store, "--name", name.title())
            self.till(name, "init", "--store", store, "--till", "L01", "--currency", "THB", "--lang", "th",
                      "--unattended", "cashier")
            self.till(name, "catalogue", "import", self.home / "catalogue.csv")
            self.cables[name] = Cable(self.hq_port)
            code = self.hq("till", "code", "--store", store, "--till", "L01").stdout.splitlines()[-1]
            self.till(name, "enroll", "--server", f"https://127.0.0.1:{self.cables[name].port}", "--code", code)

    def stop(self):
        if self.hq_process and self.hq_process.poll() is None:
            self.hq_process.terminate()
            self.hq_process.wait(timeout=20)
        if self.hq_process:
            self.hq_process.stdout.close()
        for cable in getattr(self, "cables", {}).values():
            cable.pull()
            cable.listener.close()

    # What people do

    def sync(self, *names, rounds=1):
        for _ in range(rounds):
            for name in names:
                self.till(name, "sync", "--once")

    def earn(self, name, barcode=RICE_COOKER):
        answer = self.play(name, {"member": self.card}, {"scan": barcode}, {"tender": {"cash": "exact"}})[-1]
        self.must(answer["ok"], answer)
        self.count(name, answer)

    def redeem(self, name, points):
        """A rice cooker, partly paid by points. The points spent; 0 when the till refused."""
        answers = self.play(name, {"member": self.card}, {"scan": RICE_COOKER}, {"redeem": points},
                            {"tender": {"cash": "exact"}})
        refused = None if answers[2]["ok"] else answers[2]["error"]["code"]
        self.must(answers[-1]["ok"], answers[-1])
        self.count(name, answers[-1])
        return answers[-1]["points"]["spent"], refused

    def count(self, name, answer):
        points = answer["points"]
        self.earned += points["earned"]
        self.spent += points["spent"]
        self.must(points["after"] == points["before"] + points["earned"] - points["spent"], f"sum on receipt {answer}")
        mark = " (provisional)" if points["provisional"] else ""
        self.say(f"    {name}: before {points['before']}, earned {points['earned']}, spent {points['spent']}, "
                 f"after {points['after']}{mark}")

    def look(self, name):
        member = self.play(name, {"member": self.card}, {"void_basket": True})[0]["member"]
        self.say(f"    {name}: {member['points']} points; {member['spendable']} can be spent here now, "
                 f"{member['elsewhere']} more when this till is online")
        return member

    # The story

    def tell(self):
        self.say("Head office and two tills, siam (S01) and silom (S02), over TLS through two cables")
        self.start()
        enrolled = self.play("siam", {"enrol": {"name": "คุณสมชาย ใจดี", "phone": "0812345678", "consent": ["points"]}})
        self.must(enrolled[0]["ok"], enrolled)
        self.sync("siam", "silom")
        self.card = self.hq("card", "issue", "0812345678").stdout.splitlines()[-1].strip()
        self.sync("siam", "silom")
        self.say(f"A member joins at siam and gets a signed card: {self.card[:12]}… ({len(self.card)} characters)")
        self.say("They shop at both stores, and the tills sync:")
        for name in ("siam", "siam", "siam", "silom"):
            self.earn(name)
        self.sync("siam", "silom", rounds=2)
        before = {name: self.look(name) for name in ("siam", "silom")}
        self.must(all(member["points"] == self.earned for member in before.values()), "the tills know all points")
        together = sum(member["spendable"] for member in before.values())
        self.must(0 < together <= self.earned, f"{together} spendable at two tills of {self.earned} owned")
        self.offline()
        self.reunited()

    def offline(self):
        self.say("The network is cut. The same member earns and redeems at both tills:")
        for cable in self.cables.values():
            cable.pull()
        owned, spent = self.earned - self.spent, 0
        for name in ("siam", "silom"):
            here = self.look(name)["spendable"]
            over, refused = self.redeem(name, here + 1)
            self.must(over == 0 and refused == "not_enough_points_here", f"{name}: one point too many: {refused}")
            self.say(f"    {name}: {here + 1} points at once are refused: {refused}")
        for _ in range(2):
            for name in ("siam", "silom"):
                points, refused = self.redeem(name, "max")
                self.must(refused is None or points == 0, refused)
                spent += points
                self.earn(name, WATER)
        self.must(spent > 0, "points were spent offline")
        self.must(spent <= owned + self.earned, "no more than there was")
        failed = self.till("siam", "sync", "--once", check=False)
        self.must(failed.returncode == 1 and len(failed.stderr.strip().splitlines()) == 1, "a sync that fails says so")

    def reunited(self):
        self.say("The network is back; both tills sync:")
        for cable in self.cables.values():
            cable.plug()
        self.sync("siam", "silom", rounds=2)
        rest = self.earned - self.spent
        shown = {name: self.look(name) for name in ("siam", "silom")}
        central = json.loads(self.hq("member", "show", "0812345678", "--json").stdout)
        self.say(f"    head office: {central['points']} points, debt {central.get('debt', 0)}")
        self.must(central["points"] == rest, f"head office has {central['points']}, receipts add up to {rest}")
        self.must(central.get("debt", 0) == 0, "nobody owes anything")
        for name, member in shown.items():
            self.must(member["points"] == rest, f"{name} shows {member['points']}, receipts add up to {rest}")
        self.say("Online, silom reserves at head office all that is not in the hands of siam:")
        points, refused = self.redeem("silom", "max")
        self.must(refused is None and points > 0, f"online: {points} of {rest}: {refused}")
        self.sync("silom", "siam", rounds=2)
        central = json.loads(self.hq("member", "show", "0812345678", "--json").stdout)
        self.must(central["points"] == self.earned - self.spent, f"head office: {central['points']}")
        self.say("    " + self.hq("verify").stdout.strip())
        self.say(f"Earned {self.earned}, spent {self.spent}, left {central['points']}: nothing lost, nothing spent "
                 "twice, overspent by 0.")


def main():
    parser = argparse.ArgumentParser(description="Two tills, one member, no network: the sums agree.")
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="where evertillctl and evertill-hq are")
    parser.add_argument("--home", type=pathlib.Path, required=True, help="a directory for its data; made anew")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.home, ignore_errors=True)
    arguments.home.mkdir(parents=True)
    story = Story(arguments.bin.resolve(), arguments.home.resolve(), lambda text: print(text, flush=True))
    try:
        story.tell()
    finally:
        story.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
