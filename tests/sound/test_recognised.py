"""A speech recogniser understands what was recorded, as a runner would.

It reads the recordings that the other tests leave, and chooses among all sentences that a run
may contain: which one was said. (Whether and when something was said, those tests have proved.)
"""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy

import sound
from product import BUILD

MODEL = Path("/usr/share/pocketsphinx/model/en-us")
RATE = 16000

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


class Recognised(unittest.TestCase):
    def test_the_words_of_a_run_are_understood(self):
        words = known_words()
        said, clips = [], []
        for name in ("heard_session", "heard_commands"):
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
