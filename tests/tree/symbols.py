"""Every global symbol of a box carries rw_, and no two boxes define the same one."""

from collections import defaultdict

import tree

nm = tree.tool("nm")
owners = defaultdict(set)
libraries = sorted(tree.build_dir().glob("librw_*.a"))
for library in libraries:
    result = tree.run([nm, "--defined-only", "--extern-only", "--format=posix", library])
    for line in result.stdout.splitlines():
        fields = line.split()
        if len(fields) >= 2 and fields[1] in "TDBRC" and not fields[0].startswith("__"):
            owners[fields[0]].add(library.name)

problems = []
for symbol, boxes in sorted(owners.items()):
    if not symbol.startswith("rw_"):
        problems.append(f"{', '.join(sorted(boxes))}: {symbol} is global and lacks the prefix rw_")
    elif len(boxes) > 1:
        problems.append(f"{symbol} is defined in {', '.join(sorted(boxes))}")

tree.finish(problems, len(owners))
