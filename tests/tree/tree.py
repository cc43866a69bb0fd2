"""What the checks of the tree share: which files there are, and how a check fails."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build_dir():
    return Path(sys.argv[1])


def files(*patterns):
    """The files that match any of the glob PATTERNS, relative to the top of the tree, sorted."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)


def name(path):
    return str(path.relative_to(ROOT))


def tool(program):
    """The path of PROGRAM; without it the check fails, it is never skipped."""
    path = shutil.which(program)
    if path is None:
        sys.exit(f"{program} is not installed; scripts/test installs it")
    return path


def run(command, **options):
    return subprocess.run(
        [str(word) for word in command], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)


def in_parallel(function, items):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def finish(problems, checked):
    """Ends the check: each of PROBLEMS is a line, CHECKED says how much was looked at."""
    problems = [problem for problem in problems if problem]
    for problem in problems:
        print(problem)
    if not checked:
        sys.exit("nothing was checked: has the tree moved?")
    print(f"{checked} checked, {len(problems)} with findings")
    sys.exit(1 if problems else 0)
