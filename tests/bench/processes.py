"""What processes use: wakeups and processor time by thread, memory by smaps.

A wakeup is a voluntary context switch: the thread had gone to sleep by itself. The kernel forgets a
thread's count with the thread, so those that come and go are looked at every few milliseconds, and
what they did since the last look is lost. That is said where it matters.
"""

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
LOOK = 0.02  # seconds between two looks


def children(pid):
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def family(pids):
    """PIDS and all that descend from them now."""
    found, waiting = [], list(pids)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children(pid)
    return found


def command(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _thread(pid, tid):
    """The wakeups and the nanoseconds on a processor of one thread."""
    runtime = int(Path(f"/proc/{pid}/task/{tid}/schedstat").read_text().split()[0])
    for line in Path(f"/proc/{pid}/task/{tid}/status").read_text().splitlines():
        if line.startswith("voluntary_ctxt_switches"):
            return int(line.split()[1]), runtime
    return 0, runtime


def threads(pid):
    """{(pid, tid): (wakeups, ns)} of a process; what vanishes meanwhile is left out."""
    found = {}
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for tid in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                found[pid, int(tid)] = _thread(pid, tid)
    return found


def processor_time(pid):
    """Seconds on a processor of a process and of all its children that have ended."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(word) for word in words[11:15]) / TICK


def memory(pids):
    """The sums of PSS and of private dirty memory of processes, in MB; those gone count nothing."""
    pss = dirty = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                word = line.split()
                if word[0] == "Pss:":
                    pss += int(word[1])
                elif word[0] == "Private_Dirty:":
                    dirty += int(word[1])
    return pss / 1024, dirty / 1024


@dataclass
class Look:
    """The state at one moment: what has been used so far, and which programs were there."""
    time: float
    wakeups: int = 0
    seconds: float = 0.0
    programs: frozenset = field(default_factory=frozenset)


class Meter:
    """Looks at processes and their descendants until it is left. A context manager."""

    def __init__(self, pids, interval=LOOK):
        self.pids = list(pids)
        self.interval = interval
        self.seen = {}  # the last count of each thread that ever was
        self.looks = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.look()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        self.look()

    def _watch(self):
        while not self.ending.wait(self.interval):
            self.look()

    def look(self):
        present = family(self.pids)
        for pid in present:
            self.seen.update(threads(pid))
        wakeups = sum(count for count, _ in self.seen.values())
        seconds = sum(runtime for _, runtime in self.seen.values()) * 1e-9
        programs = frozenset(command(pid) for pid in present)
        self.looks.append(Look(time.monotonic(), wakeups, seconds, programs))

    def between(self, begin, end):
        """(wakeups, seconds of processor) a second, from one look to another."""
        first, last = self.looks[begin], self.looks[end]
        span = last.time - first.time
        return (last.wakeups - first.wakeups) / span, (last.seconds - first.seconds) / span

    def index(self, moment):
        """The first look at or after MOMENT; the last when there is none."""
        for number, look in enumerate(self.looks):
            if look.time >= moment:
                return number
        return len(self.looks) - 1
