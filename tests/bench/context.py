"""What a row is given to measure with: the mode, a folder, where its figures go, its progress."""

import contextlib
import shutil
import sys
import tempfile
import time
from pathlib import Path

from figures import Result

QUICK, DEFAULT, FULL = "quick", "default", "full"


class Progress:
    """Says on standard error what is measured, and how long all of it will still take."""

    def __init__(self, expected, quiet=False):
        self.expected = dict(expected)  # {row: seconds}
        self.quiet = quiet
        self.row, self.began = None, 0.0

    def begin(self, row):
        self.row, self.began = row, time.monotonic()

    def end(self):
        self.expected.pop(self.row, None)

    def left(self):
        spent = time.monotonic() - self.began
        this = max(0.0, self.expected.get(self.row, 0) - spent)
        return this + sum(seconds for row, seconds in self.expected.items() if row != self.row)

    def say(self, text):
        if self.quiet:
            return
        minutes, seconds = divmod(round(self.left()), 60)
        left = f"{minutes} min left" if minutes >= 2 else f"{minutes * 60 + seconds} s left"
        print(f"[{left:>11}] {self.row}: {text}", file=sys.stderr, flush=True)


class Context:
    """One run of one row. A context manager: it ends what the row has started, also on Ctrl-C."""

    def __init__(self, figures, mode, progress):
        self.mode = mode
        self.progress = progress
        self.results = {figure.key: Result(figure) for figure in figures}
        self.remarks = []
        self.stack = contextlib.ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="rwb-"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.stack.close()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def pick(self, quick, default, full=None):
        """The one of these that belongs to the mode."""
        return {QUICK: quick, DEFAULT: default, FULL: default if full is None else full}[self.mode]

    def enter(self, manager):
        """Enters a context manager that is left at the end of the row."""
        return self.stack.enter_context(manager)

    def say(self, text):
        self.progress.say(text)

    def add(self, key, who, *values):
        """Values of one figure: a repetition each."""
        self.results[key].add(who, *values)

    def remark(self, text):
        """A sentence that is printed beneath the table."""
        self.remarks.append(text)

    def alternate(self, repetitions, measures):
        """Calls each of MEASURES, a {who: function}, in turn, REPETITIONS times over.

        Every second round goes backwards, so that none always follows the same other one.
        """
        for number in range(repetitions):
            order = list(measures) if number % 2 == 0 else list(reversed(measures))
            for who in order:
                self.say(f"{who}, {number + 1} of {repetitions}")
                measures[who]()
