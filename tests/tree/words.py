"""Nothing is left for later: no marks of unfinished work, no stray conflict, tab or blank."""

import re
from pathlib import Path

import tree

FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "unfinished work"),
    (re.compile(r"^(<{7}|={7}|>{7})( |$)"), "an unresolved conflict"),
    (re.compile(r"[ \t]+$"), "blanks at the end of the line"),
    (re.compile(r"^ *\t"), "a tab; indent with blanks"),
]
TEXT = {".c", ".h", ".py", ".sh", ".md", ".yaml", ".json", ".txt", ".cmake", ""}
# Malformed on purpose.
EXEMPT = ("tests/profile/malformed", "tests/fuzz/corpus")


def check(path):
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return f"{tree.name(path)}: not UTF-8"
    found = [f"{tree.name(path)}:{number}: {what}"
             for number, line in enumerate(text.split("\n"), 1)
             for pattern, what in FORBIDDEN if pattern.search(line)]
    if text and not text.endswith("\n"):
        found.append(f"{tree.name(path)}: no newline at its end")
    return "\n".join(found) or None


paths = [path for path in tree.files(
             "*", ".ci/*", "docs/**/*", "include/**/*", "profiles/**/*", "scripts/**/*",
             "sounds/**/*", "src/**/*", "tests/**/*")
         if path.suffix in TEXT and not tree.name(path).startswith(EXEMPT)
         and path != Path(__file__).resolve()]
tree.finish(map(check, paths), len(paths))
