"""Sounds to play, and what is looked for in the recording of a sound server's monitor."""

import bisect

import numpy
import sound

RATE = sound.RATE
LOUD = 10 ** (-60 / 20)


def write_tone(path, seconds, frequency=440.0, amplitude=0.25):
    """A tone that begins with its greatest sample, so that its first frame can be told."""
    frames = numpy.arange(round(seconds * RATE))
    sound.write_sound(path, amplitude * numpy.cos(2 * numpy.pi * frequency * frames / RATE), RATE)
    return path


def steepest(samples):
    """The greatest step from one sample to the next."""
    return float(numpy.max(numpy.abs(numpy.diff(samples)), initial=0))


class Ear:
    """Listens to a recording: when, on the boot clock, something can or cannot be heard.

    What was played when is told by the least delayed chunk near it: a server that has to take back
    what it had already mixed hands out frames that were never played, so no count lasts for long.
    """

    NEAR = 0.3  # seconds

    def __init__(self, recording):
        self.recording = recording

    def near(self, value, part, distance):
        """Chunks whose first frame (PART 0) or coming (PART 1) lies within DISTANCE of VALUE."""
        with self.recording.lock:
            chunks = self.recording.arrivals
            begin, end = (bisect.bisect(chunks, edge, key=lambda chunk: chunk[part])
                          for edge in (value - distance, value + distance))
            return chunks[begin:end]

    def frame(self, moment):
        near = [first + (moment - came) * RATE for first, came in self.near(moment, 1, self.NEAR)]
        return max(0, round(max(near))) if near else self.recording.frames

    def moment(self, frame):
        return min(came + (frame - first) / RATE
                   for first, came in self.near(frame, 0, self.NEAR * RATE))

    def since(self, moment):
        """The first frame that is played at MOMENT or later, and the samples from there."""
        first = self.frame(moment)
        return first, self.recording.samples(first)

    def until_heard(self, since, patience=20):
        """The moment of the first loud sample after SINCE; it waits for it."""
        def look():
            first, samples = self.since(since)
            loud = numpy.flatnonzero(numpy.abs(samples) > LOUD)
            return self.moment(first + loud[0]) if len(loud) else None
        return sound.wait_for(look, "a sound is heard", patience)

    def until_silent(self, since, seconds=0.01, patience=20):
        """The moment after SINCE from which SECONDS or more are silent; it waits for it."""
        def look():
            first, samples = self.since(since)
            loud = numpy.flatnonzero(numpy.abs(samples) > LOUD)
            edges = numpy.concatenate(([-1], loud, [len(samples)]))
            gaps = numpy.flatnonzero(numpy.diff(edges) > seconds * RATE)
            return self.moment(first + edges[gaps[0]] + 1) if len(gaps) else None
        return sound.wait_for(look, "it falls silent", patience)
