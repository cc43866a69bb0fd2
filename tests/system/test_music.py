"""Music of the runner's own: it plays, keeps to the run, and outlives the sound's process."""

import struct
import wave

from product import ProductTest

PROFILE = """
name: Long
steps:
  - run: 5m
"""


def write_music(path, seconds):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", i * 500 % 8000) for i in range(8000 * seconds)))


class Music(ProductTest):
    def setUp(self):
        super().setUp()
        self.folder = self.home.path / "music"
        self.folder.mkdir()
        write_music(self.folder / "1 first.wav", 20)
        self.home.profile("long", PROFILE)

    def music(self, *words):
        return self.home.run("music", *words).stdout.strip()

    def test_it_keeps_to_the_run(self):
        self.home.configure(f'output: "null"\nmusic: {self.folder}\n')
        self.home.start_daemon()
        self.assertEqual(self.music(), "music: off")
        self.home.start_run("long")
        self.assertEqual(self.music(), "music: playing, 1 first.wav")
        self.home.run("pause")
        self.assertEqual(self.music(), "music: paused, 1 first.wav")
        self.home.run("resume")
        self.assertEqual(self.music(), "music: playing, 1 first.wav")
        self.home.run("stop")
        self.assertEqual(self.music(), "music: off")

    def test_it_plays_when_it_is_asked_for(self):
        self.home.configure('output: "null"\n')
        self.home.start_daemon()
        self.assertEqual(self.music(str(self.folder / "1 first.wav")),
                         "music: playing, 1 first.wav")
        self.home.until(lambda status: status["output"]["state"] == "ready", "there is sound")
        self.assertEqual(self.music("stop"), "music: off")
        refused = self.home.run("music", str(self.home.path / "nothing"), expect=2)
        self.assertIn("No such file", refused.stderr)


if __name__ == "__main__":
    import unittest
    unittest.main(verbosity=2)
