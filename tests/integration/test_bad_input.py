"""Every wrong command or file is one clear line, and leaves the database as it was."""

import os
import pathlib
import sqlite3
import stat
import unittest

from harness import SMALL_CATALOGUE, TestCase, run


class BadInput(TestCase):
    def refused(self, done, *words, code=1):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def products(self, till):
        with sqlite3.connect(f"file:{till.path / 'catalogue.db'}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM product").fetchone()[0]

    def importing(self, till, text, *args):
        file = self.dir / "bad.csv"
        if isinstance(text, str):
            file.write_text(text, encoding="utf-8")
        else:
            file.write_bytes(text)
        return till.ctl("catalogue", "import", file, *args, check=False)

    def test_usage_is_exit_2(self):
        self.assertEqual(run("evertillctl", "--nonsense", check=False).returncode, 2)
        self.assertEqual(run("evertillctl", "--data-dir", self.dir, "frobnicate", check=False).returncode, 2)
        self.assertEqual(run("evertill-hq", "--nonsense", check=False).returncode, 2)
        self.assertEqual(run("evertillctl", "--help").returncode, 0)
        self.assertEqual(run("evertillctl", "--version").returncode, 0)

    def test_init_refuses_what_cannot_be(self):
        def init(*args):
            return run("evertillctl", "--data-dir", self.dir / "x", "init", *args, check=False)

        self.refused(init("--store", "S01", "--till", "L03", "--currency", "XXY", "--lang", "th"), "XXY")
        self.refused(init("--store", "S 1", "--till", "L03", "--currency", "THB", "--lang", "th"), "S 1")
        self.refused(init("--store", "S01", "--till", "L03", "--currency", "THB", "--lang", "fr"), "fr")
        self.assertFalse((self.dir / "x" / "till.db").exists())
        till = self.till()
        self.refused(run("evertillctl", "--data-dir", till.path, "init", "--store", "S01", "--till", "L03",
                         "--currency", "THB", "--lang", "th", check=False), str(till.path))

    def test_no_till_here(self):
        self.refused(run("evertillctl", "--data-dir", self.dir / "nothing", "play", "-", stdin="", check=False),
                     "nothing")
        self.assertFalse((self.dir / "nothing").exists(), "a wrong directory must not be made")

    def test_malformed_rows_are_named_and_skipped(self):
        till = self.till(catalogue=None)
        done = self.importing(till, "barcode,name,price\n"
                                    "8850999320014,Good,49.75\n"
                                    ",No barcode,1.00\n"
                                    "111,Negative,-1.00\n"
                                    "222,Letters,abc\n"
                                    "333,Too exact,1.234\n"
                                    "8850999320014,Again,1.00\n"
                                    "444\n"
                                    "8934563138165,Also good,10.00\n")
        report = done.stdout + done.stderr
        for line in (3, 4, 5, 6, 7, 8):
            self.assertIn(f"line {line}", report)
        self.assertNotIn("line 2:", report)
        self.assertNotIn("line 9:", report)
        self.assertEqual(self.products(till), 2)

    def test_a_dry_run_changes_nothing(self):
        till = self.till()
        before = self.products(till)
        done = self.importing(till, "barcode,name,price\n1234,New,1.00\n", "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.products(till), before)

    def test_a_file_that_is_no_catalogue(self):
        till = self.till()
        before = self.products(till)
        self.refused(self.importing(till, "apples,pears\n1,2\n"), "bad.csv")
        self.refused(self.importing(till, ""), "bad.csv")
        self.refused(self.importing(till, bytes(range(256)) * 20), "bad.csv")
        self.refused(till.ctl("catalogue", "import", self.dir / "missing.csv", check=False), "missing.csv")
        self.assertEqual(self.products(till), before)

    def test_wrong_currency(self):
        till = self.till()
        done = self.importing(till, "barcode,name,price,currency\n77,Dollar goods,1.00,USD\n78,Baht goods,1.00,THB\n")
        self.assertIn("line 2", done.stdout + done.stderr)
        self.assertEqual(till.play({"scan": "77"})[0]["error"]["code"], "unknown_barcode")
        self.assertTrue(till.play({"scan": "78"})[0]["ok"])

    def test_names_cannot_carry_commands(self):
        till = self.till()
        done = self.importing(till, "barcode,name,price\n79,Evil\x1bp\x00\x19\xfa name\u202e,1.00\n")
        self.assertIn("line 2", done.stdout + done.stderr)
        answer = till.play({"scan": "79"})[0]
        self.assertTrue(answer["ok"], answer)
        self.assertTrue(all(ord(c) >= 32 and c != "\u202e" for c in answer["lines"][0]["name"]))

    def test_broken_script_lines_are_answered_and_skipped(self):
        till = self.till()
        done = till.ctl("play", "-", stdin='{"scan":"8850999320014"\n\nnull\n{"scan":"8850999320014"}\n')
        answers = done.stdout.splitlines()
        self.assertEqual(done.returncode, 0)
        self.assertIn("bad_act", answers[0])
        self.assertIn('"ok":true', answers[-1].replace(" ", ""))

    def test_play_stops_when_nobody_hears_the_answers(self):
        till = self.till()
        acts = '{"scan":"8850999320014"}\n{"tender":{"cash":"exact"}}\n' * 50
        with open("/dev/full", "w") as full:
            import subprocess

            from harness import BIN
            done = subprocess.run([str(BIN / "evertillctl"), "--data-dir", str(till.path), "play", "-"], input=acts,
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertLessEqual(len(till.json("receipt", "list")["receipts"]), 1)

    def test_play_of_what_is_no_file(self):
        till = self.till()
        self.refused(till.ctl("play", self.dir, check=False), str(self.dir))
        self.refused(till.ctl("play", self.dir / "missing", check=False), "missing")

    def test_a_file_of_which_no_row_serves_is_a_failure(self):
        till = self.till()
        self.assertEqual(self.importing(till, "barcode,name,price\n1,A,-1.00\n2,B,x\n").returncode, 1)

    def test_one_phone_is_one_member_however_it_is_written(self):
        till = self.till()
        till.ctl("member", "enrol", "--name", "A", "--phone", "081-234-5678")
        self.refused(till.ctl("member", "enrol", "--name", "B", "--phone", "+66812345678", check=False), "phone_taken")
        self.assertEqual(till.play({"member": "0066 81 234 5678"})[0]["member"]["name"], "A")

    def test_doctor_says_what_to_do(self):
        self.refused(run("evertillctl", "--data-dir", self.dir / "none", "doctor", check=False), "init")
        till = self.till(catalogue=None)
        done = till.ctl("doctor", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("catalogue import", done.stdout)

    def test_sql_in_a_barcode_is_a_barcode(self):
        till = self.till()
        before = self.products(till)
        for hostile in ("'; DROP TABLE product; --", '" OR 1=1 --', "%", "_", "1' OR '1'='1", "\\", "名前"):
            self.assertEqual(till.play({"scan": hostile})[0]["error"]["code"], "unknown_barcode", hostile)
            self.assertIn(till.play({"search": hostile})[0]["ok"], (True, False))
        self.assertEqual(self.products(till), before)

    def test_one_data_directory_is_one_till(self):
        till = self.till()
        session = till.session()
        self.assertTrue(session.do({"state": True})["ok"])
        self.refused(till.ctl("play", "-", stdin="", check=False), str(till.path))
        session.kill()
        till.play({"state": True})

    def test_a_newer_database_is_left_alone(self):
        till = self.till()
        with sqlite3.connect(till.path / "till.db") as db:
            db.execute("PRAGMA user_version = 9999")
            db.execute("INSERT INTO schema_history VALUES (9999, 9999, 'later', 0)")
        db.close()
        before = (till.path / "till.db").read_bytes()
        self.refused(till.ctl("play", "-", stdin="", check=False), "till.db")
        self.assertEqual((till.path / "till.db").read_bytes(), before)

    def test_printer_absent_the_sale_stays(self):
        till = self.till()
        receipt = till.sell("8850999320014")["receipt"]
        self.refused(till.ctl("receipt", "print", receipt, "--to", "tcp://127.0.0.1:1", check=False), "127.0.0.1")
        self.refused(till.ctl("receipt", "print", "L03-999999", "--to", "tcp://127.0.0.1:1", check=False), "L03-999999")
        self.refused(till.ctl("receipt", "print", receipt, "--to", "carrier-pigeon:7", check=False), "carrier-pigeon")
        self.assertEqual(len(till.json("receipt", "list")["receipts"]), 1)

    def test_cashiers_sign_in_with_their_pin_only(self):
        till = self.till(unattended=None)
        pin = self.dir / "pin"
        pin.write_text("4711\n")
        till.ctl("cashier", "add", "nok", "--role", "cashier", "--pin-file", pin)
        self.refused(till.ctl("cashier", "add", "nok", "--role", "cashier", "--pin-file", pin, check=False), "nok")
        self.refused(till.ctl("cashier", "add", "x", "--role", "emperor", "--pin-file", pin, check=False), "emperor",
                     code=2)
        answers = till.play({"scan": "8850999320014"}, {"sign_in": {"cashier": "nok", "pin": "0000"}},
                            {"sign_in": {"cashier": "nok", "pin": "4711"}}, {"open_shift": {"float": "1000.00"}},
                            {"scan": "8850999320014"}, {"tender": {"cash": "exact"}})
        self.assertEqual([a.get("error", {}).get("code") for a in answers],
                         ["not_signed_in", "wrong_pin", None, None, None, None])
        self.assertNotIn("4711", till.ctl("journal", "export").stdout)

    def test_a_full_disk_is_said_and_loses_nothing(self):
        """The file size limit stands in for a full disk: the write fails in the same place with the same effect."""
        till = self.till()
        till.sell("8850999320014")
        kept = till.json("receipt", "list")["receipts"]
        import resource
        import subprocess

        from harness import BIN

        size = max(path.stat().st_size for path in till.path.glob("till.db*"))
        acts = '{"scan":"8850999320014"}\n{"tender":{"cash":"exact"}}\n' * 400

        def limit():
            import signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))

        done = subprocess.run([str(BIN / "evertillctl"), "--data-dir", str(till.path), "play", "-"], input=acts,
                              capture_output=True, text=True, preexec_fn=limit, timeout=120)
        saved = done.stdout.count('"receipt":"L03-')
        self.assertIn('"ok":false', done.stdout, "the limit was never reached")
        after = till.json("receipt", "list")["receipts"]
        self.assertEqual(len(after) - len(kept), saved, "what was said saved is what is there")
        till.ctl("journal", "verify")
        till.sell("8850999320014")

    def test_keys_are_for_the_owner_only(self):
        till = self.till()
        for key in (till.path / "keys").iterdir():
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600, key)

    def test_personal_data_is_sealed_on_disk(self):
        till = self.till()
        till.play({"enrol": {"name": "Xylophonius Quagmire", "phone": "0899998877"}})
        till.sell("8850999320014", member="0899998877")
        for path in till.path.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                self.assertNotIn(b"Xylophonius", data, path)
                self.assertNotIn(b"0899998877", data, path)


if __name__ == "__main__":
    unittest.main()
