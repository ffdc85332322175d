"""The network is gone and comes back: nothing is lost, nothing is counted twice."""

import unittest

from harness import TestCase


class Offline(TestCase):
    def test_sells_while_head_office_is_away_and_catches_up(self):
        hq = self.head_office().start()
        till = self.till()
        hq.enroll(till)
        till.sell("8850999320014")
        till.sync()
        hq.stop()
        for _ in range(4):
            till.sell("8850999320014")
        failed = till.sync(check=False)
        self.assertEqual(failed.returncode, 1)
        self.assertEqual(len(failed.stderr.strip().splitlines()), 1, failed.stderr)
        self.assertEqual(till.json("sync", "--status")["pending_sales"], 4)
        hq.start()
        till.sync()
        self.assertEqual(till.json("sync", "--status")["pending_sales"], 0)
        sales = [row["receipt"] for row in hq.log(hq.token()) if row["kind"] == "sale"]
        self.assertEqual(sales, [f"L03-{n:06}" for n in range(1, 6)])

    def test_head_office_killed_during_uploads_counts_each_sale_once(self):
        hq = self.head_office().start()
        till = self.till()
        hq.enroll(till)
        till.play({"enrol": {"name": "Anna", "phone": "0812345678"}})
        for _ in range(3):
            for _ in range(5):
                till.sell("8850999320014", member="0812345678")
            hq.kill()
            till.sync(check=False)
            hq.start()
            till.sync()
            till.sync()
        rows = hq.log(hq.token())
        sales = [row["receipt"] for row in rows if row["kind"] == "sale"]
        self.assertEqual(len(sales), 15)
        self.assertEqual(len(set(sales)), 15)
        self.assertEqual(till.json("member", "show", "0812345678")["points"], 15)
        hq.hq("verify")

    def test_members_come_down_to_another_till(self):
        hq = self.head_office().start()
        first, second = self.till("first", code="L01"), self.till("second", code="L02")
        hq.enroll(first, code="L01")
        hq.enroll(second, code="L02")
        first.play({"enrol": {"name": "Nguyễn Thị Hoa", "phone": "0912345678"}})
        first.sell("8850999320014", "8850999320014", member="0912345678")
        first.sync()
        second.sync()
        shown = second.json("member", "show", "0912345678")
        self.assertEqual((shown["name"], shown["points"]), ("Nguyễn Thị Hoa", 3))
        second.sell("8850999320014", member="0912345678")
        second.sync()
        first.sync()
        self.assertEqual(first.json("member", "show", "0912345678")["points"], 4)

    def test_catalogue_comes_down_and_what_the_till_imported_stays(self):
        hq = self.head_office().start()
        till = self.till()
        hq.enroll(till)
        file = self.dir / "prices.csv"
        file.write_text("barcode,name,price\n8850999320014,Water,39.00\n5449000000996,Cola,18.00\n")
        hq.hq("catalogue", "import", file)
        till.sync()
        answers = till.play({"scan": "5449000000996"}, {"scan": "8850999320014"}, {"scan": "4006381333931"})
        self.assertEqual([line["unit_price"] for line in answers[-1]["lines"]], ["18.00", "39.00", "25.00"])

    def test_enrolment_is_refused_without_the_right_code(self):
        hq = self.head_office().start()
        till = self.till()
        hq.hq("store", "add", "S01")
        code = hq.code()
        self.assertEqual(till.ctl("enroll", "--server", hq.url, "--code", "EV1-AAAA-BBBB", check=False).returncode, 1)
        till.ctl("enroll", "--server", hq.url, "--code", code)
        other = self.till("other", code="L04")
        used = other.ctl("enroll", "--server", hq.url, "--code", code, check=False)
        self.assertEqual(used.returncode, 1, "a code serves once")
        self.assertEqual(len(used.stderr.strip().splitlines()), 1, used.stderr)


if __name__ == "__main__":
    unittest.main()
