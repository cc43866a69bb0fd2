"""A session as a sound file: how many times faster than real time, the file safe on the disk.

The peers are handed each cue as it comes out of runwalk, cut out, levelled and resampled, and put
them in their places over the same music; runwalk decodes, levels and resamples from the sound pack.
"""

import json
import os
import resource
import shlex
import subprocess
import time
import wave

import numpy
from figures import OURS, Figure, Ratio
from product import BUILD, Home

BOUNDS = (Ratio(10, ("sox", "ffmpeg")), Ratio(1 / 2, ("write",)))
FIGURES = (
    Figure("music", "with music, × real time", "×", BOUNDS, True),
    Figure("music_cpu", "with music, processor", "s"),
    Figure("voice", "without music, × real time", "×", BOUNDS, True),
    Figure("voice_cpu", "without music, processor", "s"),
)
SECONDS = {"quick": 12, "default": 480}
SOUND = False

RATE, FRAME_BYTES, MUSIC_SECONDS = 48000, 6, 300
MUSIC_AFTER = 240  # frames: the mixer's look-ahead
HOUR = ("name: Hour\nsteps:\n  - warmup: 5m\n  - repeat: 20\n    steps:\n"
        "      - run: 90s\n      - walk: 60s\n  - cooldown: 5m\n")


def run(words, **options):
    subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, check=True, **options)


def music_make(path):
    """Plucked chords with noise for a drum, as loud as music is mastered."""
    run(["sox", "-n", "-r", RATE, "-b", 16, "-c", 2, path, "synth", "2.5", "pluck", "A2", "pluck",
         "E3", "synth", "2.5", "noise", "mix", "fade", "h", "0", "2.5", "2.4", "repeat",
         int(MUSIC_SECONDS / 2.5) - 1, "gain", "-n", "-0.3"])


def data_find(path):
    """The bytes of the sound in a WAV of 24 bits, mapped and not read."""
    with open(path, "rb") as file:
        at = file.read(1 << 16).index(b"data") + 8
    size = (path.stat().st_size - at) // FRAME_BYTES * FRAME_BYTES
    return numpy.memmap(path, numpy.uint8, "r", at, (size,))


def samples(data, first, end):
    """Frames of both channels as numbers, one channel after the other in each frame."""
    steps = data[first * FRAME_BYTES:end * FRAME_BYTES].reshape(-1, 3).astype(numpy.int32)
    return ((steps[:, 0] << 8 | steps[:, 1] << 16 | steps[:, 2] << 24) >> 8).astype(float)


