"""kill -9 at random instants: every acknowledged sale is there, no receipt number twice, every chain verifies."""

import random
import sys
import time
import unittest

from harness import TestCase

ACKNOWLEDGED = 500
KILLED_BETWEEN = 20
SEED = int(time.time())


class Kill(TestCase):
    def test_no_acknowledged_sale_is_lost(self):
        print(f"seed {SEED}", file=sys.stderr)
        rng = random.Random(SEED)
        till = self.till()
        acknowledged, between, rounds = [], 0, 0
        while len(acknowledged) < ACKNOWLEDGED or between < KILLED_BETWEEN:
            rounds += 1
            self.assertLess(rounds, 400, "the loop does not get on")
            session = till.session()
            for _ in range(rng.randrange(3, 25)):
                session.do({"scan": "8850999320014"})
                answer = session.do({"tender": {"cash": "exact"}})
                self.assertTrue(answer["ok"], answer)
                acknowledged.append(answer["receipt"])
            session.do({"scan": "8934563138165"})
            session.send({"tender": {"cash": "exact"}})
            time.sleep(rng.random() ** 3 * 0.003)  # somewhere between the request and its answer, or just after
            session.kill()
            late = [answer for answer in session.drain() if answer.get("receipt")]
            acknowledged += [answer["receipt"] for answer in late]
            between += not late
        kept = [row["receipt"] for row in till.json("receipt", "list")["receipts"]]
        self.assertEqual(len(kept), len(set(kept)), "a receipt number was given twice")
        self.assertEqual(len(acknowledged), len(set(acknowledged)))
        self.assertEqual(set(acknowledged) - set(kept), set(), "an acknowledged sale is gone")
        # What was killed before its answer may be there or not, but nothing else may be.
        self.assertLessEqual(len(kept) - len(acknowledged), between)
        till.ctl("journal", "verify")
        print(f"{len(acknowledged)} acknowledged, {between} of {rounds} kills before the answer", file=sys.stderr)

    def test_a_basket_survives_a_kill(self):
        till = self.till()
        session = till.session()
        session.do({"scan": "8850999320014"})
        session.do({"qty": 4})
        session.kill()
        answer = till.play({"state": True})[-1]
        self.assertEqual(answer["total"], "199.00")


if __name__ == "__main__":
    unittest.main()
