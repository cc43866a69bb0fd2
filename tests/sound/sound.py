"""A private sound server, recordings of what it plays, and the finding of clips in them.

PulseAudio runs with one null sink in a directory of its own, so nothing is heard and nothing of
the user's is touched. The sink's monitor is recorded for as long as the server lives, sample by
sample; a recording also knows at which boot time its frames came by, to some tens of ms.
"""

import bisect
import contextlib
import ctypes
import ctypes.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import wave
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from product import BUILD, PATIENCE, boot_time, wait_for  # noqa: E402

RATE = 48000
SUSPEND = 5  # seconds; what Debian's default.pa says
# Two recordings of the same clip agree this well unless the recorder lost samples.
SAME = 0.99


class Disturbed(Exception):
    """Samples were lost, or came late, as happens on a busy machine: perhaps nobody's fault."""


class Recording:
    """Float samples of the left channel, growing while the recorder runs.

    A null sink hands its monitor a block of BLOCK_MS when it begins to play it.
    """

    def __init__(self, environment, block_ms=50):
        self.chunks = []
        self.frames = 0
        self.origin = None  # the boot time of frame 0, as the least delayed chunk's end tells
        self.arrivals = []  # of each chunk its first frame, and when it came
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            ["parec", "-d", "test.monitor", "--format=float32le", f"--rate={RATE}", "--channels=2",
             f"--latency-msec={block_ms}", "--raw"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        rest = b""
        while True:
            received = self.process.stdout.read1(65536)
            if not received:
                return
            now = boot_time()
            data = rest + received
            whole = len(data) // 8 * 8
            rest = data[whole:]
            stereo = numpy.frombuffer(data[:whole], dtype="<f4").reshape(-1, 2)
            with self.lock:
                self.chunks.append(stereo[:, 0].copy())
                self.arrivals.append((self.frames, now))
                self.frames += len(stereo)
                origin = now - self.frames / RATE
                self.origin = origin if self.origin is None else min(origin, self.origin)

    def samples(self, first=0):
        """All that was recorded so far, from frame FIRST."""
        with self.lock:
            index = max(0, bisect.bisect(self.arrivals, first, key=lambda chunk: chunk[0]) - 1)
            if index == len(self.chunks):
                return numpy.zeros(0, "f4")
            return numpy.concatenate(self.chunks[index:])[max(0, first - self.arrivals[index][0]):]

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()


class SoundServer:
    """A PulseAudio of our own; `environment` is what its clients need. A context manager.

    PROPERTIES are those of its sink, such as "device.bus=bluetooth".

    Unless it is RECORDED nobody reads the sink's monitor; it takes blocks of 50 ms, as a device does,
    instead of 2 s, and is suspended when it has had nothing to play for a while, as on a person's
    machine.
    """

    def __init__(self, properties="", recorded=True, block_ms=50):
        self.properties = f" sink_properties={properties}" if properties else ""
        self.recorded = recorded
        self.block_ms = block_ms
        self.path = Path(tempfile.mkdtemp(prefix="rws-"))
        for part in ("run", "run/pulse", "state", "home"):
            (self.path / part).mkdir(mode=0o700)
        self.socket = self.path / "run/pulse/native"
        self.environment = {
            "PULSE_RUNTIME_PATH": str(self.path / "run/pulse"),
            "PULSE_STATE_PATH": str(self.path / "state"),
            "PULSE_COOKIE": str(self.path / "state/cookie"),
            "PULSE_SERVER": f"unix:{self.socket}",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        }
        self.process = None
        self.recording = None

    def _own_environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.path / "home"),
                "XDG_RUNTIME_DIR": str(self.path / "run"), **self.environment}

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.path, ignore_errors=True)

    def start(self):
        """Starts the server and the recorder; returns when samples arrive."""
        # What a killed server left behind would make the new one refuse its address.
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n", "--use-pid-file=no",
             "--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=null",
             "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
             "-L", f"module-null-sink sink_name=test rate={RATE} channels=2 format=float32le"
             + self.properties + ("" if self.recorded else " norewinds=1"),
             *([] if self.recorded else ["-L", f"module-suspend-on-idle timeout={SUSPEND}"])],
            env=self._own_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_for(self._ready, "the sound server answers")
        if not self.recorded:
            return
        self.recording = Recording(self._own_environment(), self.block_ms)
        # A null sink without a reader works in blocks of 2 s; the reader must be there earlier.
        wait_for(lambda: self.recording.frames > 2.5 * RATE, "the recorder hears the sink")

    def _ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"pulseaudio ended with {self.process.returncode}")
        return self.socket.exists() and self.control("info").returncode == 0

    def control(self, *words):
        return subprocess.run(["pactl", *words], env=self._own_environment(), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)

    def hears(self):
        """Whether somebody plays."""
        return bool(self.control("list", "short", "sink-inputs").stdout)

    def kill(self):
        """Ends server and recorder at once, as a crash does; the recording stays readable."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.recording:
            self.recording.close()

    def stop(self):
        """The server hangs from now on."""
        self.process.send_signal(signal.SIGSTOP)

    def proceed(self):
        self.process.send_signal(signal.SIGCONT)

    def play(self, path):
        """Plays a sound file to its end, for the tests of this module."""
        subprocess.run(["paplay", str(path)], env=self._own_environment(), timeout=PATIENCE,
                       stdin=subprocess.DEVNULL, check=True)


class _SfInfo(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("samplerate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


def _sndfile():
    library = ctypes.CDLL(ctypes.util.find_library("sndfile") or "libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.sf_readf_float.restype = ctypes.c_int64
    library.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_close.argtypes = [ctypes.c_void_p]
    return library


def read_sound(path):
    """The left channel of a WAV or FLAC file, and its rate."""
    library, info = _sndfile(), _SfInfo()
    file = library.sf_open(os.fsencode(path), 0x10, ctypes.byref(info))
    if not file:
        raise AssertionError(f"{path}: no sound file")
    with contextlib.ExitStack() as stack:
        stack.callback(library.sf_close, file)
        samples = numpy.empty((info.frames, info.channels), dtype="f4")
        if library.sf_readf_float(file, samples.ctypes.data, info.frames) != info.frames:
            raise AssertionError(f"{path}: shorter than it claims")
    return samples[:, 0].copy(), info.samplerate


def correlate(samples, clip):
    """Normalised cross-correlation: at each position where CLIP fits into SAMPLES, -1 to 1."""
    length = len(clip)
    if len(samples) < length:
        return numpy.zeros(0)
    # In parts that overlap, for one transform of all takes several times as long.
    size = 1 << min(max(17, (2 * length).bit_length()), (len(samples) + length - 1).bit_length())
    reference = numpy.conj(numpy.fft.rfft(clip, size))
    step = size - length + 1
    product = numpy.concatenate([
        numpy.fft.irfft(numpy.fft.rfft(samples[begin:begin + size], size) * reference, size)[:step]
        for begin in range(0, len(samples) - length + 1, step)])[:len(samples) - length + 1]
    energy = numpy.concatenate(([0.0], numpy.cumsum(numpy.square(samples, dtype="f8"))))
    energy = numpy.maximum(energy[length:] - energy[:-length], 0)
    clip_energy = float(numpy.sum(numpy.square(clip, dtype="f8")))
    # Silence matches nothing: require a thousandth of the clip's own energy.
    scale = numpy.sqrt(numpy.maximum(energy, clip_energy * 1e-3) * clip_energy)
    return product / scale


def find(samples, clip, threshold=0.9):
    """The frames at which CLIP begins in SAMPLES, and how well each matches, in order."""
    match = correlate(samples, clip)
    found = []
    candidates = numpy.flatnonzero(match >= threshold)
    while len(candidates):
        best = candidates[numpy.argmax(match[candidates])]
        found.append((int(best), float(match[best])))
        # Anything nearer than half the clip is a shoulder of the same peak.
        candidates = candidates[numpy.abs(candidates - best) > len(clip) // 2]
    return sorted(found)


def loud(samples, threshold_db=-60):
    """The stretches [begin, end) of SAMPLES that are not silent, gaps under 20 ms joined."""
    active = numpy.flatnonzero(numpy.abs(samples) > 10 ** (threshold_db / 20))
    if not len(active):
        return []
    breaks = numpy.flatnonzero(numpy.diff(active) > RATE // 50)
    begins = numpy.concatenate(([active[0]], active[breaks + 1]))
    ends = numpy.concatenate((active[breaks], [active[-1]])) + 1
    return [(int(begin), int(end)) for begin, end in zip(begins, ends)]


def lead_in(samples, begin):
    """For how many seconds before frame BEGIN a stream with dither was open, and how much of that
    was noise: where nothing plays the recorder hears zeros."""
    opened = int(numpy.flatnonzero(samples)[0])
    noisy = numpy.count_nonzero(samples[opened:begin]) / max(begin - opened, 1)
    return (begin - opened) / RATE, noisy


ATTEMPTS = 3


def once_more_if_disturbed(test):
    """Runs a test method again when it was disturbed: ATTEMPTS times is the product's fault."""
    def attempt(self):
        for number in range(1, ATTEMPTS + 1):
            try:
                test(self)
                return
            except Disturbed as why:
                if number == ATTEMPTS:
                    self.fail(f"disturbed {number} times: {why}")
                print(f"disturbed ({why}); once more")
                self.doCleanups()
                self.setUp()
    attempt.__name__ = test.__name__
    attempt.__doc__ = test.__doc__
    return attempt


def keep(samples, name, spoken):
    """Leaves a recording in the build directory, for the recogniser and for people.

    SPOKEN lists what was said in it: the text, the first frame and the one after the last.
    """
    folder = BUILD / "recordings"
    folder.mkdir(exist_ok=True)
    write_sound(folder / f"{name}.wav", samples, RATE)
    entries = [{"text": text, "begin": begin, "end": end} for text, begin, end in spoken]
    (folder / f"{name}.json").write_text(json.dumps(entries, indent=1))


def write_sound(path, samples, rate):
    """Writes SAMPLES as a 16-bit mono WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(numpy.rint(numpy.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def main():
    unittest.main(verbosity=2)
