"""One member, two tills, no network: what packaging/run --demo offline-points tells, and what happens around it."""

import concurrent.futures
import json
import re
import subprocess
import sys
import unittest

from harness import BIN, SOURCE, TestCase

sys.path.insert(0, str(SOURCE / "packaging"))
from offline_points import Cable  # noqa: E402

WATER, PEN = "8850999320014", "4006381333931"
DEAR = "8851959132012"
CATALOGUE = f"barcode,name,price\n{WATER},Water,49.75\n{PEN},Pen,25.00\n{DEAR},Rice cooker,2500.00\n"
PHONE = "0812345678"


class Points(TestCase):
    """Two stores with a till each, a member with a signed card, and a cable for each till that can be pulled."""

    def two_tills(self, issue=()):
        self.hq = self.head_office().start()
        self.cables, self.tills = {}, {}
        for name, store in (("one", "S01"), ("two", "S02")):
            self.tills[name] = self.till(name, store=store, code="L01", catalogue=CATALOGUE)
            self.cables[name] = Cable(self.hq.port)
            self.addCleanup(self.cables[name].listener.close)
            self.addCleanup(self.cables[name].pull)
            self.hq.hq("store", "add", store)
            self.tills[name].ctl("enroll", "--server", f"https://127.0.0.1:{self.cables[name].port}", "--code",
                                 self.hq.code(store, "L01"))
        self.one, self.two = self.tills["one"], self.tills["two"]
        self.one.play({"enrol": {"name": "Anna", "phone": PHONE, "consent": ["points"]}})
        self.sync()
        self.card = self.hq.hq("card", "issue", PHONE, *issue).stdout.splitlines()[-1].strip()
        self.sync()

    def sync(self, rounds=1):
        for _ in range(rounds):
            for till in (self.one, self.two):
                # A till tries again by itself; here one handshake that a busy machine let time out is tried once more.
                if till.sync(check=False).returncode != 0:
                    till.sync()

    def cut(self):
        for cable in self.cables.values():
            cable.pull()

    def plug(self):
        for cable in self.cables.values():
            cable.plug()

    def buy(self, till, barcode=DEAR):
        return till.sell(barcode, member=self.card)

    def redeem(self, till, points, barcode=DEAR, before=()):
        """Answers of: member, scan, whatever comes before, redeem, pay."""
        return till.play({"member": self.card}, {"scan": barcode}, *before, {"redeem": points},
                         {"tender": {"cash": "exact"}})

    def central(self):
        return json.loads(self.hq.hq("member", "show", PHONE, "--json").stdout)

    def from_the_log(self):
        """Points as anybody can add them up from the log: what went into the member's accounts."""
        points = 0
        for row in self.hq.log(self.hq.token()):
            for posting in row["body"]["ledger_core"]["postings"]:
                if posting["account"] in ("AVAIL", "PENDING", "ESCROW", "HOLD", "LOCAL"):
                    points += posting["amount"]
        return points


class Story(TestCase):
    def test_the_demo_holds(self):
        done = subprocess.run([sys.executable, "-B", SOURCE / "packaging" / "offline_points.py", "--bin", BIN, "--home",
                               self.dir / "story"], capture_output=True, text=True, timeout=170)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        last = re.search(r"Earned (\d+), spent (\d+), left (\d+)", done.stdout)
        self.assertIsNotNone(last, done.stdout)
        earned, spent, left = map(int, last.groups())
        self.assertEqual(earned - spent, left)
        self.assertGreater(spent, 0)


