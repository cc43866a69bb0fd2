"""The sound server dies, or hangs, in the middle of a run; the next cue after that is in time."""

import time

import script
import sound
from product import ProductTest

PROFILE = """
name: Faults
cues: {halfway: no}
steps:
  - run: 5s
  - walk: 12s
  - run: 5s
  - cooldown: 3s
"""

# How well the recorder knows what time it is.
ABOUT = 0.25
# The spacing in a recording; after a fault the server itself has to find its pace again.
STEADY = 0.01


class ServerFaults(ProductTest):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(sound.SoundServer())
        self.home.environment.update(self.server.environment)
        self.home.profile("faults", PROFILE)
        self.expected = script.Script(self.home, "faults")
        self.home.start_daemon()
        self.home.start_run("faults")

    def until_session(self, seconds):
        return self.home.until(lambda status: status["session_ms"] >= seconds * 1000,
                               f"second {seconds} of the session")

    def rest_is_heard_in_time(self, seconds):
        """Every cue due after that second is heard once, evenly spaced, at its boot time."""
        origin = self.home.status()["origin_boot_ms"] / 1000
        recording = self.server.recording
        script.until_recorded(self.home, recording, self.expected)
        self.expected.cues = [cue for cue in self.expected.cues if cue.at >= seconds]
        skipped = int((origin + seconds - 1 - recording.origin) * sound.RATE)
        heard = script.follow(recording.samples()[max(skipped, 0):], self.expected)
        script.tell(heard)
        first = recording.origin + max(skipped, 0) / sound.RATE + heard[0].at
        late = first - (origin + heard[0].cue.at)
        print(f"the first cue after the fault is off by about {1e3 * late:.0f} ms")
        self.assertGreater(len(heard), 5)
        self.assertLess(abs(late), ABOUT)
        script.check_spacing(heard, STEADY)

    @sound.once_more_if_disturbed
    def test_a_killed_and_restarted_server_is_found_again(self):
        self.until_session(7)
        self.server.kill()
        self.home.run("status")
        self.until_session(9)
        self.server.start()
        self.rest_is_heard_in_time(17)

    @sound.once_more_if_disturbed
    def test_the_daemon_answers_while_the_server_hangs_and_speaks_after(self):
        self.until_session(4.5)
        self.server.stop()
        slowest = 0
        while self.until_session(0)["session_ms"] < 11000:
            begin = time.monotonic()
            self.home.run("status")
            slowest = max(slowest, time.monotonic() - begin)
        print(f"slowest answer while the server hung: {1e3 * slowest:.0f} ms")
        self.server.proceed()
        self.rest_is_heard_in_time(17)


if __name__ == "__main__":
    sound.main()
