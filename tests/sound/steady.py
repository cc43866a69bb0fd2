"""Usage: steady.py [MINUTES]

One recorded session of so many minutes (120) in real time: every change is heard where the boot
clock wants it. Not among the tests, for it takes its time, and a machine with nothing else to do:
`scripts/steady` runs it.

The recorder's frames are an exact clock from one change to the next, but nobody says when frame 0
was, and on a busy machine some are lost. So each change comes with a guess of that, too: no chunk
arrives before it was played, and of the hundreds around a change one is hardly delayed. The
guesses show what the frames cannot: a slow drift, and frames that were lost.
"""

import contextlib
import json
import sqlite3
import statistics
import sys

import numpy

import script
import sound
from product import Home

ROUND = 60  # seconds of a run and a walk
LIMIT = 0.005  # how far a cue may be from the boot clock
KEPT = 30 * sound.RATE  # how much of the recording is kept


class Tape(sound.Recording):
    """A recording that forgets what is older than KEPT, and is asked about one cue after another."""

    def __init__(self, environment):
        self.forgotten = 0
        super().__init__(environment)

    def place(self, clip, due):
        """The second of the recording at which CLIP is heard about DUE, and the boot time of its
        second 0 as the chunks since the last question tell; None when it is not heard once."""
        with self.lock:
            samples, first, origin = numpy.concatenate(self.chunks), self.forgotten, self.origin
            self.origin = None
            while self.frames - self.forgotten > KEPT:
                self.forgotten += len(self.chunks.pop(0))
        begin = max(int((due - 0.5 - origin) * sound.RATE) - first, 0)
        found = sound.find(samples[begin:begin + len(clip) + sound.RATE], clip)
        return ((first + begin + found[0][0]) / sound.RATE, origin) if len(found) == 1 else None


class Places:
    """Where changes were heard, against where they belong."""

    def __init__(self):
        self.reference = None
        self.guesses = []  # of how late each was, with an unknown constant
        self.worst = 0
        self.lost = 0

    def add(self, at, origin, due):
        """Takes a change that was due at boot time DUE; returns how far it is off."""
        self.guesses.append(at + origin - due)
        if self.reference is None:
            self.reference = at - due
        off = at - due - self.reference
        if abs(off) > LIMIT and abs(self.guesses[-1] - statistics.median(self.guesses)) < LIMIT:
            # Frames are missing: the recording is shorter than the time.
            self.lost += 1
            self.reference += off
            off = 0
        self.worst = max(self.worst, abs(off))
        return off

    def drift(self):
        return statistics.median(self.guesses[-15:]) - statistics.median(self.guesses[:15])

    def __str__(self):
        return (f"{len(self.guesses)} changes, worst {1e3 * self.worst:.3f} ms, drift "
                f"{1e3 * self.drift():+.2f} ms, frames lost {self.lost} times")


def own_word(home):
    """What the daemon has written down itself: by how much a cue missed its time, and underruns."""
    with contextlib.closing(sqlite3.connect(home.state / "runwalk/history.db", timeout=10)) as db:
        off, = db.execute("SELECT max(abs(began_clock_ns - due_clock_ns)) FROM cues").fetchone()
        lost, = db.execute("SELECT count(*) FROM incidents WHERE incident = 'underrun'").fetchone()
    return f"the engine says {(off or 0) / 1e6:.3f} ms at worst, {lost} times out of breath"


def profile(minutes):
    return (f"name: Steady\ncues: {{halfway: no}}\nsteps:\n  - repeat: {minutes}\n    steps:\n"
            f"      - run: {ROUND // 2}s\n      - walk: {ROUND // 2}s\n")


def main():
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    with Home() as home, sound.SoundServer() as server:
        home.environment.update(server.environment)
        home.profile("short", profile(2))
        home.profile("steady", profile(minutes))
        expected = script.Script(home, "short")
        tone = {kind: expected.cue(kind, 1).clip for kind in ("run", "walk")}
        lines = home.run("timeline", "steady", "--json").stdout.splitlines()
        changes = [event for event in map(json.loads, lines) if event["event"] == "segment"]
        server.recording.close()
        # pylint: disable=protected-access
        server.recording = tape = Tape(server._own_environment())
        sound.wait_for(lambda: tape.frames > 2.5 * sound.RATE, "the recorder hears the sink")
        home.start_daemon()
        home.start_run("steady")
        begun = home.status()["origin_boot_ms"] / 1000
        places, missed = Places(), 0
        for number, change in enumerate(changes[1:], 1):
            due = begun + change["t_ms"] / 1000
            sound.wait_for(lambda: sound.boot_time() > due + 2, "the change is heard",
                           patience=2 * ROUND, interval=1)
            place = tape.place(tone[change["kind"]], due)
            if place is None:
                missed += 1
                print(f"{change['t_ms'] / 1000:.0f} s: not heard", flush=True)
            elif abs(places.add(*place, due)) > LIMIT or number % 10 == 0:
                print(f"{change['t_ms'] / 60000:.1f} min: {places}; {own_word(home)}", flush=True)
        print(f"{minutes} min: {places}, {missed} not heard; {own_word(home)}")
        return 1 if missed or places.worst > LIMIT or abs(places.drift()) > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
