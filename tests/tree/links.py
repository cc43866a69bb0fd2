"""Every relative link of a document leads somewhere, headings included."""

import re

import tree

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")


def anchors(path):
    """The names by which a page's headings are reached."""
    headings = re.findall(r"^#+ +(.*?) *$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in LINK.findall(text) + IMAGE.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        if not other.exists():
            yield f"{tree.name(path)}: {target}: no such file"
        elif anchor and other.suffix == ".md" and anchor not in anchors(other):
            yield f"{tree.name(path)}: {target}: no such heading"


pages = tree.files("*.md", "docs/**/*.md", "sounds/**/*.md", "tests/**/*.md")
tree.finish([problem for page in pages for problem in check(page)], len(pages))
