#!/usr/bin/env python3
"""The demo shop's files are right: columns, check digits, duplicates, prices, tax codes, names in three languages, and
shifts that sell only what the shop has. `demo_catalogue.py ROOT`, `demo_catalogue.py --self-test`."""

import csv
import io
import json
import os
import re
import sys
import unicodedata

import cpp_source

HEADER = "barcode,name,price,name_en,name_th,name_vi,sku,category,tax,unit,min_age".split(",")
# File: (price as that currency writes it, tax codes, minimum ages, shift that goes with it)
SHOPS = {
    "catalogue.csv": (r"[1-9][0-9]*\.[0-9]{2}", {"VAT7", "EXEMPT"}, {"", "20"}, "shift.jsonl"),
    "catalogue-vnd.csv": (r"[1-9][0-9]*00", {"VAT8", "VAT10", "EXEMPT"}, {"", "18"}, "shift-vnd.jsonl"),
}
THAI = re.compile("[\u0e00-\u0e7f]")
ACTS = {"scan", "qty", "line", "member", "enrol", "tender", "search", "state"}
PLACE = "assets/demo/"


def check_digit_is_right(code):
    if not re.fullmatch(r"[0-9]{13}", code):
        return False
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(code[:12]))
    return (10 - total % 10) % 10 == int(code[12])


def check_row(row, price, taxes, ages):
    """What is wrong with one row, in words."""
    code = row["barcode"]
    if not check_digit_is_right(code):
        yield f"barcode {code}: not 13 digits with the right check digit"
    if row["unit"] not in ("each", "kg"):
        yield f"unit {row['unit']}"
    if (row["unit"] == "kg") != bool(re.fullmatch(r"21[0-9]{5}00000[0-9]", code)):
        yield f"barcode {code}: in-store codes 21ppppp00000c are for what is sold by weight, and only for that"
    if row["unit"] != "kg" and not code.startswith(("885", "893")):
        yield f"barcode {code}: neither Thailand's 885 nor Vietnam's 893"
    if not re.fullmatch(price, row["price"]):
        yield f"price {row['price']}: not as this currency is written"
    if row["tax"] not in taxes:
        yield f"tax {row['tax']}"
    if row["min_age"] not in ages:
        yield f"min_age {row['min_age']}"
    restricted = row["category"] in ("Tobacco", "Beer, wine and spirits")
    if restricted != bool(row["min_age"]):
        yield f"min_age {row['min_age'] or 'missing'} in {row['category']}"
    if not THAI.search(row["name_th"]):
        yield f"name_th '{row['name_th']}' is not Thai"
    if THAI.search(row["name_en"]) or THAI.search(row["name_vi"]):
        yield "Thai letters in another language's name"
    for column in ("name", "name_en", "name_th", "name_vi", "sku", "category"):
        if not row[column] or row[column] != row[column].strip() or "  " in row[column]:
            yield f"{column} is empty or has stray blanks"
        if unicodedata.normalize("NFC", row[column]) != row[column]:
            yield f"{column} is not in Unicode's composed form (NFC)"
    if row["name"] not in (row["name_en"], row["name_th"], row["name_vi"]):
        yield "name is none of the three languages' names"


def check_catalogue(path, text, price, taxes, ages):
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != HEADER:
        return [(path, 1, f"header {reader.fieldnames}")], {}
    problems, rows, seen = [], {}, {}
    for line, row in enumerate(reader, 2):
        if None in row or None in row.values():
            problems.append((path, line, "not as many columns as the header"))
            continue
        problems += [(path, line, words) for words in check_row(row, price, taxes, ages)]
        for column in ("barcode", "sku", "name", "name_en", "name_th", "name_vi"):
            if (column, row[column]) in seen:
                problems.append((path, line, f"{column} {row[column]} is also on line {seen[column, row[column]]}"))
            seen[column, row[column]] = line
        rows[row["barcode"]] = row
    return problems, rows


def check_shift(path, text, rows):
    problems, sales = [], 0
    for line, words in enumerate(text.splitlines(), 1):
        try:
            act = json.loads(words)
        except json.JSONDecodeError as error:
            problems.append((path, line, str(error)))
            continue
        if not set(act) <= ACTS:
            problems.append((path, line, f"act {sorted(set(act) - ACTS)}"))
        if "scan" in act and act["scan"] not in rows:
            problems.append((path, line, f"scans {act['scan']}, which the shop does not have"))
        elif "scan" in act and (rows[act["scan"]]["min_age"] or rows[act["scan"]]["unit"] == "kg"):
            problems.append((path, line, "sells what needs an age or a weight, with nobody there to ask"))
        sales += "tender" in act
    if sales < 10:
        problems.append((path, 1, f"only {sales} sales"))
    return problems


def check(root):
    problems = []
    for name, (price, taxes, ages, shift) in SHOPS.items():
        found, rows = check_catalogue(PLACE + name, cpp_source.read(root, PLACE + name), price, taxes, ages)
        problems += found
        if len(rows) < 200 or sum(row["unit"] == "kg" for row in rows.values()) < 12:
            problems.append((PLACE + name, 1, "fewer than 200 products or 12 by weight"))
        problems += check_shift(PLACE + shift, cpp_source.read(root, PLACE + shift), rows)
    return problems


GOOD = "8850999320014,Nước mắm,429.00,Fish sauce,น้ำปลา,Nước mắm,A-1,Sauces,VAT7,each,"
PLANTED = [
    (GOOD, 0),
    (GOOD.replace("20014", "20015"), 1),
    (GOOD.replace("429.00", "429.0"), 1),
    (GOOD.replace("429.00", "-4.00"), 1),
    (GOOD.replace("VAT7", "VAT9"), 1),
    (GOOD.replace("each", "box"), 1),
    (GOOD.replace("น้ำปลา", "Nam pla"), 1),
    (GOOD.replace("Sauces", "Tobacco"), 1),
    (GOOD + ",extra", 1),
    (GOOD + "\n" + GOOD, 6),
]


def self_test():
    wrong = 0
    for rows, expected in PLANTED:
        problems, _ = check_catalogue("x", ",".join(HEADER) + "\n" + rows + "\n", *SHOPS["catalogue.csv"][:3])
        if len(problems) != expected:
            print(f"expected {expected} problems in {rows!r}, found {problems}")
            wrong += 1
    if len(check_shift("x", '{"scan":"1"}\n{"dance":1}\n{\n', {})) != 4:
        print("a bad shift is not found")
        wrong += 1
    print(f"demo_catalogue: {len(PLANTED) + 1 - wrong} of {len(PLANTED) + 1} planted cases as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: demo_catalogue.py ROOT | --self-test")
    sys.exit(self_test() if sys.argv[1] == "--self-test" else cpp_source.report(check(sys.argv[1]), "demo_catalogue"))
