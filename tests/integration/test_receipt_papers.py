"""A sale's paper on the screen: as text, picture and page, by the shop's own templates, and as a tax invoice."""

from harness import TestCase


class ReceiptPapers(TestCase):
    def setUp(self):
        super().setUp()
        self.shop = self.till()
        self.shop.play({"scan": "8850999320014"}, {"tender": {"cash": "100.00"}})
        self.number = self.shop.ctl("receipt", "list").stdout.split()[0]

    def show(self, *args, check=True):
        return self.shop.ctl("receipt", "show", self.number, *args, check=check)

    def tell(self, text):
        with open(self.shop.path / "till.toml", "a", encoding="utf-8") as file:
            file.write(text)

    def test_text_png_and_pdf(self):
        text = self.show("--text").stdout
        self.assertIn(self.number, text)
        self.assertIn("49.75", text)
        narrow = self.show("--text", "--paper", "58").stdout
        self.assertLess(max(len(line) for line in narrow.splitlines()), max(len(line) for line in text.splitlines()))
        png, pdf = self.dir / "r.png", self.dir / "r.pdf"
        self.show("--png", png, "--pdf", pdf)
        self.assertEqual(png.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(pdf.read_bytes()[:5], b"%PDF-")
        refused = self.show("--png", self.dir / "no" / "such" / "r.png", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("render_image_unwritable", refused.stderr)

    def test_a_gift_receipt_tells_no_price_and_is_no_copy(self):
        gift = self.show("--template", "gift").stdout
        self.assertIn(self.number, gift)
        self.assertNotIn("49.75", gift)
        out = self.dir / "printer.bin"
        self.shop.ctl("receipt", "print", self.number, "--template", "gift", "--to", f"file:{out}")
        self.assertGreater(out.stat().st_size, 1000)
        self.assertNotIn(b"\x1bp", out.read_bytes(), "a gift receipt opens no drawer")

    def test_a_shops_own_template(self):
        folder = self.shop.path / "receipts"
        folder.mkdir()
        (folder / "gift.toml").write_text('parts = [ { kind = "text", text = "ของขวัญจาก {shop.name}" } ]', encoding="utf-8")
        self.assertIn("ของขวัญจาก", self.show("--template", "gift").stdout)
        (folder / "gift.toml").write_text('parts = [\n { kind = "text", text = "{shpo.name}" } ]', encoding="utf-8")
        done = self.show("--template", "gift")
        self.assertIn("gift.toml line 2: unknown field {shpo.name}", done.stderr)
        self.assertIn(self.number, done.stdout, "the built-in one is shown in its place")

    def test_a_tax_invoice_needs_a_seller_and_a_buyer(self):
        def refused(*args):
            done = self.show("--template", "tax-invoice", *args, check=False)
            self.assertEqual(done.returncode, 1)
            return done.stderr

        self.assertIn("tax_id", refused())
        self.assertNotIn("ใบกำกับภาษี", self.show("--text").stdout)
        self.tell('\n[shop]\ntax_id = "0105561234567"\naddress = "1 ถนนสีลม กรุงเทพฯ"\n')
        self.assertIn("--buyer", refused())
        self.assertIn("ใบกำกับภาษีอย่างย่อ", self.show("--text").stdout)
        text = self.show("--template", "tax-invoice", "--buyer", "บริษัท ก จำกัด", "--buyer-address", "2 ถนนสาทร").stdout
        for words in ("ใบกำกับภาษี / ใบเสร็จรับเงิน", "ผู้ซื้อ บริษัท ก จำกัด", "2 ถนนสาทร", "0105561234567"):
            self.assertIn(words, text)

    def test_samples_of_every_paper(self):
        for paper in ("sale", "refund", "copy", "gift", "tax-invoice", "x-report", "z-report", "parked", "member-card",
                      "shelf-label"):
            for language in ("en", "th", "vi"):
                self.assertGreater(len(self.shop.ctl("receipt", "sample", paper, "--lang", language).stdout), 80)
        self.assertEqual(self.shop.ctl("receipt", "sample", "poster", check=False).returncode, 2)
