"""Every C file is laid out as clang-format would."""

import tree

BATCH = 50  # files for one start of clang-format, which takes longer than a file


def check(paths):
    result = tree.run([formatter, "--dry-run", "--Werror", *paths])
    return f"run clang-format -i on what it names\n{result.stdout[:4000]}" if result.returncode \
        else None


formatter = tree.tool("clang-format")
sources = tree.files("include/**/*.h", "src/**/*.[ch]", "tests/**/*.[ch]")
batches = [sources[i:i + BATCH] for i in range(0, len(sources), BATCH)]
tree.finish(tree.in_parallel(check, batches), len(sources))
