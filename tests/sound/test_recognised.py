"""A speech recogniser understands what was recorded, as a runner would.

It reads the recordings that the other tests leave, and one of all that the English pack says, and
chooses among all those sentences which one was said. (Whether and when something was said in a
run, the other tests have proved.)
"""

import json
import os
import re
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

import sound
from product import BUILD, PATIENCE, wait_for

MODEL = Path("/usr/share/pocketsphinx/model/en-us")
RATE = 16000
CHANNELS = 32  # as many as a sound server has: 32 sentences are heard at a time
GAP = sound.RATE // 5

NUMBERS = "two three four five six seven eight nine ten eleven twelve".split()
# What might as well have been said.
DECOYS = (
    ["run", "walk", "last run", "warm up", "cool down", "rest", "halfway", "done", "still paused",
     "workout paused", "walk that was the last run", "thirty seconds more", "ten seconds",
     "thirty seconds less", "last run in ten seconds", "choose a workout first"]
    + [f"run {one} of {all}" for all in NUMBERS for one in ["one", *NUMBERS] if one != all]
    + [f"{kind} one minute {rest}".strip() for kind in ("run", "walk")
       for rest in ("", "thirty", "fifteen", "forty five")]
    + [f"stopped at {number} minutes" for number in NUMBERS])


def plain(text):
    """A sentence as the recogniser writes it: lower case, without punctuation."""
    return " ".join(re.sub(r"[^a-z' ]", " ", text.lower()).split())


def known_words():
    lines = (MODEL / "cmudict-en-us.dict").read_text().splitlines()
    return {line.split()[0] for line in lines if line}


