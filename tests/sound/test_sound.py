"""The harness hears what is played, and only that."""

import tempfile
import unittest
from pathlib import Path

import numpy

import sound


def noise(seed, length):
    return numpy.random.default_rng(seed).uniform(-0.3, 0.3, length).astype("f4")


class Finding(unittest.TestCase):
    def test_a_clip_is_found_at_its_frame_each_time_it_occurs(self):
        clip = noise(1, 4800)
        samples = numpy.zeros(sound.RATE * 5, dtype="f4")
        for at in (1000, 60007, 200003):
            samples[at:at + len(clip)] += clip * 0.5
        self.assertEqual([at for at, _ in sound.find(samples, clip)], [1000, 60007, 200003])

    def test_another_clip_is_not_found(self):
        samples = numpy.zeros(sound.RATE, dtype="f4")
        samples[5000:9800] = noise(2, 4800)
        self.assertEqual(sound.find(samples, noise(1, 4800)), [])

    def test_a_gap_lowers_the_match(self):
        clip = noise(3, 48000)
        torn = numpy.concatenate((clip[:20000], clip[24000:], noise(4, 48000)))
        self.assertTrue(all(match < sound.SAME for _, match in sound.find(torn, clip, 0.3)))

    def test_loud_stretches_are_told_from_silence(self):
        samples = numpy.zeros(sound.RATE, dtype="f4")
        samples[100:200] = 0.5
        samples[300:400] = 0.5
        samples[30000:30100] = 0.5
        self.assertEqual(sound.loud(samples), [(100, 400), (30000, 30100)])


class Recording(unittest.TestCase):
    @sound.once_more_if_disturbed
    def test_what_is_played_is_recorded_sample_by_sample(self):
        clip = noise(5, 9600)
        samples = numpy.zeros(sound.RATE * 2, dtype="f4")
        samples[4800:14400] = clip
        samples[80000:89600] = clip
        with tempfile.TemporaryDirectory() as folder, sound.SoundServer() as server:
            path = Path(folder) / "played.wav"
            sound.write_sound(path, samples, sound.RATE)
            server.play(path)
            heard = sound.wait_for(
                lambda: len(found := sound.find(server.recording.samples(), clip)) == 2 and found,
                "both clips arrive", interval=0.2)
        if min(match for _, match in heard) < sound.SAME:
            raise sound.Disturbed(heard)
        self.assertEqual(heard[1][0] - heard[0][0], 75200)


if __name__ == "__main__":
    sound.main()
