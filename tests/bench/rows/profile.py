"""Loading a profile, beside libyaml's bare loop over the events of the same bytes.

The time is the processor's. Files of 256 KiB are the largest that are taken.
"""

import subprocess

from figures import OURS, Figure, Ratio
from product import BUILD, PATIENCE, ROOT

KINDS = {
    "quickstart": "`quickstart`, 2 KB",
    "typical": "256 KiB, steps with names, words, cues, and remarks",
    "block": "256 KiB of nothing but one-second steps",
    "flow": "the same between brackets",
    "nested": "256 KiB of repeats, six deep",
}
FIGURES = tuple(Figure(kind, title, "µs", (Ratio(1.5),)) for kind, title in KINDS.items())
SECONDS = {"quick": 5, "default": 30}
SOUND = False

BYTES_MAX = 256 * 1024


def filled(head, part, tail=""):
    """HEAD, then part(0), part(1), and so on, as many as there is room for, then TAIL."""
    parts, size, number = [], len(head) + len(tail), 0
    while size + len(part(number)) <= BYTES_MAX:
        parts.append(part(number))
        size += len(parts[-1])
        number += 1
    return head + "".join(parts) + tail


def typical(number):
    if number < 800:
        return (f"  # Step {number}\n  - run: 1m\n    name: Steady {number}\n"
                "    say: Long and easy strides.\n    cues: {countdown: 5, halfway: no}\n"
                "  - walk: 30s\n    say: Breathe out fully.\n")
    return f"  # Remark {number} for whoever changes this next, as people write them.\n"


def nested(depth, indent):
    blank = " " * indent
    if depth == 0:
        return f"{blank}- run: 1s\n{blank}- walk: 1s\n"
    return f"{blank}- repeat: 2\n{blank}  steps:\n{nested(depth - 1, indent + 4)}"


def contents():
    def second(number):
        return ("run: 1s", "walk: 1s")[number % 2]

    return {
        "quickstart": (ROOT / "profiles/quickstart.yaml").read_text(),
        "typical": filled("name: Typical\nsteps:\n", typical),
        "block": filled("name: Block\nsteps:\n", lambda number: f"- {second(number)}\n"),
        "flow": filled("name: Flow\nsteps: [", lambda number: f"{{{second(number)}}},", "]\n"),
        "nested": filled("name: Nested\nsteps:\n",
                         lambda number: nested(6, 2) if number < 600 else "# Nothing.\n"),
    }


def measure(context):
    for kind, text in contents().items():
        path = context.folder / f"{kind}.yaml"
        path.write_text(text)
        count = context.pick(5, 50) * (100 if kind == "quickstart" else 1)

        def one(who, kind=kind, path=path, count=count):
            result = subprocess.run([BUILD / "tests/bench/profile_load", who, str(count), path],
                                    text=True, stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
            context.add(kind, who, float(result.stdout))

        context.alternate(context.pick(1, 7), {who: lambda who=who: one(who)
                                               for who in (OURS, "libyaml")})
