"""A catalogue of 808,096 real products where it is at hand, one made from a seed otherwise: imported, found, sold."""

import os
import pathlib
import random
import sqlite3
import time
import unittest

from harness import SOURCE, TestCase

REAL = SOURCE.parent / "shared" / "data" / "openfoodfacts-2019.csv.xz"
PRODUCTS = 808_096


def check_digit(digits):
    return str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))) % 10)


def made_catalogue(path, seed=1):
    rng = random.Random(seed)
    words = "milk rice ข้าว นม tea cà phê fish sauce nước mắm soap bread water cookie".split()
    with open(path, "w", encoding="utf-8") as file:
        file.write("barcode,name\n")
        for number in range(PRODUCTS):
            digits = f"{885000000000 + number * 7:012}"
            file.write(f"{digits}{check_digit(digits)},{' '.join(rng.sample(words, 3))} {number}\n")


class Catalogue(TestCase):
    def test_the_whole_catalogue_is_imported_and_sold_from(self):
        till = self.till(catalogue=None)
        file = REAL
        if not REAL.exists():
            file = self.dir / "made.csv"
            made_catalogue(file)
        started = time.monotonic()
        done = till.ctl("catalogue", "import", file, timeout=300)
        print(f"imported in {time.monotonic() - started:.1f} s")
        self.assertIn("808096", done.stdout.replace(",", "").replace(".", ""))
        with sqlite3.connect(f"file:{till.path / 'catalogue.db'}?mode=ro", uri=True) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM product").fetchone()[0], PRODUCTS)
            codes = [row[0] for row in db.execute("SELECT barcode FROM product WHERE rowid % 40000 = 7")]
        answers = till.play(*[{"scan": code} for code in codes], {"tender": {"cash": "exact"}})
        self.assertTrue(all(answer["ok"] for answer in answers), answers[-1])
        self.assertEqual(len(answers[-1]["lines"]), len(codes))
        # The documented rule for a missing price: 5.00 + 0.25 × (the digits mod 1980).
        for line in answers[-1]["lines"]:
            minor = 500 + 25 * (int(line["barcode"]) % 1980)
            self.assertEqual(line["unit_price"], f"{minor // 100}.{minor % 100:02}")
        found = till.play({"search": "milk"})[-1]["found"]
        self.assertGreaterEqual(len(found), 10)

    def test_codes_are_compared_as_written(self):
        till = self.till(catalogue="barcode,name,price\n00012345678905,Case of twelve,120.00\n012345678905,One,10.00\n"
                                   "21000010,Short in-store code,5.00\n2100001008426,Not a weight,7.00\n")
        answers = till.play({"scan": "00012345678905"}, {"scan": "012345678905"}, {"scan": "2100001008426"},
                            {"scan": "21000010"})
        self.assertEqual([line["name"] for line in answers[-1]["lines"]],
                         ["Case of twelve", "One", "Not a weight", "Short in-store code"])

    def test_loyverse_export(self):
        header = ("Handle,SKU,Name,Category,Description,Sold by weight,Option 1 name,Option 1 value,Option 2 name,"
                  "Option 2 value,Option 3 name,Option 3 value,Cost,Barcode,SKU of included item,Quantity of included "
                  "item,Track stock,Available for sale [Main Store],Price [Main Store],In stock [Main Store],"
                  "Low stock [Main Store]\n")
        till = self.till(catalogue=None)
        file = self.dir / "items.csv"
        file.write_text(header +
                        "water,10001,Water,Drinks,,N,,,,,,,5.00,8850999320014,,,N,Y,14.00,,\n"
                        "shirt,10002,T-shirt,Clothes,,N,Size,S,,,,,50.00,4006381333931,,,N,Y,199.00,,\n"
                        "shirt,10003,,,,N,Size,M,,,,,50.00,4006381333948,,,N,Y,209.00,,\n"
                        "banana,10004,Banana,Fruit,,Y,,,,,,,20.00,2000001000007,,,N,Y,45.00,,\n", encoding="utf-8")
        till.ctl("catalogue", "import", file)
        answers = till.play({"scan": "8850999320014"}, {"scan": "4006381333948"}, {"scan": "2000001000007"},
                            {"qty": "0.842"})
        lines = answers[-1]["lines"]
        self.assertEqual([line["unit_price"] for line in lines], ["14.00", "209.00", "45.00"])
        self.assertIn("T-shirt", lines[1]["name"])
        self.assertIn("M", lines[1]["name"])
        self.assertEqual(lines[2]["total"], "37.89")

    def test_search_in_three_languages_and_without_diacritics(self):
        till = self.till(catalogue="barcode,name,price\n1,นมสดพาสเจอร์ไรส์ เมจิ,49.75\n2,Cà phê sữa đá,35.00\n"
                                   "3,Fresh milk,30.00\n4,ข้าวหอมมะลิ หงษ์ทอง,199.00\n")

        def found(text):
            return [hit["barcode"] for hit in till.play({"search": text})[-1].get("found", [])]

        self.assertEqual(found("นม"), ["1"])
        self.assertEqual(found("ca phe"), ["2"])
        self.assertEqual(found("sua da"), ["2"])
        self.assertEqual(found("CÀ PHÊ"), ["2"])
        self.assertEqual(found("mil"), ["3"])
        self.assertEqual(found("หอมมะลิ"), ["4"])
        self.assertEqual(found("zzz"), [])


if __name__ == "__main__":
    unittest.main()
