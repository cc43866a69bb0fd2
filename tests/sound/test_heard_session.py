"""A session through daemon, engine, PortAudio and a sound server, as an earphone gets it."""

import numpy
import script
import sound
from product import ProductTest

PROFILE = """
name: Heard
steps:
  - warmup: 4s
  - run: 21s
    say: Look far ahead.
  - walk: 5s
  - run: 8s
  - cooldown: 4s
"""


def lead_in(samples, begin):
    """How many seconds before frame BEGIN the stream was opened, and how much of that is noise."""
    opened = int(numpy.flatnonzero(samples)[0])
    return (begin - opened) / sound.RATE, numpy.count_nonzero(samples[opened:begin]) / (
        begin - opened)


class HeardSession(ProductTest):
    @sound.once_more_if_disturbed
    def test_every_cue_is_heard_once_and_in_time(self):
        home = self.home
        with sound.SoundServer() as server:
            home.environment.update(server.environment)
            home.profile("heard", PROFILE)
            home.configure("wake: 1s\ndither: yes\n")
            expected = script.Script(home, "heard")
            home.start_daemon()
            home.run("start", "heard")
            script.until_recorded(home, server.recording, expected)
            samples = server.recording.samples()
            heard = script.follow(samples, expected)
            # Tones are no words, and `say` may come from a speech engine of any quality.
            spoken = [(one.cue.text, one.frame, one.frame + len(one.cue.clip)) for one in heard
                      if one.cue.type not in ("change", "countdown", "say")]
            sound.keep(samples, "heard_session", spoken)

        # Where nothing plays the recorder hears zeros; the open stream is never that silent.
        seconds, noisy = lead_in(samples, heard[0].frame)
        self.assertGreaterEqual(seconds, 1)
        self.assertLess(seconds, 4)
        self.assertGreater(noisy, 0.5)

        script.tell(heard)
        script.check_spacing(heard)
        self.assertGreater(len(heard), 12)
        self.assertEqual([one.cue.at for one in heard], [cue.at for cue in expected.cues])
        self.assertEqual(script.leftovers(samples, heard), [])


if __name__ == "__main__":
    sound.main()
