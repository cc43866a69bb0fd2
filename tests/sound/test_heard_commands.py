"""What the command line does to a run is heard, and the rest of the run moves with it."""

import script
import sound
from product import ProductTest

PROFILE = """
name: Commands
cues: {halfway: no}
steps:
  - run: 10s
  - walk: 30s
  - run: 12s
  - cooldown: 20s
"""


# The daemon tells times in whole milliseconds.
ALMOST = script.EXACT + 0.002


def check_distance(heard, due):
    """What was heard that many seconds after something else was due by so many."""
    print(f"{due:.3f} s later, off by {1e3 * (heard - due):+.3f} ms")
    if abs(heard - due) > ALMOST:
        raise sound.Disturbed(f"heard after {heard:.4f} s, and due after {due:.4f} s")


def origin(status):
    """The boot time, in seconds, at which the session's clock would have read zero."""
    return status["origin_boot_ms"] / 1000


class HeardCommands(ProductTest):
    def heard(self, cue, count):
        """Waits until CUE has been heard COUNT times; returns the last one's second."""
        listener = self.listeners.setdefault(
            (cue.type, cue.at), script.Listener(self.server.recording, cue))

        def look():
            found = listener.times()
            self.assertLessEqual(len(found), count, f"{cue.text} is heard too often")
            return found if len(found) == count else None
        return sound.wait_for(look, f"{cue.text} is heard {count} times", interval=0.5)[-1]

    def voice_after(self, begin, end):
        """Whether something is heard between two seconds of the recording."""
        samples = self.server.recording.samples()
        return sound.loud(samples[int(begin * sound.RATE):int(end * sound.RATE)])

    @sound.once_more_if_disturbed
    def test_pause_resume_skip_back_and_extend_are_heard(self):
        home = self.home
        with sound.SoundServer() as server:
            self.server = server
            home.environment.update(server.environment)
            home.profile("commands", PROFILE)
            expected = script.Script(home, "commands")
            run, walk = expected.cue("run"), expected.cue("walk")
            cooldown = expected.cue("cooldown")
            self.spoken = []
            self.listeners = {}
            home.start_daemon()
            home.run("start", "commands")
            try:
                self.drive(home, run, walk, cooldown)
            finally:
                sound.keep(server.recording.samples(), "heard_commands", self.spoken)

    def drive(self, home, run, walk, cooldown):
        recording = self.server.recording
        first_run = self.heard(run, 1)
        home.until(lambda status: status["session_ms"] > 4000, "four seconds have passed")

        # The pause is said, and then there is silence for as long as it lasts.
        before = origin(home.status())
        home.run("pause")
        paused_at = recording.frames / sound.RATE
        sound.wait_for(lambda: recording.frames / sound.RATE > paused_at + 4, "four seconds")
        self.assertTrue(self.voice_after(paused_at, paused_at + 2.5), "the pause is said")
        self.spoken.append(("Workout paused.", int((paused_at - 0.2) * sound.RATE),
                            int((paused_at + 3) * sound.RATE)))
        self.assertFalse(self.voice_after(paused_at + 3, paused_at + 4), "a pause is silent")
        home.run("resume")
        shift = origin(home.status()) - before
        self.assertGreater(shift, 3)

        # All that follows is later by the length of the pause.
        first_walk = self.heard(walk, 1)
        check_distance(first_walk - first_run, 10 + shift)

        # A skip begins the next segment at once.
        home.run("skip")
        skipped_at = recording.frames / sound.RATE
        second_run = self.heard(run, 2)
        self.assertLess(abs(second_run - skipped_at), 1)

        # Back, after three seconds, begins the segment again.
        home.until(lambda status: status["session_ms"] - status["segment"]["start_ms"] > 3500,
                   "three and a half seconds of the run have passed")
        home.run("back")
        third_run = self.heard(run, 3)
        self.assertGreater(third_run - second_run, 3.5)

        # Five seconds more: the next change is later by just that. (What a command begins is
        # heard one output latency after it; what follows is exact again.)
        home.run("extend", "5s")
        status = home.status()
        segment = status["segment"]
        self.assertEqual(segment["end_ms"] - segment["start_ms"], 17000)
        change = self.heard(cooldown, 1 + (1 if script.same(walk.clip, cooldown.clip) else 0))
        due = origin(status) + segment["end_ms"] / 1000 - before
        check_distance(change - first_run, due)

        # Stop is said, and then nothing follows.
        home.run("stop")
        home.until(lambda status: status["state"] == "stopped", "the run is stopped")
        stopped_at = recording.frames / sound.RATE
        sound.wait_for(lambda: recording.frames / sound.RATE > stopped_at + 5, "five seconds")
        self.assertTrue(self.voice_after(stopped_at, stopped_at + 3), "the stop is said")
        self.assertFalse(self.voice_after(stopped_at + 4, stopped_at + 5), "it is over")


if __name__ == "__main__":
    sound.main()
