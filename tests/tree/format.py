"""Every C file is laid out as clang-format would."""

import tree


def check(path):
    result = tree.run([formatter, "--dry-run", "--Werror", path])
    if result.returncode:
        return f"{tree.name(path)}: run clang-format -i on it\n{result.stdout[:2000]}"
    return None


formatter = tree.tool("clang-format")
sources = tree.files("include/**/*.h", "src/**/*.[ch]", "tests/**/*.[ch]")
tree.finish(tree.in_parallel(check, sources), len(sources))
