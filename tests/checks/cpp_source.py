"""Reads C++ just well enough for the checks: which files there are, and code, comments and literals apart."""

import os
import re

PRODUCT = ("app", "devices", "sync")
EVERYWHERE = PRODUCT + ("tests",)
SUFFIXES = (".h", ".cpp")


def files(root, folders=EVERYWHERE, suffixes=SUFFIXES):
    """Paths below root, relative to it, in order. Walks the folders: a source archive without git is checked too."""
    found = []
    for folder in folders:
        for directory, subdirectories, names in os.walk(os.path.join(root, folder)):
            subdirectories[:] = sorted(d for d in subdirectories if d not in ("__pycache__", "node_modules"))
            found += [os.path.relpath(os.path.join(directory, n), root) for n in names if n.endswith(suffixes)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


_TOKEN = re.compile(
    r"""(?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/)
      |(?P<raw>(?:u8|[uUL])?R"(?P<tag>[^\s()\\]{0,16})\((?P<rawtext>.*?)\)(?P=tag)")
      |(?P<string>(?:u8|[uUL])?"(?P<text>(?:[^"\\\n]|\\.|\\\n)*)")
      |(?P<number>\b[0-9](?:[0-9a-fA-FxXbB.eEpP]|'[0-9a-fA-F])*)
      |(?P<char>'(?:[^'\\\n]|\\.)+')""",
    re.DOTALL | re.VERBOSE,
)


class Source:
    """One file. `code` has comments and the insides of literals blanked out, with every line where it was."""

    def __init__(self, text):
        self.text = text
        self.comments = []  # (line, text)
        self.strings = []  # (line, text)
        self.raw_lines = set()  # lines that begin inside a raw string: data (SQL, a page), not statements
        pieces = []
        at = 0
        for match in _TOKEN.finditer(text):
            pieces.append(text[at:match.start()])
            at = match.end()
            token = match.group(0)
            line = text.count("\n", 0, match.start()) + 1
            if match.group("comment"):
                self.comments.append((line, token))
                pieces.append(self._blank(token))
            elif match.group("raw"):
                self.strings.append((line, match.group("rawtext")))
                self.raw_lines.update(range(line + 1, line + token.count("\n") + 1))
                pieces.append('"' + self._blank(token[1:-1]) + '"')
            elif match.group("string"):
                before = text[text.rfind("\n", 0, match.start()) + 1:match.start()]
                if re.match(r"\s*#\s*include\s*$", before):
                    pieces.append(token)
                else:
                    self.strings.append((line, match.group("text")))
                    pieces.append('"' + self._blank(token[1:-1]) + '"')
            elif match.group("char"):
                pieces.append("'" + self._blank(token[1:-1]) + "'")
            else:
                pieces.append(token)
        pieces.append(text[at:])
        self.code = "".join(pieces)

    @staticmethod
    def _blank(text):
        return re.sub(r"[^\n]", " ", text)

    def includes(self):
        """(line, path, quoted) of every #include."""
        for number, line in enumerate(self.code.split("\n"), 1):
            match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
            if match:
                yield number, match.group(1) or match.group(2), match.group(1) is not None


def functions(code):
    """(first line, last line, name) of every function body, lambdas and local classes counted as part of theirs."""
    depth_of_function = None
    stack = []
    header_start = 0
    line = 1
    opened = None
    for at, character in enumerate(code):
        if character == "\n":
            line += 1
        elif character == "{":
            header = code[header_start:at]
            stack.append(character)
            if depth_of_function is None and _is_function(header):
                depth_of_function = len(stack)
                opened = (line, _name(header))
            header_start = at + 1
        elif character == "}":
            if stack:
                if depth_of_function == len(stack):
                    yield opened[0], line, opened[1]
                    depth_of_function = None
                stack.pop()
            header_start = at + 1
        elif character == ";" and depth_of_function is None:
            header_start = at + 1


def _is_function(header):
    header = re.sub(r"^\s*#.*$", "", header, flags=re.MULTILINE).strip()
    header = re.sub(r"^(\s*(public|private|protected)\s*:)+", "", header).strip()
    header = re.sub(r"^template\s*<[^{}]*?>\s*(?=[\w\[:])", "", header, flags=re.DOTALL)
    if re.match(r"(inline\s+)?(namespace|class|struct|union|enum|extern)\b", header):
        return False
    return "(" in header and not header.endswith("=")


def _name(header):
    match = re.search(r"([~\w:]+)\s*\(", re.sub(r"\[\[[^\]]*\]\]", "", header))
    return match.group(1) if match else "?"


def report(problems, what):
    """Prints problems (path, line, words) as compilers do; returns the exit code."""
    for path, line, words in sorted(problems):
        print(f"{path}:{line}: {words}")
    if problems:
        print(f"{what}: {len(problems)} problem{'s' if len(problems) != 1 else ''}")
        return 1
    print(f"{what}: no problems")
    return 0
