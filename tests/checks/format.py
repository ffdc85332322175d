#!/usr/bin/env python3
"""Every C++ file is as clang-format 14 would write it. `format.py ROOT`, `format.py --self-test`."""

import os
import subprocess
import sys
import tempfile

import cpp_source

CLANG_FORMAT = "clang-format"


def unformatted(root, paths):
    """(path, line, words) for each file that clang-format would change: the first line it would."""
    problems = []
    for start in range(0, len(paths), 50):
        run = subprocess.run([CLANG_FORMAT, "--dry-run", "--style=file", "--ferror-limit=1", *paths[start:start + 50]],
                             cwd=root, capture_output=True, text=True, check=False)
        seen = set()
        for line in run.stderr.splitlines():
            parts = line.split(":", 3)
            if len(parts) == 4 and parts[1].isdigit() and "clang-format-violations" in line and parts[0] not in seen:
                seen.add(parts[0])
                problems.append((parts[0], int(parts[1]), f"format: run clang-format -i {parts[0]}"))
        if run.returncode != 0:
            problems.append(("tests/checks/format.py", 1, run.stderr.strip()[:300]))
    return problems


def right_version():
    words = subprocess.run([CLANG_FORMAT, "--version"], capture_output=True, text=True, check=True).stdout
    if " version 14." not in words:
        print(f"format: needs clang-format 14 (Debian 12's), not {words.strip()}")
        return False
    return True


def self_test(root):
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(root, ".clang-format"), encoding="utf-8") as style:
            open(os.path.join(directory, ".clang-format"), "w", encoding="utf-8").write(style.read())
        for name, text in (("good.cpp", "int F(int a) {\n  return a;\n}\n"), ("bad.cpp", "int F( int a )\n{ return a; }\n")):
            open(os.path.join(directory, name), "w", encoding="utf-8").write(text)
        found = {path for path, _, _ in unformatted(directory, ["good.cpp", "bad.cpp"])}
    print(f"format: self-test found {sorted(found)}")
    return 0 if found == {"bad.cpp"} else 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: format.py ROOT | --self-test ROOT")
    if not right_version():
        sys.exit(1)
    if sys.argv[1] == "--self-test":
        sys.exit(self_test(sys.argv[2]))
    sys.exit(cpp_source.report(unformatted(sys.argv[1], cpp_source.files(sys.argv[1])), "format"))
