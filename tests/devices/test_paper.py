"""What the encoder makes, judged by programs of others: zbarimg and ZXingReader decode the codes, zint draws the same
bars, npm's receipt-printer-encoder writes the same bytes, tesseract reads three languages."""

import re
import subprocess
import unicodedata
import unittest

from devices_harness import BIN, TestCase, need, node, npm_package, run

SAMPLE = BIN.parent / "tests" / "sample_bytes"
DRAWN = ("generic-80", "generic-58")
NATIVE = ("epson-tm-t88", "epson-tm-t20", "xprinter-xp-80", "xprinter-xp-58", "star-escpos")
WIDTH = {"generic-58": 384, "xprinter-xp-58": 384, "epson-tm-t88": 512}
LINK = "https://hq.baan-suan.example/r#L03-000123.k7Qe2mXw9TzP4vB1nHs6cA"
LONG = LINK + "." + "0123456789abcdefghijKLMNOPQRSTUVWXYZ-_" * 6
CODES = {"qr": LINK, "code128": "S01-L03-000123", "ean13": "8850999220017", "ean8": "96385074"}

READ_ALOUD = [
    "ใบเสร็จรับเงินและใบกำกับภาษีอย่างย่อ",
    "นมสดพาสเจอร์ไรซ์ รสจืด",
    "น้ำปลาแท้ ตราปลาหมึก",
    "กุ้งแห้งป่น ข้าวหอมมะลิใหม่",
    "ขอบคุณที่อุดหนุน โอกาสหน้าเชิญใหม่",
    "Cà phê sữa đá hòa tan",
    "Nước mắm Phú Quốc thượng hạng",
    "Cảm ơn quý khách, hẹn gặp lại",
    "Bánh mì thịt nướng đặc biệt",
    "Tổng cộng đã bao gồm thuế giá trị gia tăng",
    "ส่วนลดโปรโมชั่น ราคารวมภาษีมูลค่าเพิ่มแล้ว",
    "เปลี่ยนหรือคืนสินค้าได้ภายในเจ็ดวัน",
    "Points are confirmed by head office",
    "Fresh milk, pasteurised, unsweetened",
    "Thank you for shopping with us",
    "Exchange within seven days with this receipt",
]


def encoded(profile, *elements):
    done = subprocess.run([SAMPLE, profile, *elements], capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return done.stdout


def distance(one, other):
    """Levenshtein's, by rows."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def raster_rows(data):
    """The rows of the first band, as strings of 0 and 1."""
    at = data.index(b"\x1dv0\0")
    width, rows = data[at + 4] + 256 * data[at + 5], data[at + 6] + 256 * data[at + 7]
    body = data[at + 8:at + 8 + width * rows]
    return ["".join(f"{byte:08b}" for byte in body[y * width:(y + 1) * width]) for y in range(rows)]


class Paper(TestCase):
    def paper(self, profile, *elements):
        """The picture of what the simulated printer makes of it."""
        job, png = self.dir / "job.bin", self.dir / "job.png"
        job.write_bytes(encoded(profile, *elements))
        run("evertill-devsim", "render", job, "--out", png, "--width", WIDTH.get(profile, 576))
        return png

    def test_every_code_is_read_by_two_readers(self):
        need("zbarimg", "zbar-tools")
        need("ZXingReader", "zxing-cpp-tools")
        for profile in DRAWN + NATIVE:
            for kind, text in CODES.items():
                with self.subTest(profile=profile, kind=kind):
                    png = self.paper(profile, f"{kind}={text}")
                    self.assertEqual(run("zbarimg", "-q", "--raw", png).stdout.strip(), text)
                    self.assertIn(f'"{text}"', run("ZXingReader", png).stdout)

    def test_a_signed_link_is_read_on_narrow_paper_too(self):
        for profile in DRAWN + NATIVE:
            with self.subTest(profile=profile):
                png = self.paper(profile, f"qr={LONG}")
                self.assertIn(f'"{LONG}"', run(need("ZXingReader", "zxing-cpp-tools"), png).stdout)

    def test_zint_draws_the_same_bars(self):
        for kind, digits in (("ean13", "885099922001"), ("ean13", "400638133393"), ("ean8", "9638507"),
                             ("ean13", "590123412345"), ("ean8", "1234567")):
            with self.subTest(digits=digits):
                row = raster_rows(encoded("generic-80", f"{kind}={digits}"))[0]
                bars = row.strip("0")
                modules = 95 if kind == "ean13" else 67
                self.assertEqual(len(bars), 3 * modules)
                dump = run(need("zint"), "-b", "EANX", "-d", digits, "--dump").stdout.split("\n")[0]
                theirs = "".join(f"{int(digit, 16):04b}" for digit in re.sub(r"\s", "", dump)).strip("0")
                self.assertEqual(bars[::3], theirs)

    def test_a_wrong_check_digit_is_refused(self):
        for element in ("ean13=8850999220018", "ean8=96385075", "ean13=12345", "ean13=ABCDEFGHIJKL"):
            with self.assertRaisesRegex(AssertionError, "render_code_unsupported"):
                encoded("generic-80", element)

    def test_npm_writes_the_same_qr_cut_and_pulse(self):
        npm_package("@point-of-sale/receipt-printer-encoder")
        theirs = bytes.fromhex(node("""
            const Module = require('@point-of-sale/receipt-printer-encoder');
            const Encoder = Module.default || Module;
            const hex = e => Buffer.from(e.encode()).toString('hex');
            const fresh = () => new Encoder({language: 'esc-pos', feedBeforeCut: 0, newline: '\\n'});
            console.log([hex(fresh().qrcode('%s', {model: 2, size: 4, errorlevel: 'm'})),
                         hex(fresh().cut('partial')), hex(fresh().cut('full')), hex(fresh().pulse(0, 50, 500))].join('0a0a'));
        """ % LINK).stdout.strip())
        ours = encoded("xprinter-xp-80", f"qr={LINK}")
        commands = re.findall(rb"\x1d\(k(?:..1[ACEQ].{1,2}?(?=\x1d|\x1b)|..1P0[^\x1b\x1d]*)", ours, re.S)
        self.assertEqual(len(commands), 5)
        for command in commands:
            self.assertIn(command, theirs)
        self.assertIn(b"\x1dV\x01", theirs)  # they cut where the paper stands; we let the printer feed to its knife
        self.assertTrue(encoded("generic-80", "cut").endswith(b"\x1dV\x42\x00"))
        pulse = encoded("generic-80", "kick")[-5:]
        self.assertEqual(pulse, b"\x1bp\x00\x19\xfa")
        self.assertIn(pulse, theirs)

    def test_tesseract_reads_three_languages(self):
        png = self.dir / "text.png"
        done = subprocess.run([SAMPLE, "--png", png, *(f"text={line}" for line in READ_ALOUD)], capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        read = run(need("tesseract", "tesseract-ocr"), png, "-", "-l", "tha+vie+eng", "--psm", "6", timeout=150).stdout

        def plain(text):
            return re.sub(r"\s", "", unicodedata.normalize("NFC", text).replace("ํา", "ำ"))

        wanted, found = plain("".join(READ_ALOUD)), plain(read)
        errors = distance(wanted, found)
        self.assertLessEqual(errors / len(wanted), 0.03, f"{errors} of {len(wanted)}: {read}")


if __name__ == "__main__":
    unittest.main()
