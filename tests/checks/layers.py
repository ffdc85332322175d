#!/usr/bin/env python3
"""Who may use whom: #include prefixes against the graph below. CMake's target visibility alone does not see a header
that leaks. `layers.py ROOT` checks a tree, `layers.py --self-test` shows that planted violations are found."""

import os
import sys
import tempfile

import cpp_source

# Library: what it may include besides itself. The longest prefix of a path decides which library a file is in.
# To allow something new, change this table in the same commit and say in its message why.
GRAPH = {
    "app/base": [],
    "app/domain": ["app/base"],
    "app/loyalty": ["app/base", "app/domain"],
    "app/checkout": ["app/base", "app/domain", "app/loyalty"],
    "app/sqlite": ["app/base"],
    "app/crypto": ["app/base"],
    "app/card": ["app/base", "app/domain", "app/crypto"],
    "app/render": ["app/base", "app/domain"],
    "app/store": ["app/base", "app/domain", "app/loyalty", "app/checkout", "app/sqlite", "app/crypto",
                  "app/card"],
    "app/presenters": ["app/base", "app/domain", "app/loyalty", "app/checkout"],
    "app/ui": ["app/base", "app/domain", "app/presenters", "app/render"],  # render: QR codes for the customer
    # Programs are put together here: the only places that name concretes.
    "app/cli": ["app/base", "app/domain", "app/loyalty", "app/checkout", "app/crypto", "app/render", "app/store",
                "app/presenters", "devices", "sync/wire", "sync/client"],
    "app/main.cpp": ["app/base", "app/domain", "app/loyalty", "app/checkout", "app/crypto", "app/render", "app/store",
                     "app/presenters", "app/ui", "app/cli", "devices", "sync/wire", "sync/client"],
    "devices": ["app/base", "app/domain", "app/checkout", "app/render"],
    "sync/wire": ["app/base", "app/domain", "app/loyalty", "app/crypto"],
    "sync/client": ["app/base", "app/domain", "app/loyalty", "app/checkout", "app/crypto", "sync/wire"],
    "sync/server": ["app/base", "app/domain", "app/loyalty", "app/sqlite", "app/crypto", "app/card", "app/render",
                    "sync/wire"],
}

# Other people's headers that only these places may include: (prefixes of the header, prefixes of the file).
KEPT_IN = [
    (("wx/", "gtk/", "gdk/", "atk/", "glib.h", "glib-unix.h", "X11/"), ("app/ui/",)),
    (("sqlite3.h",), ("app/sqlite/",)),
    (("openssl/",), ("app/crypto/",)),
    (("argon2.h",), ("app/crypto/",)),
    (("curl/",), ("sync/client/",)),
    (("boost/beast", "boost/asio"), ("sync/server/",)),
    (("pango/", "cairo", "ft2build.h", "qrencode.h"), ("app/render/",)),
    # The screen chooses its Thai font by a rule of its own; receipts choose theirs.
    (("fontconfig/",), ("app/render/", "app/ui/")),
    (("libusb", "cups/"), ("devices/link/",)),
    (("libevdev/", "linux/input"), ("devices/scanner/",)),
    (("libudev.h",), ("devices/link/", "devices/scanner/")),
    (("spdlog/",), ("app/base/",)),
    (("tl/",), ("app/base/",)),
    (("CLI/",), ("app/cli/", "app/main.cpp", "sync/server/", "devices/sim/")),
]

def library_of(path):
    best = None
    for library in GRAPH:
        if path == library or path.startswith(library + "/"):
            if best is None or len(library) > len(best):
                best = library
    return best


def check(root):
    problems = []
    for path in cpp_source.files(root, cpp_source.PRODUCT):
        own = library_of(path)
        if own is None:
            problems.append((path, 1, "belongs to no library: add it to the graph in tests/checks/layers.py"))
            continue
        for line, included, quoted in cpp_source.Source(cpp_source.read(root, path)).includes():
            if quoted:
                other = library_of(included)
                if other is None:
                    problems.append((path, line, f'"{included}" is not a path from the root into a library'))
                elif other != own and other not in GRAPH[own]:
                    problems.append((path, line, f"{own} may not use {other} ({included})"))
            else:
                for headers, places in KEPT_IN:
                    if included.startswith(headers) and not path.startswith(places):
                        problems.append((path, line, f"<{included}> only in {', '.join(places)}"))
    return problems


def check_graph():
    """The graph itself: no cycles, nothing unknown, ui used by main alone."""
    problems = []

    def walk(library, way):
        if library in way:
            problems.append(("tests/checks/layers.py", 1, "cycle: " + " -> ".join(way + [library])))
            return
        for other in GRAPH[library]:
            if other not in GRAPH:
                problems.append(("tests/checks/layers.py", 1, f"{library} may use {other}, which is not in the graph"))
            else:
                walk(other, way + [library])

    for library, used in GRAPH.items():
        walk(library, [])
        if "app/ui" in used and library != "app/main.cpp":
            problems.append(("tests/checks/layers.py", 1, f"{library} uses app/ui: nothing but main may"))
    return problems


PLANTED = {
    "app/domain/a.h": ('#include "app/store/till.h"', True),
    "app/domain/b.h": ('#include "app/base/clock.h"\n#include <vector>', False),
    "app/presenters/c.cpp": ("#include <wx/frame.h>", True),
    "app/ui/d.cpp": ("#include <wx/frame.h>\n#include \"app/presenters/view.h\"", False),
    "app/ui/e.cpp": ('#include "app/store/till.h"', True),
    "app/store/f.cpp": ("#include <sqlite3.h>", True),
    "app/store/g.cpp": ('#include "clock.h"', True),
    "sync/server/h.cpp": ('#include "app/store/till.h"', True),
    "sync/server/i.cpp": ("#include <boost/beast/core.hpp>", False),
    "sync/client/j.cpp": ("#include <boost/asio/post.hpp>", True),
    "devices/printer/k.cpp": ('#include "app/sqlite/connection.h"', True),
    "app/checkout/l.cpp": ('// #include "app/ui/frame.h"', False),
    "app/checkout/m.cpp": ('#include "tests/support/fake.h"', True),
    "app/cli/n.cpp": ('#include "app/ui/frame.h"', True),
    "app/main.cpp": ('#include "app/ui/frame.h"\n#include "app/store/till.h"', False),
    "app/somewhere/o.cpp": ("", True),
    "app/cli/p.cpp": ("  #  include <openssl/evp.h>", True),
}


def self_test():
    with tempfile.TemporaryDirectory() as root:
        for path, (text, _) in PLANTED.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        found = {path for path, _, _ in check(root)}
    expected = {path for path, (_, bad) in PLANTED.items() if bad}
    for path in sorted(expected - found):
        print(f"planted and not found: {path}: {PLANTED[path][0]}")
    for path in sorted(found - expected):
        print(f"refused without cause: {path}: {PLANTED[path][0]}")
    print(f"layers: {len(expected & found)} of {len(expected)} planted violations found")
    return 0 if found == expected else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: layers.py ROOT | --self-test")
    if sys.argv[1] == "--self-test":
        sys.exit(self_test())
    sys.exit(cpp_source.report(check_graph() + check(sys.argv[1]), "layers"))
