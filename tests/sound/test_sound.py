"""The harness hears what is played, and only that."""

import tempfile
import types
import unittest
from pathlib import Path

import numpy

import script
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

    def test_what_grows_is_searched_as_if_it_were_all_there(self):
        clip = numpy.sin(numpy.arange(2400) / 9).astype("f4")  # with shoulders almost as high
        samples = numpy.zeros(20000, dtype="f4")
        for at in (1000, 6007, 16003):
            samples[at:at + len(clip)] += clip

        class Growing:
            """A part of the samples, one that ends anywhere around a clip among others."""
            length = 0

            def samples(self):
                return samples[:self.length]

        for length in range(6007 + 1200, 6007 + 2 * 2400, 11):
            recording = Growing()
            listener = script.Listener(recording, script.Cue(0, "change", "", clip))
            for recording.length in (length, length + 11, len(samples)):
                found = listener.times()
            self.assertEqual([round(at * sound.RATE) for at in found], [1000, 6007, 16003])

    def test_a_clip_that_lost_samples_is_disturbed_and_an_absent_one_is_not_there(self):
        clip = noise(6, 48000)
        expected = types.SimpleNamespace(groups=lambda: [[script.Cue(0, "say", "Words", clip)]])
        silence = numpy.zeros(sound.RATE, dtype="f4")
        torn = numpy.concatenate((silence, clip[:30000], clip[33000:], silence))
        with self.assertRaises(sound.Disturbed):
            script.follow(torn, expected)
        with self.assertRaises(AssertionError):
            script.follow(numpy.concatenate((silence, noise(7, 48000))), expected)

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
