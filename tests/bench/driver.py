"""Measures runwalk side by side with what would be used instead: `scripts/bench`.

A row is one module in tests/bench/rows, called like the row. It has

    FIGURES = (Figure("ready", "process start to socket ready", "ms", (Ratio(1/2),)), …)
        the lines of its table, with the bounds of each (figures.py);
    SECONDS = {"quick": 2, "default": 60}
        how long it takes, roughly ("full" when it differs from the default);
    SOUND = True
        whether it takes a sound server (such rows are not run by the ordinary tests);
    def measure(context):
        measures, and calls context.add("ready", "runwalk", 12.3) and
        context.add("ready", "mpd", 40.1) once a repetition (context.py). What it starts it hands
        to context.enter(…), which ends it. `context.alternate` takes turns between ours and the
        peers; `context.pick(quick, default, full)` tells how much is wanted.

The first line of the module's docstring says what it measures; `scripts/bench --help` prints it.
A new row stands in ROWS below, and its markers in docs/performance.md.
"""

import argparse
import importlib
import json
import os
import platform
import signal
import subprocess
import sys
import textwrap
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in (HERE, HERE.parent / "system", HERE.parent / "sound"):
    sys.path.insert(0, str(folder))

import table  # noqa: E402
from context import DEFAULT, FULL, QUICK, Context, Progress  # noqa: E402
from figures import shortfalls  # noqa: E402

ROOT = HERE.parents[1]
ROWS = ("idle", "busy", "memory", "start", "command", "reaction", "exact", "render", "mixer",
        "profile")
DOCUMENT = ROOT / "docs/performance.md"

EXAMPLES = """
examples:
  scripts/bench                    everything, and the tables at the end
  scripts/bench start reaction     these two
  scripts/bench --quick            a look at whether all of it works; the figures mean nothing
  scripts/bench --full exact       an hour in real time
  scripts/bench --check            say which bounds are missed; exit status 1 when one is
  scripts/bench --from build/bench/figures.json --check
                                   the same of what was measured before
  scripts/bench --write            put the tables into docs/performance.md, too

The machine should have nothing else to do. Nothing is heard, and nothing of yours is touched.
"""


def load(name):
    return importlib.import_module(f"rows.{name}")


def seconds(module, mode):
    return module.SECONDS.get(mode, module.SECONDS[DEFAULT])


def machine():
    """The processor, the number of them, and the kernel, in one phrase."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{os.cpu_count()} × {model}, Linux {platform.release()}"


def revision():
    result = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty"], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return result.stdout.strip()


def run_row(name, mode, progress):
    """Measures one row; returns it with its results, whatever has come of them."""
    module = load(name)
    progress.begin(name)
    row = {"name": name, "mode": mode, "date": time.strftime("%Y-%m-%d"), "machine": machine(),
           "revision": revision(), "failed": None}
    with Context(module.FIGURES, mode, progress) as context:
        context.say("begins")
        try:
            module.measure(context)
        except Exception as error:  # one row that fails does not cost the others
            traceback.print_exc()
            row["failed"] = str(error) or type(error).__name__
        row["results"] = [result for result in context.results.values() if result.values]
        row["remarks"] = context.remarks
    progress.end()
    return row


def check(rows):
    """Prints what falls short; true when nothing does."""
    said = [f"{row['name']}: {text}" for row in rows
            for result in row["results"] for text in shortfalls(result)]
    said += [f"{row['name']}: it was not measured to its end: {row['failed']}"
             for row in rows if row["failed"]]
    print("\n".join(said) if said else "Every bound is met.")
    return not said


def write_document(rows):
    document = DOCUMENT.read_text()
    for row in rows:
        if not row["failed"]:
            document = table.paste(document, row["name"], table.section(row))
    DOCUMENT.write_text(document)
    print(f"written into {DOCUMENT.relative_to(ROOT)}", file=sys.stderr)


def write_files(rows, folder):
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(f"## {row['name']}\n\n{table.section(row)}" for row in rows)
    (folder / "figures.md").write_text(text)
    data = [table.to_json(row) for row in rows]
    (folder / "figures.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    print(text)
    print(f"in {folder}: figures.md, figures.json", file=sys.stderr)


def arguments(words):
    rows = "\n".join(f"  {name:<10} {load(name).__doc__.splitlines()[0]}" for name in ROWS)
    parser = argparse.ArgumentParser(
        prog="scripts/bench", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures runwalk side by side with mpd, mpv and others: medians, their\n"
                    "spread, and the ratio to the better of them.\n\nrows:\n" + rows,
        epilog=textwrap.dedent(EXAMPLES))
    parser.add_argument("rows", metavar="name", nargs="*", help="the rows to measure; all of them")
    parser.add_argument("--check", action="store_true",
                        help="say which bounds are missed; exit status 1 when one is")
    how_much = parser.add_mutually_exclusive_group()
    how_much.add_argument("--quick", dest="mode", action="store_const", const=QUICK,
                          default=DEFAULT, help="seconds instead of minutes, to see that it works")
    how_much.add_argument("--full", dest="mode", action="store_const", const=FULL,
                          help="take all the time that is worth it: more than an hour")
    parser.add_argument("--write", action="store_true",
                        help="put the tables into docs/performance.md")
    parser.add_argument("--from", dest="source", metavar="FILE", type=Path,
                        help="measure nothing; take the figures of that JSON file")
    parser.add_argument("--output", metavar="DIR", type=Path, default=ROOT / "build/bench",
                        help="where figures.md and figures.json go; build/bench")
    chosen = parser.parse_args(words)
    unknown = [name for name in chosen.rows if name not in ROWS]
    if unknown:
        parser.error(f"no row is called “{unknown[0]}”; there are: {', '.join(ROWS)}")
    if chosen.write and chosen.mode == QUICK:
        parser.error("--quick figures mean nothing: they are not written into the document")
    return chosen


def measure(names, mode):
    expected = {name: seconds(load(name), mode) for name in names}
    progress = Progress(expected)
    total = sum(expected.values())
    print(f"{len(names)} rows, about {max(1, round(total / 60))} min", file=sys.stderr)
    return [run_row(name, mode, progress) for name in names]


def read_rows(path, names):
    rows = [table.from_json(data) for data in json.loads(path.read_text())]
    return [row for row in rows if not names or row["name"] in names]


def interrupt(*_):
    raise KeyboardInterrupt


def main(words):
    chosen = arguments(words)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        if chosen.source:
            rows = read_rows(chosen.source, chosen.rows)
        else:
            rows = measure([name for name in ROWS if not chosen.rows or name in chosen.rows],
                           chosen.mode)
            write_files(rows, chosen.output)
    except KeyboardInterrupt:
        print("\ninterrupted: what ran is ended, and nothing was written", file=sys.stderr)
        return 130
    except (OSError, ValueError) as error:
        print(f"scripts/bench: {error}", file=sys.stderr)
        return 2
    if chosen.write:
        write_document(rows)
    good = not any(row["failed"] for row in rows)
    return 0 if (check(rows) if chosen.check else good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
