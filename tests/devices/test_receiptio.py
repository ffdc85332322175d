"""npm's receiptio, a host by somebody else, prints through the printer simulator and judges its answers."""

import os
import random
import unittest

from devices_harness import TestCase, need, npm_package, run

RECEIPT = """^^^Coffee House

Espresso | 60.00
Croissant | 45.00
---
^TOTAL | ^105.00

{code:S01-L03-000123; option:qrcode,4,l}
"""


class Receiptio(TestCase):
    def setUp(self):
        super().setUp()
        self.cli = npm_package("receiptio") / "bin" / "cli.js"
        # It speaks to port 9100 only: each run has an address of this machine's own.
        self.host = f"127.{random.randint(1, 254)}.{os.getpid() % 254 + 1}.{random.randint(2, 254)}"

    def receiptio(self, *args, source=RECEIPT, timeout=40):
        """What it says the print came to."""
        command = [need("node", "nodejs"), self.cli, "-d", self.host, *args]
        return run(*command, stdin=source, check=False, timeout=timeout).stderr.strip()

    def test_prints_and_reports_success(self):
        printer = self.printer(listen=f"{self.host}:9100")
        self.assertEqual(self.receiptio("-p", "epson"), "success")
        job = printer.wait_jobs(1)[0]
        self.assertEqual(job["cuts"], 1)


if __name__ == "__main__":
    unittest.main()