class Session:
    """What the peers need to know: the pieces in order, each up to where the next one begins."""

    def __init__(self, context, home):
        self.folder, self.environment = context.folder, home.environment
        self.music = self.folder / "music.wav"
        music_make(self.music)
        self.profile = home.profile("hour", HOUR) if context.pick(0, 1) else "quickstart"
        silent = self.folder / "reference.wav"
        self.runwalk(silent, False)
        data = data_find(silent)
        self.frames = len(data) // FRAME_BYTES
        lines = home.run("timeline", self.profile, "--seed", "1", "--json").stdout.splitlines()
        cues = [event for event in map(json.loads, lines) if event["event"] == "cue"]
        self.starts = [cue["t_ms"] * RATE // 1000 for cue in cues]
        self.ends = [*self.starts[1:], self.frames]
        self.pieces = []
        for number, (cue, start, end) in enumerate(zip(cues, self.starts, self.ends)):
            # A cue may begin between two milliseconds, and its last one is rounded up.
            last = min(end, start + (cue["duration_ms"] + 2) * RATE // 1000)
            start = 0 if number == 0 else start
            path = self.folder / f"piece{number}.wav"
            with wave.open(str(path), "wb") as piece:
                piece.setnchannels(2)
                piece.setsampwidth(3)
                piece.setframerate(RATE)
                piece.writeframes(data[start * FRAME_BYTES:last * FRAME_BYTES].tobytes())
            self.pieces.append((path, last - start, end - start))
        self.write_scripts()

    def write_scripts(self):
        padded = (shlex.quote(f"|sox {path} -p pad 0 {length - sounds}s")
                  for path, sounds, length in self.pieces)
        self.voice_script = self.folder / "voice.sh"
        self.voice_script.write_text(f"exec sox {' '.join(padded)} -p\n")
        graph = [f"[{i}]apad=whole_len={length}[p{i}];"
                 for i, (_, _, length) in enumerate(self.pieces)]
        graph += [f"[p{i}]" for i in range(len(self.pieces))]
        graph += [f"concat=n={len(self.pieces)}:v=0:a=1"]
        self.voice_graph = self.folder / "voice.graph"
        self.voice_graph.write_text("".join(graph))
        self.mixed_graph = self.folder / "mixed.graph"
        self.mixed_graph.write_text("".join(graph) + f"[v];[{len(self.pieces)}]volume=-6dB,"
                                    f"adelay={MUSIC_AFTER}S:all=1[m];"
                                    "[v][m]amix=inputs=2:duration=first:normalize=0")

    def runwalk(self, out, music):
        run([BUILD / "runwalk", "render", self.profile, out, "--seed", 1,
             *(["--music", self.music] if music else [])], env=self.environment)

    def sox(self, out, music):
        voice = f"|sh {self.voice_script}"
        if not music:
            run(["sox", voice, "-b", 24, out])
            return
        times = self.frames // (MUSIC_SECONDS * RATE)
        music = f"|sox {self.music} -p repeat {times} pad {MUSIC_AFTER}s 0"
        run(["sox", "-m", "-v", 1, voice, "-v", 0.5012, music, "-b", 24, out,
             "trim", 0, f"{self.frames}s"])

    def ffmpeg(self, out, music):
        inputs = [word for path, _, _ in self.pieces for word in ("-i", path)]
        if music:
            inputs += ["-stream_loop", -1, "-i", self.music]
        run(["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex_script",
             self.mixed_graph if music else self.voice_graph, "-c:a", "pcm_s24le", out])

    def write(self, out, _):
        block = os.urandom(1 << 20)
        left = self.frames * FRAME_BYTES
        with open(out, "wb", buffering=0) as file:
            while left > 0:
                left -= file.write(block[:left])

    def compare(self, ours, other, who, music):
        """The same sound: as long, and alike around cues, but that only ours lowers the music."""
        ours, other = data_find(ours), data_find(other)
        if abs(len(ours) - len(other)) > FRAME_BYTES:
            raise AssertionError(f"{who} made {len(other)} bytes, runwalk {len(ours)}")
        for start in self.starts[1:-1:max(1, len(self.starts) // 20)]:
            one, two = (samples(data, max(0, start - RATE), start + 2 * RATE)
                        for data in (ours, other))
            alike = numpy.corrcoef(one, two)[0, 1]
            if not alike > (0.7 if music else 0.999):
                raise AssertionError(f"{who} is unlike runwalk at frame {start}: {alike:.2f}")


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    return sum(one.ru_utime + one.ru_stime for one in usage)


def measure(context):
    home = context.enter(Home())
    session = Session(context, home)
    makers = {OURS: session.runwalk, "sox": session.sox, "ffmpeg": session.ffmpeg,
              "write": session.write}

    def one(who, music, check):
        kind = "music" if music else "voice"
        out = context.folder / f"{who}.wav"
        cpu, begin = spent(), time.monotonic()
        makers[who](out, music)
        descriptor = os.open(out, os.O_RDWR)
        os.fsync(descriptor)
        os.close(descriptor)
        context.add(kind, who, session.frames / RATE / (time.monotonic() - begin))
        context.add(f"{kind}_cpu", who, spent() - cpu)
        if not check:
            out.unlink()

    for music in (True, False):
        context.alternate(1, {who: lambda who=who: one(who, music, True) for who in makers})
        ours = context.folder / f"{OURS}.wav"
        for who in ("sox", "ffmpeg"):
            session.compare(ours, context.folder / f"{who}.wav", who, music)
        for who in makers:
            (context.folder / f"{who}.wav").unlink()
        context.alternate(context.pick(0, 4), {who: lambda who=who: one(who, music, False)
                                               for who in makers})
