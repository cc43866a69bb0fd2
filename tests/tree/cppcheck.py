"""cppcheck has nothing to say about any source.

It keeps what it found in the build directory, so that only what changed is looked at again.
"""

import os

import tree

# What it gets wrong, or what is no concern of ours.
SUPPRESSED = [
    "missingIncludeSystem",
    "uninitvar",                   # takes a buffer to be filled for one that is read
    "memleak:src/engine/main.c",   # a mapping that is meant to last as long as the process
    "getpwuidCalled",              # one thread asks, once
    "readdirCalled",               # readdir_r is the deprecated one
]

cache = tree.build_dir() / "cppcheck"
cache.mkdir(exist_ok=True)
sources = tree.files("src/**/*.c")
result = tree.run([
    tree.tool("cppcheck"), "--quiet", "--error-exitcode=1", f"-j{os.cpu_count()}",
    "--std=c11", "--language=c", "--enable=warning,performance,portability",
    "--inline-suppr", "--library=posix", f"--cppcheck-build-dir={cache}",
    *[f"--suppress={one}" for one in SUPPRESSED],
    "--template={file}:{line}:{column}: {severity}: {message} [{id}]",
    "-D_GNU_SOURCE", "-Iinclude", *[tree.name(path) for path in sources]])
tree.finish([result.stdout if result.returncode else None], len(sources))
