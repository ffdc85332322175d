#!/usr/bin/env python3
"""Rules of style that no compiler checks. `style.py ROOT` checks a tree, `style.py --self-test` shows that each rule
finds what it is for. A rule can be lifted for one line by a comment `style: <reason>` on it."""

import os
import re
import sys
import tempfile

import cpp_source

LONGEST_FUNCTION = 70
LONGEST_FILE = 600

# (name, where it holds, where it does not, pattern in code, what to do instead)
CODE_RULES = [
    ("clock", cpp_source.PRODUCT, ("app/base/clock.cpp",),
     r"_clock::now\b|\b(std::)?time\s*\(\s*(nullptr|NULL|0|&)|\b(gettimeofday|clock_gettime|g_get_(real|monotonic)_time)\s*\("
     r"|\bwxDateTime::(Now|UNow)\b|\bwxGetLocalTime|\bwxDateTime::Today\b",
     "ask the injected base::Clock"),
    ("random", cpp_source.PRODUCT, ("app/base/random.cpp",),
     r"\bstd::(random_device|mt19937|rand|srand)\b|(?<![\w:.>])s?rand\s*\(|\bRAND_bytes\b|\bgetrandom\s*\(",
     "ask the injected base::Random"),
    ("float", ("app/domain", "app/loyalty"), (), r"\b(float|double)\b", "amounts and quantities are exact integers"),
    ("source_location", cpp_source.EVERYWHERE, (), r"std::source_location|<source_location>",
     "clang 14 cannot read it"),
    ("views", cpp_source.EVERYWHERE, (), r"std::(ranges::)?views\b|std::ranges::view", "clang 14 cannot read it"),
    ("using", cpp_source.PRODUCT, (), r"^\s*using\s+namespace\s+(?!.*literals)", "name what you use"),
    ("unchecked", cpp_source.PRODUCT, (), r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen)\s*\(",
     "unsafe C function"),
    ("sleep", cpp_source.PRODUCT, ("devices/sim/",), r"\bsleep_(for|until)\b|(?<![\w:.>])u?sleep\s*\(",
     "wait for what is to happen (a condition variable, a timer), not for time to pass"),
]

# SQL belongs to the stores and the wrapper.
SQL_ALLOWED = ("app/store/", "app/sqlite/", "sync/server/")
SQL = re.compile(r"^\s*(SELECT\s+\S|INSERT\s+(OR\s+\w+\s+)?INTO\b|REPLACE\s+INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b"
                 r"|CREATE\s+(TEMP\s+)?(TABLE|UNIQUE|INDEX|TRIGGER|VIEW|VIRTUAL)\b|PRAGMA\s+\w|ALTER\s+TABLE\b"
                 r"|DROP\s+(TABLE|INDEX|TRIGGER|VIEW)\b|BEGIN\s+IMMEDIATE\b|WITH\s+\w+.*\bAS\s*\()", re.DOTALL)

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\b(not implemented|unimplemented)\b", re.IGNORECASE)
# What is for now in a comment is unfinished; what is for now on the screen is English.
UNFINISHED_COMMENT = re.compile(UNFINISHED.pattern + r"|\bfor now\b", re.IGNORECASE)
# Paths of one developer's machine have no place in the source.
FORBIDDEN_TEXT = re.compile(r"/wor[k]/|/roo[t]/|/home/\w|\bC:\\\\")


def starts_with(path, prefixes):
    return any(path == p or path.startswith(p.rstrip("/") + "/") for p in prefixes)


def check_file(path, text):
    source = cpp_source.Source(text)
    lines = text.split("\n")
    lifted = {line for line, comment in source.comments if re.search(r"\bstyle: \w", comment)}

    def problem(line, words):
        if line not in lifted:
            problems.append((path, line, words))

    problems = []
    for number, line in enumerate(source.code.split("\n"), 1):
        for name, where, but, pattern, instead in CODE_RULES:
            if starts_with(path, where) and not starts_with(path, but) and re.search(pattern, line):
                problem(number, f"{name}: {instead}")
    if starts_with(path, cpp_source.PRODUCT) and not path.startswith(SQL_ALLOWED):
        for number, literal in source.strings:
            if SQL.match(literal):
                problem(number, "sql: only in the stores (app/store, app/sqlite, sync/server)")
    marks = [(number, UNFINISHED_COMMENT.search(words)) for number, words in source.comments]
    marks += [(number, UNFINISHED.search(words)) for number, words in source.strings]
    for number, match in marks:
        if match:
            problem(number, f"unfinished: '{match.group(0)}': do it, or open an issue")
    for number, line in enumerate(lines, 1):
        if FORBIDDEN_TEXT.search(line):
            problem(number, "path: names a place on one machine")
    for first, last, name in cpp_source.functions(source.code):
        length = sum(line not in source.raw_lines for line in range(first, last + 1))
        if length > LONGEST_FUNCTION:
            problem(first, f"long function: {name} has {length} lines, at most {LONGEST_FUNCTION}")
    if len(lines) - 1 > LONGEST_FILE:
        problem(1, f"long file: {len(lines) - 1} lines, at most {LONGEST_FILE}")
    if not re.fullmatch(r"[a-z0-9_]+\.(h|cpp)", os.path.basename(path)):
        problem(1, "name: files are named in snake_case")
    if path.endswith(".h") and not re.search(r"^#pragma once$", text, re.MULTILINE):
        problem(1, "guard: headers begin with #pragma once")
    return problems


