"""Jobs that an encoder by somebody else makes (npm's receipt-printer-encoder) are understood by the printer simulator:
what it draws and what it says that it drew is not only what our own encoder sends."""

import base64
import socket
import unittest

from devices_harness import TestCase, need, node, npm_package, run

ENCODE = """
const Encoder = require('@point-of-sale/receipt-printer-encoder');
const encoder = new (Encoder.default || Encoder)({language: 'esc-pos', columns: 48});
const job = encoder.initialize()
  .codepage('cp437').text('caf\\u00e9 ').bold(true).text('bold').bold(false).newline()
  .align('right').line('105.00').align('left')
  .qrcode('S01-L03-000123', {model: 2, size: 6, errorlevel: 'm'})
  .barcode('4006381333931', 'ean13', {height: 60, width: 2, text: true})
  .barcode('96385074', 'ean8', {height: 60, width: 2})
  .barcode('EVERTILL-42', 'code128', {height: 60, width: 2})
  .barcode('CODE 39', 'code39', {height: 60, width: 2})
  .pulse(0, 100, 500)
  .cut('partial')
  .encode();
process.stdout.write(Buffer.from(job).toString('base64'));
"""


class ForeignJobs(TestCase):
    def test_are_understood(self):
        npm_package("@point-of-sale/receipt-printer-encoder")
        encoded = base64.b64decode(node(ENCODE).stdout)
        printer = self.printer()
        with socket.create_connection((printer.host, printer.port)) as host:
            host.sendall(encoded)
        job = printer.wait_jobs(1)[0]
        self.assertEqual(job.bytes, encoded)
        self.assertEqual(job["unknown_commands"], [])
        self.assertEqual((job["cuts"], job["pulses"], job["real_time_commands"]), (1, 1, 0))
        self.assertEqual([line.strip() for line in job["text"][:2]], ["café bold", "105.00"])
        self.assertEqual([(code["kind"], code["text"]) for code in job["codes"]], [
            ("qr", "S01-L03-000123"), ("ean13", "4006381333931"), ("ean8", "96385074"),
            ("code128", "EVERTILL-42"), ("code39", "CODE 39")])
        # And what was drawn is what a reader sees.
        scanned = run(need("zbarimg", "zbar-tools"), "-q", "--raw", job.png).stdout.splitlines()
        self.assertEqual(sorted(scanned), sorted(code["text"] for code in job["codes"]))


if __name__ == "__main__":
    unittest.main()
