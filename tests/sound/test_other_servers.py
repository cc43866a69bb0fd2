"""PipeWire and JACK die in the middle of a run, others hang or are not there when it begins: the run
goes on, and when they are back, the next cue is in time.

What these servers tell of their own delay is not as exact as what PulseAudio tells, and there is
no good recorder for them. So it is the engine's word that counts here, and that of the server that
somebody plays.
"""

import os
import threading
import unittest
from pathlib import Path

import servers
import sound
from product import Home, wait_for

PROFILE = """
name: Others
cues: {halfway: no, verbosity: sparse}
steps:
  - run: 4s
  - walk: 11s
  - run: 3s
"""
FIRST, BACK, SECOND = 4, 8, 15  # seconds: a change, the server's return, a change
# By how many ms a cold stream may miss its time on a busy machine.
ABOUT = 250


class Survivor(threading.Thread):
    """A run through one server, and what became of it."""

    def __init__(self, name, server, configuration=""):
        super().__init__(name=name)
        self.server, self.configuration = server, configuration
        self.home = Home()
        self.problem = self.disturbed = None
        self.told = []

    def run(self):
        try:
            with self.server, self.home:
                self.go()
        except sound.Disturbed as why:
            self.disturbed = why
        except BaseException as problem:  # pylint: disable=broad-except
            self.problem = f"{problem!r} {self.told}\n{self.home.last_log}"

    def before(self):
        """What happens to the server before the run."""

    def at_last(self):
        """And after it, while the stream is still open."""

    def change(self, seconds):
        """How many ms after its time the change at that second began; None: it did not."""
        due = self.home.status()["origin_boot_ms"] + 1000 * seconds
        event = self.events.event(lambda event: event["event"] == "cue"
                                  and event["type"] == "change"
                                  and event["outcome"] not in ("planned", "withdrawn", "ended", "cut")
                                  and abs(event["boot_ms"] - due) < 1000)
        self.told.append(f"{seconds} s: {event['outcome']} {event['boot_ms'] - due:+} ms")
        return event["boot_ms"] - due if event["outcome"] in ("started", "late") else None

    def heard_in_time(self, seconds):
        late = self.change(seconds)
        assert late is not None
        if abs(late) > ABOUT:
            raise sound.Disturbed(f"{self.name}: {late} ms off")
        wait_for(self.server.hears, "somebody plays", interval=0.1)

    def go(self):
        self.home.environment.update(self.server.environment)
        self.home.profile("others", PROFILE)
        # The engine is to be up when its server dies, and to stay.
        self.home.configure("wake: 0s\nkeep-awake: 30s\nspeech: off\n" + self.configuration)
        self.before()
        self.home.start_daemon()
        self.events = self.home.connect()
        self.events.call("subscribe")
        self.home.start_run("others")
        self.first()
        self.server.kill()
        self.home.until(lambda status: status["session_ms"] >= 1000 * BACK, "it may come back")
        self.server.start()
        self.heard_in_time(SECOND)
        self.home.until(lambda status: status["state"] == "done", "the run is done")
        self.at_last()
        daemon = self.home.daemon.pid
        children = Path(f"/proc/{daemon}/task/{daemon}/children").read_text(encoding="ascii").split()
        assert self.home.stop_daemon() == 0
        wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), "all end")

    def first(self):
        self.heard_in_time(FIRST)


class Hung(Survivor):
    """The server does not die but hangs, until another takes its place."""

    def first(self):
        super().first()
        self.server.stop()


class SilentAtFirst(Survivor):
    """There is no sound to begin with."""

    def first(self):
        assert self.change(FIRST) is None


class HungAtFirst(SilentAtFirst):
    """The server hangs before anybody has asked it for anything, and again when all is to end."""

    def before(self):
        self.server.stop()

    def at_last(self):
        self.server.stop()


class OtherServers(unittest.TestCase):
    @sound.once_more_if_disturbed
    def test_a_run_survives_the_death_of_each(self):
        survivors = [
            Survivor("PipeWire, through ALSA's pulse plugin", servers.PipeWire(True)),
            Survivor("PipeWire, through pipewire-alsa", servers.PipeWire(False)),
            Survivor("JACK", servers.Jack(False), "output: JACK\n"),
            Survivor("JACK, through ALSA's jack plugin", servers.Jack(True)),
            Hung("PulseAudio, hung in the middle", sound.SoundServer()),
            HungAtFirst("PulseAudio, hung at first", sound.SoundServer()),
            SilentAtFirst("no device at all", servers.Nameless()),
        ]
        for survivor in survivors:
            survivor.start()
        for survivor in survivors:
            survivor.join()
            print(f"{survivor.name}: {', '.join(survivor.told)}")
        for survivor in survivors:
            with self.subTest(survivor.name):
                self.assertIsNone(survivor.problem, survivor.problem)
        for survivor in survivors:
            if survivor.disturbed:
                raise survivor.disturbed


if __name__ == "__main__":
    servers.have_own_memory()
    sound.main()
