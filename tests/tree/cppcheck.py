"""cppcheck has nothing to say about any source.

It keeps what it found in the build directory, so that only what changed is looked at again.
"""

import os

import tree

cache = tree.build_dir() / "cppcheck"
cache.mkdir(exist_ok=True)
sources = tree.files("src/**/*.c")
result = tree.run([
    tree.tool("cppcheck"), "--quiet", "--error-exitcode=1", f"-j{os.cpu_count()}",
    "--std=c11", "--language=c", "--enable=warning,performance,portability",
    "--inline-suppr", "--library=posix", f"--cppcheck-build-dir={cache}",
    "--suppress=missingIncludeSystem", "--suppress=normalCheckLevelMaxBranches",
    "--template={file}:{line}:{column}: {severity}: {message} [{id}]",
    "-D_GNU_SOURCE", "-Iinclude", *[tree.name(path) for path in sources]])
tree.finish([result.stdout if result.returncode else None], len(sources))
