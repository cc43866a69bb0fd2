"""Runs of the past, written into a history behind the daemon's back."""

import datetime
import sqlite3
from contextlib import closing

NS = 1_000_000_000
BEFORE = "before this boot"  # a boot of its own


def monday(now):
    """Midnight of the Monday of NOW's week, a local datetime."""
    day = now - datetime.timedelta(days=now.weekday())
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


class Run:
    """One run: when it began, and minutes of what it consisted of."""

    def __init__(self, begin, running=10, walking=20, rests=0, name="Tuesday", planned=None,
                 state="done", dating="clock", effort=None, back=None, note=None, pain=None):
        self.begin = begin
        self.parts = [("warmup", 5), ("run", running), ("walk", walking - 10), ("cooldown", 5)]
        self.length = running + walking
        self.planned = self.length if planned is None else planned
        self.rests, self.name, self.state, self.dating = rests, name, state, dating
        self.effort, self.back, self.note, self.pain = effort, back, note, pain


def write(database, runs):
    """Adds RUNS, in their order, to a database that the daemon has made."""
    with closing(sqlite3.connect(database, timeout=10)) as db, db:
        for run in runs:
            length = int(run.length * 60 * NS)
            begin = int(run.begin.timestamp() * NS)
            number = db.execute(
                "INSERT INTO runs(state, name, profile, settings, seed, planned_ms, planned_segments,"
                " planned_runs, begin_real_ns, begin_boot_ns, begin_boot_id, dating, clock_ns,"
                " session_ns, mark_real_ns, mark_boot_ns, mark_boot_id, mark_synced, runs_done,"
                " effort, back, note, pain) VALUES(?, ?, 'x', '{}', 1, ?, 4, 1, ?, 0, ?, ?, ?, ?, ?, 0, ?,"
                " 1, 1, ?, ?, ?, ?)",
                (run.state, run.name, int(run.planned * 60000), begin, BEFORE, run.dating, length,
                 length, begin + length, BEFORE, run.effort, run.back, run.note,
                 run.pain)).lastrowid
            at = 0
            for index, (kind, minutes) in enumerate(run.parts):
                end = at + int(minutes * 60 * NS)
                db.execute("INSERT INTO segments(run, segment, kind, planned_ms, begin_clock_ns,"
                           " begin_ns, end_ns) VALUES(?, ?, ?, ?, ?, ?, ?)",
                           (number, index, kind, int(minutes * 60000), at, at, end))
                at = end
            for _ in range(run.rests):
                db.execute("INSERT INTO commands(run, command, amount_ns, clock_ns, session_ns,"
                           " latency_ns, source) VALUES(?, 'rest', 0, 0, 0, 0, 'cli')", (number,))


def ten_weeks(now):
    """Half a season of somebody who begins, misses a week, and goes on."""
    begin = monday(now)
    runs = []
    for week in range(9, -1, -1):
        if week == 6:
            continue
        for day, hour in ((0, 7), (2, 18), (5, 9)):
            at = begin - datetime.timedelta(days=7 * week - day) + datetime.timedelta(hours=hour)
            if at > now or (week == 4 and day == 2):
                continue
            far = 9 - week
            runs.append(Run(at, running=6 + 2.4 * far + day, walking=24 - far - day / 2,
                            rests=max(0, 3 - far // 2 - day // 3), name=f"Beginner, week {far + 1}",
                            planned=30 + far, effort=4 + (far + day) % 5,
                            back=("none", "some", "none", "bad", "none")[(far + day) % 5],
                            note=None if day else f"Week {far + 1} <b>&amp; \"easy\"</b>"))
    return runs
