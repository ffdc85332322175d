"""Starts the real programs for integration tests: a till driven by evertillctl, a head office, a printer simulator.

Standard library only. Programs are found through EVERTILL_BIN (the build's bin directory).
"""

import json
import os
import pathlib
import queue
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

BIN = pathlib.Path(os.environ.get("EVERTILL_BIN", "build/bin")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
DEMO_CATALOGUE = SOURCE / "assets" / "demo" / "catalogue.csv"

SMALL_CATALOGUE = """barcode,name,price
8850999320014,น้ำดื่ม,49.75
8934563138165,Mì Hảo Hảo,10.00
4006381333931,Pen,25.00
"""


class TestCase(unittest.TestCase):
    """A test with a directory of its own; whatever it starts ends with it."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="evertill-test-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def till(self, name="till", **kwargs):
        return Till(self, self.dir / name, **kwargs)

    def head_office(self, name="hq"):
        return HeadOffice(self, self.dir / name)

    def printer(self):
        return Printer(self, self.dir / "paper")


def run(program, *args, stdin=None, check=True, timeout=120):
    done = subprocess.run([str(BIN / program), *map(str, args)], input=stdin, capture_output=True, text=True,
                          timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(f"{program} {' '.join(map(str, args))} exited {done.returncode}: {done.stderr.strip()}")
    return done


class Till:
    def __init__(self, test, path, store="S01", code="L03", currency="THB", lang="en", unattended="cashier",
                 catalogue=SMALL_CATALOGUE):
        self.test, self.path = test, path
        args = ["--store", store, "--till", code, "--currency", currency, "--lang", lang]
        if unattended:
            args += ["--unattended", unattended]
        self.ctl("init", *args)
        if catalogue:
            file = path.parent / f"{path.name}-catalogue.csv"
            file.write_text(catalogue, encoding="utf-8")
            self.ctl("catalogue", "import", file)

    def ctl(self, *args, **kwargs):
        return run("evertillctl", "--data-dir", self.path, *args, **kwargs)

    def json(self, *args, **kwargs):
        return json.loads(self.ctl("--json", *args, **kwargs).stdout)

    def play(self, *acts):
        """Plays acts in one run; the answers, in order."""
        done = self.ctl("play", "-", stdin="".join(json.dumps(act, ensure_ascii=False) + "\n" for act in acts))
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.test.assertEqual(len(answers), len(acts), done.stderr)
        return answers

    def sell(self, *barcodes, member=None):
        acts = [{"member": member}] if member else []
        acts += [{"scan": barcode} for barcode in barcodes] + [{"tender": {"cash": "exact"}}]
        answer = self.play(*acts)[-1]
        self.test.assertTrue(answer["ok"], answer)
        return answer

    def session(self):
        return Session(self)

    def sync(self, check=True):
        return self.ctl("sync", "--once", check=check)


class Session:
    """A running `evertillctl play -`: acts go in one at a time, and the process can be killed between two."""

    def __init__(self, till):
        self.process = subprocess.Popen([str(BIN / "evertillctl"), "--data-dir", str(till.path), "play", "-"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, encoding="utf-8")
        self.answers = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        till.test.addCleanup(self.kill)

    def _read(self):
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.answers.put(json.loads(line))
        self.answers.put(None)

    def send(self, act):
        try:
            self.process.stdin.write(json.dumps(act) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def receive(self, timeout=30):
        return self.answers.get(timeout=timeout)

    def do(self, act):
        self.send(act)
        return self.receive()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(timeout=10)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def drain(self):
        """All answers that arrived before the process ended."""
        rest = []
        while (answer := self.answers.get(timeout=10)) is not None:
            rest.append(answer)
        return rest


class HeadOffice:
    def __init__(self, test, path):
        self.test, self.path = test, path
        path.mkdir(parents=True)
        self.database = f"sqlite:{path / 'hq.db'}"
        self.link = self.hq("init").stdout
        self.process = None
        self.port = 0

    def hq(self, *args, **kwargs):
        return run("evertill-hq", "--database", self.database, *args, **kwargs)

    def start(self):
        self.process = subprocess.Popen(
            [str(BIN / "evertill-hq"), "--database", self.database, "serve", "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.test.addCleanup(self.stop)
        for line in self.process.stdout:
            found = re.search(r"listening on (https?://127\.0\.0\.1:(\d+))", line)
            if found:
                self.url, self.port = found.group(1), int(found.group(2))
                return self
        raise AssertionError("evertill-hq did not start")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
        if self.process:
            self.process.stdout.close()
            self.process = None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def code(self, store="S01", till="L03"):
        return self.hq("till", "code", "--store", store, "--till", till).stdout.splitlines()[-1].strip()

    def token(self, role="puller"):
        return self.hq("token", "create", "--role", role).stdout.splitlines()[-1].strip()

    def enroll(self, till, store="S01", code="L03"):
        self.hq("store", "add", store, check=False)
        return till.ctl("enroll", "--server", self.url, "--code", self.code(store, code))

    def trust(self):
        """A TLS context that trusts only this head office's own authority, as served at /ca.pem."""
        blind = ssl.create_default_context()
        blind.check_hostname = False
        blind.verify_mode = ssl.CERT_NONE
        pem = urllib.request.urlopen(f"{self.url}/ca.pem", context=blind, timeout=20).read().decode()
        return ssl.create_default_context(cadata=pem)

    def get(self, path, token=None, context=None):
        request = urllib.request.Request(self.url + path)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, context=context or self.trust(), timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, dict(refused.headers), refused.read().decode()

    def log(self, token, limit=500):
        """Every row of the log, pulled page by page."""
        rows, cursor, context = [], "", self.trust()
        while True:
            status, headers, body = self.get(f"/api/v1/log?after={cursor}&limit={limit}", token, context)
            self.test.assertEqual(status, 200, body)
            page = [json.loads(line) for line in body.splitlines()]
            rows += page
            cursor = headers["Next-Cursor"]
            if len(page) < limit:
                return rows


class Printer:
    """The printer simulator: takes jobs by TCP, turns each into PNG and JSON."""

    def __init__(self, test, path):
        self.path = path
        self.process = subprocess.Popen(
            [str(BIN / "evertill-devsim"), "printer", "--listen", "127.0.0.1:0", "--out", str(path)],
            stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.stop)
        self.address = "tcp://" + re.search(r"listening (\S+)", self.process.stdout.readline()).group(1)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
        self.process.stdout.close()

    def jobs(self):
        return sorted(self.path.glob("job-*.json"))
