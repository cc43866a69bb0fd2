"""Every header compiles alone, without a warning."""

import tree

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]


def check(path):
    result = tree.run([compiler, "-std=c17", "-D_GNU_SOURCE", *WARNINGS, "-Iinclude", "-fsyntax-only",
                       "-include", path, "-x", "c", "/dev/null"])
    return result.stdout if result.returncode else None


compiler = tree.tool("cc")
headers = tree.files("include/**/*.h", "src/**/*.h")
tree.finish(tree.in_parallel(check, headers), len(headers))