class Sums(Points):
    def test_interleaved_offline_spending_agrees_with_the_log(self):
        self.two_tills()
        for _ in range(3):
            self.buy(self.one)
        self.buy(self.two)
        self.sync(rounds=2)
        self.cut()
        spent = 0
        for till in (self.one, self.two, self.one, self.two):
            answers = self.redeem(till, "max")
            self.assertTrue(answers[-1]["ok"], answers)
            spent += answers[-1]["points"]["spent"]
            self.assertTrue(answers[-1]["points"]["provisional"])
        self.assertGreater(spent, 0)
        self.plug()
        self.sync(rounds=2)
        shown = self.central()
        self.assertEqual(shown["points"], self.from_the_log())
        self.assertEqual(shown["debt"], 0)
        for till in (self.one, self.two):
            self.assertEqual(till.json("member", "show", PHONE)["points"], shown["points"])
        self.hq.hq("verify")
        for till in (self.one, self.two):
            till.ctl("journal", "verify")

    def test_one_point_too_many_is_refused_and_costs_nothing(self):
        self.two_tills()
        self.buy(self.one)
        self.sync(rounds=2)
        self.cut()
        here = self.one.play({"member": self.card})[0]["member"]["spendable"]
        answers = self.redeem(self.one, here + 1)
        self.assertEqual(answers[2]["error"]["code"], "not_enough_points_here")
        self.assertIn(str(here), answers[2]["error"]["message"])
        self.assertEqual(answers[-1]["points"]["spent"], 0)
        for bad in (-5, 10 ** 30, "lots"):
            refused = self.one.play({"member": self.card}, {"scan": DEAR}, {"redeem": bad}, {"void_basket": True})[2]
            self.assertFalse(refused["ok"], bad)
        self.assertTrue(self.redeem(self.one, here)[-1]["ok"])

    def test_points_are_not_provisional_after_head_office_has_answered(self):
        self.two_tills()
        self.buy(self.one)
        self.sync(rounds=2)
        answers = self.redeem(self.one, 5)
        self.assertTrue(answers[1]["points"]["provisional"], "nobody has asked head office yet")
        self.assertFalse(answers[2]["points"]["provisional"])
        self.assertFalse(answers[-1]["points"]["provisional"])
        self.cut()
        self.assertTrue(self.redeem(self.one, 5)[-1]["points"]["provisional"])

    def test_old_events_are_removed_only_when_head_office_has_them(self):
        self.two_tills()
        self.buy(self.one)
        self.sync()
        for days in ("0", "-1", "x", ""):
            refused = self.one.ctl("journal", "prune", "--keep-days", days, check=False)
            self.assertNotEqual(refused.returncode, 0, days)
        self.assertNotEqual(self.one.ctl("journal", "prune", check=False).returncode, 0)
        self.assertEqual(self.one.json("journal", "prune", "--keep-days", "1"), {"ok": True, "removed": 0})
        self.assertEqual(self.one.ctl("journal", "prune", "--keep-days", "1").stdout, "removed 0 events\n")
        self.assertIn("prune", self.one.ctl("journal", "--help").stdout)
        self.one.ctl("journal", "verify")

    def test_two_tills_hammer_one_member_online(self):
        self.two_tills()
        for _ in range(4):
            self.buy(self.one)
        self.sync(rounds=2)
        owned = self.central()["points"]

        def hammer(till):
            acts = []
            for _ in range(30):
                acts += [{"member": self.card}, {"scan": WATER}, {"redeem": 7}, {"tender": {"cash": "exact"}}]
            return [answer["points"]["spent"] for answer in till.play(*acts)[3::4]]

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            spent = [points for part in pool.map(hammer, (self.one, self.two)) for points in part]
        self.sync(rounds=2)
        earned = sum(row["body"]["ext"]["points"]["earned"] for row in self.hq.log(self.hq.token())
                     if row["kind"] == "sale")
        self.assertLessEqual(sum(spent), owned + earned)
        shown = self.central()
        self.assertEqual(shown["points"], self.from_the_log())
        self.assertEqual(shown["points"], earned - sum(spent))
        self.assertEqual(shown["debt"], 0)
        self.hq.hq("verify")


