"""npm's receiptio, a host by somebody else, prints through the printer simulator and judges its answers."""

import os
import random
import subprocess
import threading
import unittest

from devices_harness import TestCase, need, npm_package, run, wait_for

RECEIPT = """^^^Coffee House

Espresso | 60.00
Croissant | 45.00
---
^TOTAL | ^105.00

{code:S01-L03-000123; option:qrcode,4,l}
{code:4006381333931; option:ean,2,72,hri}
"""

LONG_RECEIPT = "".join(f"Article {number} | {number}.00\n" for number in range(60))


class Receiptio(TestCase):
    def setUp(self):
        super().setUp()
        self.cli = npm_package("receiptio") / "bin" / "cli.js"
        # It speaks to port 9100 only: each run has an address of this machine's own.
        self.host = f"127.{random.randint(1, 254)}.{os.getpid() % 254 + 1}.{random.randint(2, 254)}"

    def at_9100(self, *args, **kwargs):
        return self.printer(*args, listen=f"{self.host}:9100", **kwargs)

    def receiptio(self, *args, source=RECEIPT, timeout=40):
        """What it says the print came to."""
        command = [need("node", "nodejs"), self.cli, "-d", self.host, *args]
        return run(*command, stdin=source, check=False, timeout=timeout).stderr.strip()

    def test_prints_and_reports_success(self):
        printer = self.at_9100()
        self.assertEqual(self.receiptio("-p", "epson"), "success")
        job = printer.wait_jobs(1)[0]
        self.assertEqual(job["cuts"], 1)
        self.assertEqual(job["pulses"], 0)
        self.assertEqual(job["unknown_commands"], [])
        self.assertIn("Espresso 60.00", job["text"])
        self.assertIn({"kind": "ean13", "text": "4006381333931"}, job["codes"])
        scanned = run(need("zbarimg", "zbar-tools"), "-q", "--raw", job.png).stdout.split()
        self.assertEqual(sorted(scanned), ["4006381333931", "S01-L03-000123"])

    def test_finds_out_by_itself_what_printer_it_is(self):
        printer = self.at_9100("--model", "tm-t88v")
        self.assertEqual(self.receiptio(), "success")
        # It asked for the maker and the model, and went on as it does with an Epson.
        self.assertIn(b"\x1dI\x42\x1dI\x43", printer.wait_jobs(1)[0].bytes)

    def test_reports_a_printer_without_paper(self):
        printer = self.at_9100()
        printer.do("paper out")
        self.assertEqual(self.receiptio("-p", "epson"), "paperempty")
        self.assertEqual(self.receiptio("-q"), "paperempty")
        self.assertEqual(printer.jobs(), [])
        printer.do("paper ok")
        self.assertEqual(self.receiptio("-q"), "online")
        self.assertEqual(self.receiptio("-p", "epson"), "success")

    def test_reports_paper_that_runs_out_amid_a_receipt(self):
        printer = self.at_9100("--speed", "200")
        printer.do("paper left 80")
        self.assertEqual(self.receiptio("-p", "epson", source=LONG_RECEIPT), "paperempty")
        self.assertEqual(printer.jobs(), [])
        # What it had sent waits in the printer, and comes out when there is paper: no host must send it again.
        printer.do("paper ok")
        job = printer.wait_jobs(1)[0]
        self.assertIn("Article 59 59.00", job["text"])
        self.assertEqual(job["cuts"], 1)

    def test_reports_an_open_cover(self):
        printer = self.at_9100()
        printer.do("cover open")
        self.assertEqual(self.receiptio("-p", "epson"), "coveropen")
        printer.do("cover closed")
        self.assertEqual(self.receiptio("-p", "epson"), "success")

    def test_reports_a_cover_that_opens_amid_a_receipt(self):
        printer = self.at_9100("--speed", "50")
        opening = threading.Thread(
            target=lambda: wait_for(lambda: printer.status()["printed_mm"] > 20 and printer.do("cover open"), "paper"))
        opening.start()
        said = self.receiptio("-p", "epson", source=LONG_RECEIPT)
        opening.join()
        self.assertEqual(said, "coveropen")

    def test_reports_a_jammed_cutter(self):
        printer = self.at_9100()
        printer.do("cutter error")
        self.assertEqual(self.receiptio("-p", "epson"), "error")

    def test_reports_the_drawer(self):
        printer = self.at_9100("--drawer-open-low")  # as receiptio takes it to be wired
        self.assertEqual(self.receiptio("-q", "drawer"), "drawerclosed")
        printer.do("drawer open")
        self.assertEqual(self.receiptio("-q", "drawer"), "draweropen")

    def test_reports_a_connection_that_breaks_or_is_refused(self):
        self.assertEqual(self.receiptio("-p", "epson"), "disconnect")
        self.at_9100("--drop-after", "200")
        self.assertEqual(self.receiptio("-p", "epson"), "disconnect")

    def test_reports_a_printer_that_answers_too_late(self):
        printer = self.at_9100("--late", "60000")
        self.assertEqual(self.receiptio("-p", "epson", "-t", "2"), "timeout")
        self.assertEqual(printer.wait_jobs(1)[0]["cuts"], 1)

    def test_prints_through_a_serial_line(self):
        printer = self.printer("--model", "tm-t88v", "--serial-xonxoff", serial=str(self.dir / "ttyPRINTER"))
        bridge = subprocess.Popen(
            [need("socat"), f"TCP-LISTEN:9100,bind={self.host},reuseaddr",
             f"OPEN:{self.dir / 'ttyPRINTER'},raw,echo=0,b115200,ixon=1"], stderr=subprocess.DEVNULL)
        self.addCleanup(bridge.wait)
        self.addCleanup(bridge.kill)
        said = wait_for(lambda: (said := self.receiptio("-p", "epson", source=LONG_RECEIPT)) != "disconnect" and said,
                        "socat")
        self.assertEqual(said, "success")
        self.assertIn("Article 59 59.00", printer.wait_jobs(1)[0]["text"])
        self.assertEqual(printer.status()["lost"], 0)


class Simulators(TestCase):
    def test_end_in_peace(self):
        printer = self.printer(serial=str(self.dir / "ttyPRINTER"))
        printer.do("paper out")
        self.assertTrue(printer.stop())
        self.assertFalse((self.dir / "ttyPRINTER").is_symlink())

    def test_take_commands_on_standard_input(self):
        printer = self.printer()
        printer.process.stdin.write("cover open\nnonsense\n")
        printer.process.stdin.flush()
        self.assertIn('"cover":"open"', printer.line())
        self.assertIn('"ok":false', printer.line())
        printer.process.stdin.close()
        self.assertFalse(printer.status()["online"])


if __name__ == "__main__":
    unittest.main()
