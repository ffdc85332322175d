#!/usr/bin/env python3
"""Every word that the screen shows is there in Thai and Vietnamese: evertill.pot says what the code says, nothing is
untranslated or fuzzy, and translations keep the placeholders and line ends of the English.
`translations.py ROOT`, `translations.py --self-test`."""

import os
import re
import subprocess
import sys

import cpp_source

PLACE = "assets/translations/"
LANGUAGES = ("th", "vi")
PLACEHOLDER = re.compile(r"%[0-9]+|%[sd]|\{[^{}]*\}")  # %1 is how Words fills in


def parse(text):
    """{(context, msgid): entry} of a .po or .pot; an entry has line, msgid, plural, msgstr (list), fuzzy."""
    entries = {}
    entry, field, fuzzy_next = None, None, False

    def finish():
        if entry and entry["msgid"] is not None:
            entries[entry["context"], entry["msgid"]] = entry

    for number, line in enumerate(text.split("\n") + [""], 1):
        if line.startswith("#~"):
            continue
        keyword = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s+"(.*)"$', line)
        if keyword and keyword.group(1) in ("msgid", "msgctxt") and (entry is None or entry["msgstr"]):
            finish()
            entry = {"line": number, "context": None, "msgid": None, "plural": None, "msgstr": [], "fuzzy": fuzzy_next}
            fuzzy_next = False
        if line.startswith("#,"):
            fuzzy_next = "fuzzy" in line
        if keyword:
            name, words = keyword.group(1), unescape(keyword.group(3))
            field = {"msgctxt": "context", "msgid": "msgid", "msgid_plural": "plural"}.get(name, "msgstr")
            if field == "msgstr":
                entry["msgstr"].append(words)
            else:
                entry[field] = words
        elif line.startswith('"') and entry is not None:
            words = unescape(line.strip()[1:-1])
            if field == "msgstr":
                entry["msgstr"][-1] += words
            else:
                entry[field] += words
    finish()
    entries.pop((None, ""), None)
    return entries


def unescape(words):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), words)


def same_shape(english, other):
    """What differs that must not, in words; nothing when all is well."""
    if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(other)):
        return f"placeholders {PLACEHOLDER.findall(other)}, English has {PLACEHOLDER.findall(english)}"
    if english.endswith("\n") != other.endswith("\n"):
        return "one ends with a new line and the other does not"
    if english.strip() and other != other.strip() and english == english.strip():
        return "stray blanks at an end"
    return None


def check_language(path, template, text):
    problems = []
    entries = parse(text)
    for key, wanted in template.items():
        entry = entries.get(key)
        if entry is None:
            problems.append((path, 1, f"missing: \"{key[1]}\""))
        elif entry["fuzzy"]:
            problems.append((path, entry["line"], f"fuzzy: \"{key[1]}\""))
        elif not entry["msgstr"] or not all(entry["msgstr"]):
            problems.append((path, entry["line"], f"untranslated: \"{key[1]}\""))
        else:
            english = wanted["plural"] or wanted["msgid"]
            for words in entry["msgstr"]:
                difference = same_shape(english, words)
                if difference:
                    problems.append((path, entry["line"], f"{difference}: \"{key[1]}\""))
    return problems


def check(root):
    template = parse(cpp_source.read(root, PLACE + "evertill.pot"))
    problems = []
    run = subprocess.run([os.path.join(root, "packaging/update-translations"), "--check"], capture_output=True, text=True,
                         check=False)
    if run.returncode != 0:
        print(run.stdout + run.stderr)
        problems.append((PLACE + "evertill.pot", 1, "out of date: run packaging/update-translations"))
    for language in LANGUAGES:
        path = PLACE + language + ".po"
        problems += check_language(path, template, cpp_source.read(root, path))
    return problems


HEADER = 'msgid ""\nmsgstr ""\n"Language: th\\n"\n\n'
TEMPLATE = HEADER + ('msgid "Pay %1"\nmsgstr ""\n\nmsgid "%1 item"\nmsgid_plural "%1 items"\nmsgstr[0] ""\nmsgstr[1] ""\n')
GOOD = HEADER + 'msgid "Pay %1"\nmsgstr ""\n"จ่าย "\n"%1"\n\nmsgid "%1 item"\nmsgid_plural "%1 items"\nmsgstr[0] "%1 ชิ้น"\n'
PLANTED = [
    (GOOD, 0),
    (GOOD.replace("ชิ้น", ""), 1),
    (GOOD.replace('"%1 ชิ้น"', '""'), 1),
    (GOOD.replace('"%1"\n\n', '"%2"\n\n'), 1),
    (GOOD.replace('msgid "Pay', '#, fuzzy\nmsgid "Pay'), 1),
    (HEADER, 2),
    (GOOD.replace("จ่าย ", " จ่าย "), 1),
]


def self_test():
    wrong = 0
    for text, expected in PLANTED:
        problems = check_language("x.po", parse(TEMPLATE), text)
        if len(problems) != expected:
            print(f"expected {expected} problems, found {problems} in {text!r}")
            wrong += 1
    print(f"translations: {len(PLANTED) - wrong} of {len(PLANTED)} planted cases as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: translations.py ROOT | --self-test")
    sys.exit(self_test() if sys.argv[1] == "--self-test" else cpp_source.report(check(sys.argv[1]), "translations"))
