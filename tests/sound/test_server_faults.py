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

QUIET = """
name: Quiet
cues: {halfway: no}
steps:
  - run: 4s
  - walk: 8s
  - run: 8s
  - walk: 5s
  - cooldown: 9s
"""


class ServerFaults(ProductTest):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(sound.SoundServer())
        self.home.environment.update(self.server.environment)
        self.home.start_daemon()

    def begin(self, profile):
        self.home.profile("faults", profile)
        self.expected = script.Script(self.home, "faults")
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
        self.begin(PROFILE)
        self.until_session(7)
        self.server.kill()
        self.home.run("status")
        self.until_session(9)
        self.server.start()
        self.rest_is_heard_in_time(17)

    @sound.once_more_if_disturbed
    def test_the_daemon_answers_while_the_server_hangs_and_speaks_after(self):
        self.begin(PROFILE)
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

    def cue(self, kind, *outcomes, text=""):
        """The next event that tells one of OUTCOMES of a cue of that KIND, whose words hold TEXT."""
        def look(event):
            if event["event"] != "cue":
                return False
            self.told.append(event)
            return event["type"] == kind and event["outcome"] in outcomes and text in event["text"]
        return self.events.event(look)

    def until_output(self, state):
        return self.home.until(lambda status: status["output"]["state"] == state,
                               f"the output is {state}")["output"]

    def dies(self, state, problem):
        """The server dies; from then on the output is in that STATE."""
        self.server.kill()
        output = self.until_output(state)
        self.assertEqual(output["problem"], problem)
        shown = self.home.run("status").stdout
        self.assertEqual("Problem:" in shown, bool(problem), shown)

    def change_is_heard(self, step, number):
        """The change to that step is heard once, when it is due."""
        cue = self.expected.cue(step, number)
        due = self.home.status()["origin_boot_ms"] / 1000 + cue.at
        end = due + len(cue.clip) / sound.RATE + script.ON_ITS_WAY
        recording = self.server.recording
        sound.wait_for(lambda: recording.origin + recording.frames / sound.RATE > end,
                       f"the change to {step} is recorded")
        begin = max(due - 0.5, recording.origin)
        samples = recording.samples()[int((begin - recording.origin) * sound.RATE):]
        found = [begin + at - due for at in script.times(samples, cue)]
        print(f"the change to {step} is off by about {[round(1e3 * at) for at in found]} ms")
        self.assertEqual(len(found), 1)
        self.assertLess(abs(found[0]), ABOUT)

    @sound.once_more_if_disturbed
    def test_a_server_that_dies_in_a_silence_is_found_again_and_costs_no_cue(self):
        self.events = self.home.connect()
        self.events.call("subscribe")
        self.told = []
        self.begin(QUIET)

        # No stream is open, and none is missed.
        self.cue("announce", "ended", text="Walk.")
        self.until_output("off")
        self.dies("off", "")
        self.server.start()
        self.change_is_heard("run", 1)

        # The stream is kept for what may be commanded next.
        self.cue("announce", "ended", text="Last run.")
        self.home.run("pause")
        self.cue("answer", "ended", text="Workout paused.")
        self.dies("waiting", "the sound output went away")
        self.server.start()
        self.home.run("resume")
        self.assertEqual(self.until_output("ready")["problem"], "")
        self.change_is_heard("walk", 1)

        # Nothing was lost, so nothing is said but what the commands ask for.
        self.cue("announce", "ended", text="Walk.")
        answers = [event["text"] for event in self.told
                   if event["type"] == "answer" and event["outcome"] == "planned"]
        self.assertEqual(len(answers), 2, answers)
        self.assertTrue(answers[1].startswith("Run."), answers)
        self.assertFalse([event for event in self.told if event["outcome"] in ("cut", "dropped")])

        # Now a change is missed, and one sentence tells where the runner is.
        self.dies("waiting", "the sound output went away")
        self.cue("change", "dropped")
        self.server.start()
        self.cue("answer", "started", "late", text="Cool down.")


if __name__ == "__main__":
    sound.main()
