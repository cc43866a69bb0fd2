"""The mixer: nanoseconds of the processor for a frame of a voice, with 1 to 64 voices.

Clips are resampled when they are loaded, so every voice costs the same whatever its file's rate.
"""

import resource
import subprocess

from figures import OURS, Figure, Limit, Ratio
from product import BUILD, PATIENCE

VOICES = (1, 4, 16, 64)
LOOP = Ratio(3, ("loop",))
FIGURES = (
    *(Figure(f"voices{count}", f"{count} voice{'s' if count > 1 else ''}", "ns", (LOOP,))
      for count in VOICES),
    Figure("more", "one voice more", "ns", (LOOP,)),
    Figure("linear", "64 voices to 1, all frames", "×", (Limit(64),)),
)
SECONDS = {"quick": 10, "default": 60}
SOUND = False

RATE = 48000


def program(who, voices):
    result = subprocess.run([BUILD / "tests/bench/mix_voices", who, str(voices)], text=True,
                            stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
    return float(result.stdout)


def sox(inputs, seconds, voices):
    """Reading and writing files is part of it: sox has nothing else."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [word for path in inputs[:voices] for word in ("-v", "1", path)]
    if voices == 1:
        words = words[2:]
    subprocess.run(["sox", *(["-m"] if voices > 1 else []), *words, "-t", "f32", "/dev/null"],
                   timeout=PATIENCE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1e9 / (seconds * RATE) / voices


def measure(context):
    seconds = context.pick(5, 60)
    inputs = [context.folder / f"{number}.wav" for number in range(max(VOICES))]
    subprocess.run(["sox", "-n", "-r", str(RATE), "-b", "32", "-e", "float", inputs[0], "synth",
                    str(seconds), "noise", "vol", "0.005"], timeout=PATIENCE, check=True)
    for path in inputs[1:]:
        path.symlink_to(inputs[0])

    def one(who):
        each = {count: sox(inputs, seconds, count) if who == "sox" else program(who, count)
                for count in VOICES}
        for count in VOICES:
            context.add(f"voices{count}", who, each[count])
        context.add("more", who, (64 * each[64] - each[1]) / 63)
        context.add("linear", who, 64 * each[64] / each[1])

    context.alternate(context.pick(1, 5),
                      {who: lambda who=who: one(who) for who in (OURS, "loop", "copy", "sox")})
