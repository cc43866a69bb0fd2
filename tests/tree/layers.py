"""Every #include of the tree follows an arrow of the design, and so does what CMake links.

The table below is the picture in docs/architecture.md; change both together.
"""

import re

import tree

# A box may include the boxes it names, and what these may include.
ARROWS = {
    "core": [],
    "advice": [],
    "confine": [],
    "yaml": [],
    "paths": [],
    "wire": [],
    "audio": [],
    "profile": ["core", "yaml"],
    "plan": ["profile", "paths"],
    "config": ["profile", "paths", "wire"],
    "voice": ["core", "yaml", "confine"],
    "coach": ["voice", "core"],
    "player": ["coach", "wire", "confine"],
    "ducker": ["wire", "confine"],
    "engine": ["audio", "wire", "confine"],
    "inhibit": ["confine"],
    "store": ["core"],
    "control": ["paths"],
    "daemon": ["control", "config", "store", "coach", "plan", "profile", "player", "yaml", "paths", "confine"],
    "cli": ["control", "config", "coach", "plan", "profile", "audio", "yaml", "paths", "advice"],
}

# Each library belongs to few boxes, so that it can be exchanged, and its faults contained.
LIBRARIES = {
    "portaudio.h": ["audio"],
    "sndfile.h": ["audio"],
    "soxr.h": ["audio"],
    "ebur128.h": ["audio"],
    "yaml.h": ["yaml"],
    "pulse/pulseaudio.h": ["ducker"],
    "systemd/sd-bus.h": ["ducker", "inhibit"],
    "uv.h": ["control", "player", "voice", "daemon"],
    "jansson.h": ["control", "daemon", "cli"],
    "sqlite3.h": ["store"],
}

# core is pure: it computes, and can reach neither files, nor clocks, nor locales.
PURE = {
    "assert.h", "inttypes.h", "limits.h", "stdalign.h", "stdbool.h", "stddef.h", "stdint.h",
    "stdlib.h", "string.h",
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
LINKED = re.compile(r"rw_box\((\w+)([^)]*)\)")


def reach(box):
    """BOX and all boxes that it can reach along the arrows."""
    seen, waiting = set(), [box]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += ARROWS[one]
    return seen


def box_of(path):
    parts = path.relative_to(tree.ROOT).parts
    return parts[1] if parts[0] == "src" else parts[2] if len(parts) > 3 else None


def complaint(path, box, bracket, target):
    """What is wrong with an #include of TARGET in PATH, or None."""
    public = path.relative_to(tree.ROOT).parts[0] == "include"
    if bracket == "<":
        if box == "core" and target not in PURE:
            return f"core is pure: <{target}> is not on its list"
        if target in LIBRARIES and box not in LIBRARIES[target]:
            return f"<{target}> belongs to {', '.join(LIBRARIES[target])}"
        return None
    if target == "runwalk/base.h":
        return None
    if not target.startswith("runwalk/"):
        if public:
            return f'a public header includes public headers only, not "{target}"'
        if "/" in target or not (path.parent / target).is_file():
            return f'"{target}" is neither public nor beside the file'
        return None
    other = target.split("/")[1]
    if other not in ARROWS:
        return f'"{target}" belongs to no box'
    if not (tree.ROOT / "include" / target).is_file():
        return f'"{target}" does not exist'
    if box is None or other not in reach(box):
        return f'no arrow leads from {box or "base.h"} to {other}'
    return None


def check(path):
    box = box_of(path)
    if box is not None and box not in ARROWS:
        yield f"{tree.name(path)}: {box} is not a box of the design"
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        wrong = match and complaint(path, box, *match.groups())
        if wrong:
            yield f"{tree.name(path)}:{number}: {wrong}"


def check_links():
    for box, arguments in LINKED.findall((tree.ROOT / "CMakeLists.txt").read_text()):
        if box not in ARROWS:
            yield f"CMakeLists.txt: {box} is not a box of the design"
            continue
        for other in re.findall(r"\brw_(\w+)", arguments):
            if other not in reach(box):
                yield f"CMakeLists.txt: rw_{box} links rw_{other}, and no arrow leads there"


sources = tree.files("include/**/*.h", "src/**/*.[ch]")
tree.finish([p for path in sources for p in check(path)] + list(check_links()), len(sources))
