"""A session through daemon, engine, PortAudio and a sound server, as an earphone gets it."""

import script
import sound
from product import ProductTest, Refused

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

        seconds, noisy = sound.lead_in(samples, heard[0].frame)
        self.assertGreaterEqual(seconds, 1)
        self.assertLess(seconds, 4)
        self.assertGreater(noisy, 0.5)

        script.tell(heard)
        script.check_spacing(heard)
        self.assertGreater(len(heard), 12)
        self.assertEqual([one.cue.at for one in heard], [cue.at for cue in expected.cues])
        self.assertEqual(script.leftovers(samples, heard), [])

    def test_bluetooth_earphones_are_woken_when_that_is_automatic(self):
        home = self.home
        with sound.SoundServer("device.bus=bluetooth") as server:
            home.environment.update(server.environment)
            home.configure("wake: auto\nkeep-awake: 0s\ndither: yes\n")
            home.start_daemon()
            for _ in range(2):  # the second time the daemon knows what sink it is
                begin = server.recording.frames
                with self.assertRaises(Refused):
                    home.call("session.toggle")
                sound.wait_for(lambda: sound.loud(server.recording.samples()[begin:]), "a cue",
                               interval=0.5)
                sound.wait_for(lambda: not server.recording.samples()[-sound.RATE:].any(),
                               "the stream is closed", interval=0.5)
            samples = server.recording.samples()[begin:]
        seconds, noisy = sound.lead_in(samples, sound.loud(samples)[0][0])
        print(f"{seconds:.3f} s of faint noise before the words")
        self.assertGreaterEqual(seconds, 1)
        self.assertGreater(noisy, 0.5)


if __name__ == "__main__":
    sound.main()