def at_recogniser_rate(samples):
    """From 48 kHz to 16 kHz, by way of the spectrum."""
    length = len(samples) // 3
    spectrum = numpy.fft.rfft(samples[:length * 3])
    return numpy.fft.irfft(spectrum[:length // 2 + 1], length) / 3


def recognise(clips, sentences):
    """Which of SENTENCES each of CLIPS is; "" for none."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        silence = numpy.zeros(RATE // 5)
        for number, clip in enumerate(clips):
            padded = numpy.concatenate((silence, at_recogniser_rate(clip), silence))
            sound.write_sound(folder / f"{number}.wav", padded, RATE)
        (folder / "list").write_text("".join(f"{number}\n" for number in range(len(clips))))
        (folder / "grammar").write_text(
            "#JSGF V1.0;\ngrammar run;\npublic <sentence> =\n  " + "\n| ".join(sentences) + ";\n")
        subprocess.run(
            ["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", folder,
             "-cepext", ".wav", "-ctl", folder / "list", "-hyp", folder / "heard",
             "-jsgf", folder / "grammar", "-hmm", MODEL / "en-us",
             "-dict", MODEL / "cmudict-en-us.dict", "-logfn", "/dev/null"],
            check=True, stdin=subprocess.DEVNULL, timeout=300)
        lines = (folder / "heard").read_text().splitlines()
    heard = {int(line.rsplit(" ", 2)[-2].strip("(")): line.rsplit("(", 1)[0].strip()
             for line in lines}
    return [heard.get(number, "") for number in range(len(clips))]


def speak_words(folder):
    """All that the pack says, as the engine joins it: the sentences, and the sound of each."""
    told = subprocess.run([BUILD / "tests/sound/speak_words", folder], check=True, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=PATIENCE)
    sentences = [plain(line) for line in told.stdout.splitlines()]
    return sentences, [numpy.fromfile(folder / f"{number}.f32", "f4")
                       for number in range(len(sentences))]


def spread(clips):
    """Puts CLIPS on CHANNELS one after the other: the sound, and for each its channel and frame."""
    ends = [sound.RATE // 2] * CHANNELS
    places = []
    for clip in sorted(range(len(clips)), key=lambda number: -len(clips[number])):
        channel = ends.index(min(ends))
        places.append((clip, channel, ends[channel]))
        ends[channel] += len(clips[clip]) + GAP
    samples = numpy.zeros((max(ends), CHANNELS), "f4")
    for clip, channel, begin in places:
        samples[begin:begin + len(clips[clip]), channel] = clips[clip]
    return samples, [(channel, begin) for _, channel, begin in sorted(places)]


def through_server(server, samples):
    """SAMPLES as they come out of a sink of the sound server; perhaps not at the first frame."""
    environment = {**os.environ, **server.environment}
    form = ["--raw", "--format=float32le", f"--rate={sound.RATE}", f"--channels={CHANNELS}",
            "--channel-map=" + ",".join(f"aux{number}" for number in range(CHANNELS))]
    made = server.control("load-module", "module-null-sink", "sink_name=many", "format=float32le",
                          f"rate={sound.RATE}", f"channels={CHANNELS}", form[-1][2:].replace(
                              "channel-map", "channel_map"))
    if made.returncode:
        raise AssertionError(f"no sink with {CHANNELS} channels: {made.stdout}")
    with tempfile.TemporaryFile() as recorded:
        recorder = subprocess.Popen(
            ["parec", "-d", "many.monitor", "--latency-msec=100", *form], env=environment,
            stdin=subprocess.DEVNULL, stdout=recorded, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: os.fstat(recorded.fileno()).st_size > 0, "the recorder hears the sink")
            subprocess.run(["pacat", "-d", "many", "--latency-msec=500", *form], env=environment,
                           input=samples.tobytes(), timeout=PATIENCE, check=True)
            size = os.fstat(recorded.fileno()).st_size + 4 * CHANNELS * sound.RATE
            wait_for(lambda: os.fstat(recorded.fileno()).st_size > size, "the end is recorded")
        finally:
            recorder.kill()
            recorder.wait()
        recorded.seek(0)
        frames = numpy.frombuffer(recorded.read(), "<f4")
    return frames[:len(frames) // CHANNELS * CHANNELS].reshape(-1, CHANNELS)


class Recognised(unittest.TestCase):
    @sound.once_more_if_disturbed
    def test_all_that_the_pack_says_is_told_apart(self):
        with tempfile.TemporaryDirectory() as folder, sound.SoundServer() as server:
            said, clips = speak_words(Path(folder))
            samples, places = spread(clips)
            recorded = through_server(server, samples)
        # All channels are as late as the first clip of each is.
        first = min(range(len(clips)), key=lambda number: places[number][1])
        found = sound.find(recorded[:, places[first][0]], clips[first], sound.SAME)
        if not found:
            raise sound.Disturbed("the first sentence was not found in the recording")
        shift = found[0][0] - places[first][1]
        cut = []
        for clip, (channel, begin) in zip(clips, places):
            cut.append(recorded[begin + shift:begin + shift + len(clip), channel])
            if len(cut[-1]) < len(clip) or numpy.max(numpy.abs(cut[-1] - clip)) > 1e-3:
                raise sound.Disturbed("the recording is not what was played")

        self.assertLessEqual({word for one in said for word in one.split()}, known_words())
        with ThreadPoolExecutor(2) as pool:
            halves = list(pool.map(lambda part: recognise(part, sorted(set(said))),
                                   (cut[::2], cut[1::2])))
        heard = [halves[number % 2][number // 2] for number in range(len(said))]
        wrong = [f"{one!r} -> {other!r}" for one, other in zip(said, heard) if one != other]
        print(f"{len(said) - len(wrong)} of {len(said)} sentences understood", *wrong, sep="\n! ")
        self.assertGreaterEqual(len(said), 180)
        self.assertLessEqual(len(wrong), 0.05 * len(said))
        for word in ("run", "walk", "warm up", "cool down", "rest", "exercise", "last run",
                     "halfway"):
            self.assertIn(word, heard)

    def test_the_words_of_a_run_are_understood(self):
        words = known_words()
        said, clips = [], []
        for name in ("heard_session", "heard_commands", "heard_live"):
            samples, _ = sound.read_sound(BUILD / f"recordings/{name}.wav")
            for one in json.loads((BUILD / f"recordings/{name}.json").read_text()):
                sentence = plain(one["text"])
                if sentence and set(sentence.split()) <= words:
                    said.append(sentence)
                    clips.append(samples[one["begin"]:one["end"]])

        heard = recognise(clips, sorted({*said, *DECOYS}))
        for right, understood in zip(said, heard):
            print(f"{'  ' if right == understood else '! '}{right!r} -> {understood!r}")
        rights = sum(right == understood for right, understood in zip(said, heard))
        print(f"{rights} of {len(said)} sentences understood")
        for word in ("run", "walk", "paused", "done"):
            self.assertTrue(any(word in one.split() for one in said), f"nothing with {word} is said")
            self.assertTrue(any(word in one.split() for one in heard), f"no {word} is understood")
        self.assertGreaterEqual(rights, 0.9 * len(said))


if __name__ == "__main__":
    sound.main()