def check_libraries(root):
    """Each folder with a CMake library has a README of at most 15 lines."""
    problems = []
    for path in cpp_source.files(root, cpp_source.PRODUCT, ("CMakeLists.txt",)):
        if "evertill_library(" not in cpp_source.read(root, path):
            continue
        readme = os.path.join(os.path.dirname(path), "README.md")
        if not os.path.exists(os.path.join(root, readme)):
            problems.append((readme, 1, "missing: what the library is for, what goes in, what must not"))
        elif len(cpp_source.read(root, readme).splitlines()) > 15:
            problems.append((readme, 1, "longer than 15 lines"))
    return problems


def check(root):
    problems = check_libraries(root)
    for path in cpp_source.files(root):
        problems += check_file(path, cpp_source.read(root, path))
    return problems


def long_function(lines):
    return "int F(int a) {\n" + "  ++a;\n" * (lines - 3) + "  return a;\n}\n"


# (path, text, the rule that must find it or None)
PLANTED = [
    ("app/store/a.cpp", "auto t = std::chrono::system_clock::now();", "clock"),
    ("app/store/b.cpp", "auto t = time(nullptr);", "clock"),
    ("app/base/clock.cpp", "auto t = std::chrono::steady_clock::now();", None),
    ("app/store/c.cpp", "// system_clock::now() is asked elsewhere\nauto t = clock.Now();", None),
    ("tests/bench/d.cpp", "auto t = std::chrono::steady_clock::now();", None),
    ("app/ui/e.cpp", "auto t = wxDateTime::Now();", "clock"),
    ("app/store/f.cpp", "std::random_device device;", "random"),
    ("app/domain/g.cpp", "double price = 1.5;", "float"),
    ("app/domain/h.cpp", "// no double here\nauto s = \"double\";", None),
    ("app/render/i.cpp", "double width = 1.5;", None),
    ("app/checkout/j.cpp", "Run(\"SELECT name FROM product\");", "sql"),
    ("app/checkout/k.cpp", "Run(R\"sql(\n  INSERT OR IGNORE INTO sale VALUES (?1)\n)sql\");", "sql"),
    ("app/store/l.cpp", "Run(\"SELECT name FROM product\");", None),
    ("app/ui/m.cpp", "Tr(\"Select a product from the list\");", None),
    ("app/ui/n.cpp", "// TO" + "DO: later", "unfinished"),
    ("app/ui/o.cpp", "// Enough for" + " now.", "unfinished"),
    ("app/ui/p.cpp", long_function(71), "long function"),
    ("app/ui/q.cpp", long_function(70), None),
    ("sync/server/qa.cpp", "const char* Page() {\n  return R\"(" + "<p>\n" * 90 + ")\";\n}\n", None),
    ("app/ui/r.cpp", "namespace x {\nclass Y {\n public:\n" + "  int a();\n" * 90 + "};\n}\n", None),
    ("app/ui/s.cpp", "X::X(int a) : b_{a}, c_(a) {\n" + "  ++b_;\n" * 80 + "}\n", "long function"),
    ("app/ui/t.cpp", "int a;\n" * 601, "long file"),
    ("app/ui/u.cpp", "for (auto x : all | std::views::filter(f)) {}", "views"),
    ("app/ui/v.cpp", "void F(std::source_location where);", "source_location"),
    ("app/ui/Frame.cpp", "int a;", "name"),
    ("app/ui/w.h", "int a;", "guard"),
    ("app/ui/x.h", "#pragma once\nusing namespace std;", "using"),
    ("app/ui/y.cpp", "const char* p = \"/wor" "k/main\";", "path"),
    ("app/ui/z.cpp", "auto t = time(nullptr);  // style: shown to a person, not stored", None),
    ("tests/unit/ab.cpp", "TEST_CASE(\"a\", \"[b]\") {\n" + "  f();\n" * 80 + "}\n", "long function"),
    ("app/ui/ac.cpp", "int n = 1'000'000; char c = '\"'; // it's\nauto t = time(nullptr);", "clock"),
    ("sync/client/ad.cpp", "std::this_thread::sleep_for(1s);", "sleep"),
]


def self_test():
    wrong = 0
    for path, text, rule in PLANTED:
        found = [words.split(":")[0] for _, _, words in check_file(path, text + "\n")]
        if found != ([rule] if rule else []):
            print(f"{path}: expected {rule}, found {found}: {text[:60]!r}")
            wrong += 1
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "app/thing"))
        with open(os.path.join(root, "app/thing/CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write("evertill_library(thing)\n")
        if len(check(root)) != 1:
            print("a library without a README is not found")
            wrong += 1
    print(f"style: {len(PLANTED) + 1 - wrong} of {len(PLANTED) + 1} planted cases as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: style.py ROOT | --self-test")
    sys.exit(self_test() if sys.argv[1] == "--self-test" else cpp_source.report(check(sys.argv[1]), "style"))
