"""One sale through every room of the house: scanner, till, paper, head office."""

import csv
import io
import json
import pathlib
import sqlite3
import subprocess
import time
import unittest

from harness import DEMO_CATALOGUE, TestCase


class FirstSale(TestCase):
    def test_from_the_scanner_to_head_office(self):
        hq = self.head_office().start()
        till = self.till()
        hq.enroll(till)
        enrolled = till.play({"enrol": {"name": "คุณสมชาย ใจดี", "phone": "081-234-5678", "consent": ["points"]}})[-1]
        self.assertEqual(enrolled["member"]["points"], 0)
        answers = till.play({"scan": "8850999320014"}, {"qty": 3}, {"member": "0812345678"}, {"scan": "8934563138165"},
                            {"tender": {"cash": "200.00"}})
        paid = answers[-1]
        self.assertEqual((paid["total"], paid["change"], paid["receipt"]), ("159.25", "40.75", "L03-000001"))
        self.assertEqual(paid["points"], {"before": 0, "earned": 6, "spent": 0, "after": 6, "provisional": True})

        till.sync()
        rows = hq.log(hq.token())
        sales = [row for row in rows if row["kind"] == "sale"]
        self.assertEqual([(s["receipt"], s["store"], s["till"], s["incarnation"]) for s in sales],
                         [("L03-000001", "S01", "L03", 1)])
        # Head office writes a chain of its own into the same log: what it did for the new member.
        for place in ("S01", "HQ"):
            seqs = [row["seq"] for row in rows if row["store"] == place]
            self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
        self.assertEqual(sorted(row["commit_seq"] for row in rows), [row["commit_seq"] for row in rows])
        shown = till.json("member", "show", "0812345678")
        self.assertEqual(shown["points"], 6)
        hq.hq("verify")
        till.ctl("journal", "verify")

    def test_receipt_on_paper_has_a_code_that_a_reader_reads(self):
        printer = self.printer()
        till = self.till(lang="th", catalogue=DEMO_CATALOGUE.read_text(encoding="utf-8"))
        with open(DEMO_CATALOGUE, encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["unit"] == "each" and row["min_age"] in ("", "0")]
        receipt = till.sell(*[row["barcode"] for row in rows[:8]])["receipt"]
        till.ctl("receipt", "print", receipt, "--to", printer.address)
        till.ctl("receipt", "print", receipt, "--to", printer.address)
        deadline = time.monotonic() + 20
        while len(printer.jobs()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        original, copy = (json.loads(job.read_text()) for job in printer.jobs())
        self.assertEqual((original["cuts"], original["pulses"], original["unknown_commands"]), (1, 1, []))
        self.assertEqual((copy["cuts"], copy["pulses"], copy["unknown_commands"]), (1, 0, []),
                         "a copy must not open the drawer")
        png = printer.jobs()[0].with_suffix(".png")
        read = subprocess.run(["zbarimg", "--quiet", "--raw", str(png)], capture_output=True, text=True, check=True)
        self.assertIn(receipt, read.stdout)

    def test_receipt_to_a_file_and_as_text(self):
        till = self.till()
        receipt = till.sell("8850999320014")["receipt"]
        target = self.dir / "receipt.bin"
        till.ctl("receipt", "print", receipt, "--to", f"file:{target}")
        paper = target.read_bytes()
        self.assertTrue(paper.startswith(b"\x1b@"))
        self.assertIn(b"\x1bp", paper, "cash opens the drawer")
        self.assertIn(b"\x1dV", paper, "the paper is cut")
        listed = till.json("receipt", "list")
        self.assertEqual([row["receipt"] for row in listed["receipts"]], [receipt])
        shown = till.json("receipt", "show", receipt)
        self.assertEqual(shown["total"], "49.75")
        self.assertEqual(shown["lines"][0]["name"], "น้ำดื่ม")

    def test_one_sale_is_one_transaction_in_the_database(self):
        till = self.till()
        till.play({"enrol": {"name": "Anna", "phone": "0812345678"}})
        till.sell("8850999320014", "8850999320014", member="0812345678")
        with sqlite3.connect(f"file:{till.path / 'till.db'}?mode=ro", uri=True) as db:
            for table in ("sale", "sale_line", "sale_tender", "ledger", "journal", "outbox"):
                count = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                self.assertGreater(count, 0, table)
            with self.assertRaises(sqlite3.OperationalError):
                db.execute("DELETE FROM sale")
        writable = sqlite3.connect(till.path / "till.db")
        self.addCleanup(writable.close)
        for table in ("journal", "sale", "sale_line", "sale_tender", "ledger"):
            with self.assertRaisesRegex(sqlite3.IntegrityError, ".*"):
                writable.execute(f"DELETE FROM {table}")

    def test_log_as_csv_and_by_cursor(self):
        hq = self.head_office().start()
        till = self.till()
        hq.enroll(till)
        for _ in range(7):
            till.sell("8850999320014")
        till.sync()
        token = hq.token()
        everything = hq.log(token)
        self.assertEqual(hq.log(token, limit=2), everything, "small pages must add up to the whole")
        status, headers, body = hq.get("/api/v1/log?format=csv&limit=1000", token)
        self.assertEqual(status, 200)
        rows = list(csv.DictReader(io.StringIO(body)))
        self.assertEqual([r["receipt"] for r in rows if r["kind"] == "sale"],
                         [r["receipt"] for r in everything if r["kind"] == "sale"])
        self.assertEqual(hq.get("/api/v1/log")[0], 401)
        self.assertEqual(hq.get("/api/v1/log", "wrong")[0], 401)
        self.assertEqual(hq.get("/api/v1/log?after=nonsense", token)[0], 400)
        self.assertEqual(hq.get("/healthz")[0], 200)

    def test_vietnam_has_no_decimals(self):
        till = self.till(currency="VND", lang="vi", catalogue="barcode,name,price\n8934563138165,Mì Hảo Hảo,15000\n")
        answers = till.play({"scan": "8934563138165"}, {"tender": {"cash": "20000"}})
        self.assertEqual((answers[-1]["total"], answers[-1]["change"]), ("15000", "5000"))


if __name__ == "__main__":
    unittest.main()
