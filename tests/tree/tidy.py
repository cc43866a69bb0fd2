"""clang-tidy has nothing to say about any source.

A source that was clean is not analysed again until it, a header it includes, its compiler
flags or the settings change: a build directory remembers a digest of all that.
"""

import hashlib
import json
import shlex

import tree


def digest(entry):
    """Identifies what clang-tidy would see: every line after preprocessing, flags, settings."""
    words = shlex.split(entry["command"])
    words = words[:words.index("-o")] + ["-E", entry["file"]]
    text = tree.run(words).stdout
    parts = [text, entry["command"], settings, version]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def check(entry):
    key = digest(entry)
    if (clean / key).exists():
        return None
    result = tree.run([tidy, "-p", tree.build_dir(), "--quiet", entry["file"]])
    # The count of what headers of others caused, and was not shown, is of no interest.
    said = "\n".join(line for line in result.stdout.splitlines()
                     if not line.endswith(("warning generated.", "warnings generated.")))
    if result.returncode or said:
        return said or f'{entry["file"]}: clang-tidy failed ({result.returncode})'
    (clean / key).touch()
    return None


tidy = tree.tool("clang-tidy")
version = tree.run([tidy, "--version"]).stdout
settings = (tree.ROOT / ".clang-tidy").read_text()
clean = tree.build_dir() / "tidy"
clean.mkdir(exist_ok=True)
entries = json.loads((tree.build_dir() / "compile_commands.json").read_text())
sources = [entry for entry in entries if entry["file"].startswith(f"{tree.ROOT}/src/")]
tree.finish(tree.in_parallel(check, sources), len(sources))
