"""What a runner says in one word is answered, and the answer is heard: rest, ready, easier, pain,
cooldown, and the question in the end."""

import re
from contextlib import closing
from pathlib import Path

import script
import sound
from product import ProductTest

PROFILE = """
name: Live
cues: {verbosity: sparse, halfway: no, countdown: off}
steps:
  - run: 60s
  - walk: 60s
  - cooldown: 60s
"""
PACK = Path(__file__).parents[2] / "sounds/en"
# The daemon tells times in whole milliseconds, twice.
ALMOST = script.EXACT + 0.003


def phrases():
    """What each clip of the pack says, the longest first."""
    listed = re.findall(r'text: "([^"]*)".*?file: "([^"]*)"', (PACK / "pack.yaml").read_text())
    return sorted(listed, key=lambda entry: -len(entry[0]))


class HeardLive(ProductTest):
    def event(self, wanted, outcome):
        """The next cue that says WANTED and has come to OUTCOME."""
        return self.client.event(lambda event: event["event"] == "cue"
                                 and event["outcome"] == outcome
                                 and re.search(wanted, event["text"]))

    def heard(self, wanted):
        """Waits until what says WANTED is over; remembers when it was on."""
        started = self.event(wanted, "started")
        ended = self.event(wanted, "ended")
        self.cues.append((started["text"], started["boot_ms"] / 1000, ended["boot_ms"] / 1000))

    @sound.once_more_if_disturbed
    def test_rest_easier_pain_and_cooldown_are_heard(self):
        self.cues = []
        home = self.home
        with sound.SoundServer() as server:
            home.environment.update(server.environment)
            home.profile("live", PROFILE)
            home.start_daemon()
            tone = script.Script(home, "live").cue("run")
            with closing(home.connect()) as self.client:
                self.client.call("subscribe")
                home.run("start", "live")
                began = self.client.event(lambda event: event["event"] == "cue" and
                                          event["outcome"] == "started")["boot_ms"] / 1000
                self.drive(home)
            recording = server.recording
            end = recording.frames + sound.RATE
            sound.wait_for(lambda: recording.frames > end, "the last word is recorded")
            samples = recording.samples()
        origin = script.times(samples, tone)[0]
        spoken = [(text, int((origin + on - began) * sound.RATE),
                   int((origin + off - began) * sound.RATE)) for text, on, off in self.cues]
        sound.keep(samples, "heard_live", spoken)
        for text, begin, _ in spoken:
            self.check(samples, text, begin)

    def drive(self, home):
        self.heard("^Run")
        home.run("rest", "20s")
        self.heard("Twenty seconds at most")
        self.heard("run again")
        home.run("easier")
        self.heard("horter runs from here")
        home.run("ready")
        self.heard("^Good")
        home.run("pain", "knee")
        self.heard("Walk gently")
        home.run("cooldown")
        self.heard("ool down")
        home.run("stop")
        self.heard("Stopped at")
        self.heard("Does it still hurt")

    def check(self, samples, text, begin):
        """The first clip of TEXT is heard where the daemon says."""
        said, file = next(entry for entry in phrases() if text.lower().startswith(entry[0].lower()))
        clip, rate = sound.read_sound(PACK / file)
        if rate != sound.RATE:  # the engine's resampling is another one: only near to it
            print(f"{text!r}: {said!r} is at {rate} Hz")
            self.assertTrue(sound.loud(samples[begin:begin + sound.RATE]), text)
            return
        window = samples[max(begin - sound.RATE // 2, 0):begin + len(clip) + sound.RATE // 2]
        found = sound.find(window, clip)
        self.assertEqual(len(found), 1, f"{text!r} is heard {len(found)} times")
        off = found[0][0] / sound.RATE - min(begin, sound.RATE // 2) / sound.RATE
        print(f"{text!r}: {found[0][1]:.4f}, off by {1e3 * off:+.3f} ms")
        if abs(off) > ALMOST:
            raise sound.Disturbed(f"{text!r} is heard {off:.4f} s beside its time")


if __name__ == "__main__":
    sound.main()