class Cards(Points):
    def test_forged_altered_and_denied_cards(self):
        self.two_tills()
        self.buy(self.one)
        self.sync(rounds=2)
        altered = self.card[:60] + ("A" if self.card[60] != "A" else "B") + self.card[61:]
        for text in (altered, self.card[:-4] + "AAAA"):
            answer = self.one.play({"member": text})[0]
            self.assertFalse(answer["ok"])
            self.assertIn(answer["error"]["code"], ("card_forged", "bad_card_text"))
        serial = json.loads(self.hq.hq("card", "list", PHONE, "--json").stdout)[0]["serial"]
        self.hq.hq("card", "deny", serial)
        self.sync()
        answer = self.one.play({"member": self.card})[0]
        self.assertEqual(answer["error"]["code"], "card_denied")

    def test_a_number_earns_offline_and_never_redeems(self):
        self.two_tills()
        self.buy(self.one)
        self.sync(rounds=2)
        self.cut()
        answers = self.one.play({"member": PHONE}, {"scan": DEAR}, {"redeem": "max"}, {"tender": {"cash": "exact"}})
        self.assertEqual(answers[2]["error"]["code"], "card_needed")
        self.assertGreater(answers[3]["points"]["earned"], 0)

    def test_three_wrong_pins_lock_it_across_restarts_until_head_office_says_otherwise(self):
        self.two_tills(issue=("--pin", "2468"))
        self.buy(self.one)
        self.sync(rounds=2)
        self.cut()

        def codes(pin):
            answers = self.one.play({"member": self.card}, {"scan": DEAR}, {"pin": pin}, {"redeem": 5},
                                    {"void_basket": True})
            return [answer.get("error", {}).get("code") for answer in answers[2:4]]

        self.assertEqual(codes("2468"), [None, None])
        self.assertEqual(codes("1111")[0], "pin_wrong")
        self.assertEqual(codes("2222")[0], "pin_wrong")
        self.assertIn(codes("3333")[0], ("pin_wrong", "pin_locked"))
        self.assertEqual(codes("2468")[0], "pin_locked")
        self.plug()
        self.sync(rounds=2)
        self.assertEqual(codes("2468")[0], "pin_locked", "reconnecting resets nothing")
        self.hq.hq("card", "unlock", PHONE)
        self.sync(rounds=2)
        self.assertEqual(codes("2468"), [None, None])

    def test_a_till_that_was_not_given_the_pin_lets_nobody_spend_until_it_was(self):
        self.two_tills(issue=("--pin", "2468"))
        self.buy(self.one)
        self.sync(rounds=2)
        shown = self.two.play({"member": self.card})[0]["member"]
        self.assertEqual(shown["spendable"], 0)
        for points in (5, "max"):
            answers = self.redeem(self.two, points)
            self.assertEqual(answers[2]["error"]["code"], "pin_unknown_here", answers[2])
            self.assertNotIn("%1", answers[2]["error"]["message"])
            self.assertEqual(answers[-1]["points"]["spent"], 0)
        self.assertEqual(self.redeem(self.two, 5, before=({"pin": "2468"},))[2]["error"]["code"], "pin_unknown_here")
        self.sync(rounds=2)
        self.assertEqual(self.redeem(self.two, 5)[2]["error"]["code"], "pin_needed")
        self.assertEqual(self.redeem(self.two, 5, before=({"pin": "1357"},))[2]["error"]["code"], "pin_wrong")
        answers = self.redeem(self.two, 5, before=({"pin": "2468"},))
        self.assertTrue(answers[3]["ok"], answers)
        self.assertEqual(answers[-1]["points"]["spent"], 5)

    def test_without_the_pin_nothing_is_spent(self):
        self.two_tills(issue=("--pin", "2468"))
        self.buy(self.one)
        self.sync(rounds=2)
        answers = self.redeem(self.one, 5)
        self.assertEqual(answers[2]["error"]["code"], "pin_needed")


class Lost(Points):
    def test_a_reclaimed_grant_pays_nobody_twice(self):
        self.two_tills()
        for _ in range(2):
            self.buy(self.two)
        self.sync(rounds=2)
        self.cables["two"].pull()
        held = self.two.play({"member": self.card})[0]["member"]["spendable"]
        self.assertGreater(held, 0)
        self.hq.hq("grant", "reclaim", "--till", "S02/L01")
        spent = self.redeem(self.two, "max")[-1]["points"]["spent"]
        self.assertGreater(spent, 0)
        self.cables["two"].plug()
        self.sync(rounds=3)
        shown = self.central()
        self.assertEqual(shown["points"], self.from_the_log())
        self.hq.hq("verify")
        over = self.hq.hq("overspend", "--json")
        self.assertLessEqual(json.loads(over.stdout)["members"][0]["overspend"] if json.loads(over.stdout)["members"]
                             else 0, held)

    def test_an_old_copy_of_a_tills_disk_gets_a_new_life_and_loses_no_sale(self):
        import shutil
        self.two_tills()
        self.buy(self.one)
        self.sync(rounds=2)
        copy = self.dir / "copy"
        shutil.copytree(self.one.path, copy)
        first = self.buy(self.one)["receipt"]
        self.sync()
        shutil.rmtree(self.one.path)
        shutil.copytree(copy, self.one.path)
        second = self.buy(self.one)["receipt"]
        self.sync(rounds=3)
        sales = [row for row in self.hq.log(self.hq.token()) if row["kind"] == "sale"]
        self.assertEqual(len(sales), 3, "both sales that shared a place in the chain are kept")
        self.assertIn(first, [row["receipt"] for row in sales])
        self.assertIn(second, [row["receipt"] for row in sales])
        self.assertIn("S01/L01", self.hq.hq("fork", "list").stdout)
        self.buy(self.one)
        self.sync()
        last = [row for row in self.hq.log(self.hq.token()) if row["kind"] == "sale"][-1]
        self.assertEqual(last["incarnation"], 2)
        self.assertEqual(self.central()["points"], self.from_the_log())
        self.hq.hq("verify")


if __name__ == "__main__":
    unittest.main()
