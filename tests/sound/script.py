"""What a session should sound like, and whether a recording does.

The expectation comes from the product's own offline side: `runwalk timeline` says when each cue
begins and how long it is, `runwalk render` what it sounds like.
"""

import json
from dataclasses import dataclass

import numpy

import sound

# Cues are on the frame their engine chose, within 1 ms of the clock.
EXACT = 0.001
# As much of a clip that lost samples is still recognised.
DAMAGED = 0.5
# So many seconds may pass until the recorder has what is played, on a busy machine.
ON_ITS_WAY = 1.5


@dataclass
class Cue:
    at: float  # seconds of session time
    type: str
    text: str
    clip: numpy.ndarray


@dataclass
class Heard:
    cue: Cue
    at: float  # seconds of the recording
    frame: int


def same(one, other):
    """Whether two clips are one sound (which `render` places to the frame)."""
    if len(one) != len(other):
        return False
    scale = numpy.sqrt(float(numpy.dot(one, one)) * float(numpy.dot(other, other)))
    return scale > 0 and float(numpy.dot(one, other)) / scale > 0.999


class Script:
    """The cues of a profile in order."""

    def __init__(self, home, profile):
        path = home.path / "reference.wav"
        home.run("render", profile, path, "--seed", "1")
        samples, rate = sound.read_sound(path)
        assert rate == sound.RATE, rate
        lines = home.run("timeline", profile, "--json").stdout.splitlines()
        self.events = [json.loads(line) for line in lines]
        self.segments = [event for event in self.events if event["event"] == "segment"]
        self.cues = []
        for event in self.events:
            if event["event"] == "cue":
                begin = event["t_ms"] * sound.RATE // 1000
                clip = samples[begin:begin + event["duration_ms"] * sound.RATE // 1000]
                self.cues.append(Cue(event["t_ms"] / 1000, event["cue"], event["text"], clip))

    def cue(self, kind, number=0):
        """The change tone of the segment that is the NUMBER-th of its kind."""
        start = [s for s in self.segments if s["kind"] == kind][number]["t_ms"] / 1000
        return next(cue for cue in self.cues if cue.at == start and cue.type == "change")

    def groups(self):
        """The cues by sound: those that cannot be told apart stand together."""
        groups = []
        for cue in self.cues:
            for group in groups:
                if same(group[0].clip, cue.clip):
                    group.append(cue)
                    break
            else:
                groups.append([cue])
        return groups


def until_recorded(home, recording, script):
    """Waits until the session is over and its last cue is recorded.

    By the clock, for to search meanwhile would take the processor from what is to be heard.
    """
    sound.wait_for(lambda: home.status()["state"] == "done", "the session ends", interval=0.1)
    last = script.cues[-1]
    rest = last.at + len(last.clip) / sound.RATE - script.events[-1]["t_ms"] / 1000
    wanted = recording.frames + (max(rest, 0) + ON_ITS_WAY) * sound.RATE
    sound.wait_for(lambda: recording.frames > wanted, "the last cue is recorded")


def times(samples, cue, begin=0, end=None):
    """The seconds at which CUE is heard in SAMPLES: from frame BEGIN on and before END."""
    found = []
    first = max(begin - len(cue.clip) // 2, 0)  # what is found there hides its own shoulders
    for frame, match in sound.find(samples[first:], cue.clip):
        if first + frame >= begin and (end is None or first + frame < end):
            if match < sound.SAME:
                raise sound.Disturbed(f"{cue.text!r} matches only to {match:.4f}")
            found.append((first + frame) / sound.RATE)
    return found


class Listener:
    """Finds CUE in a RECORDING that still grows, and searches each part of it once."""

    def __init__(self, recording, cue):
        self.recording, self.cue = recording, cue
        self.begin = 0
        self.found = []

    def times(self):
        """The seconds at which CUE has been heard so far."""
        samples = self.recording.samples()
        # What begins later is not there to its end, or may match better with a little more.
        end = len(samples) - len(self.cue.clip) * 3 // 2
        if end > self.begin:
            self.found += times(samples, self.cue, self.begin, end)
            self.begin = end
        return self.found


def follow(samples, script):
    """Finds every cue of SCRIPT in SAMPLES, each as often as it is due.

    Returns a list of Heard in order; raises AssertionError when one is absent or doubled, and
    Disturbed when it is there, but damaged.
    """
    heard = []
    for group in script.groups():
        found = times(samples, group[0])
        if len(found) < len(group) <= len(sound.find(samples, group[0].clip, DAMAGED)):
            raise sound.Disturbed(f"{group[0].text!r} ({group[0].type}) has lost samples")
        if len(found) != len(group):
            raise AssertionError(
                f"{group[0].text!r} ({group[0].type}) is due {len(group)} times, "
                f"at {[cue.at for cue in group]}, and heard {len(found)} times, at {found}")
        heard += [Heard(cue, at, round(at * sound.RATE)) for cue, at in zip(group, found)]
    return sorted(heard, key=lambda one: one.at)


def worst_spacing(heard):
    """By how many seconds any two of HEARD are nearer or farther than their timeline says."""
    offsets = [one.at - one.cue.at for one in heard]
    return max(offsets) - min(offsets)


def check_spacing(heard, limit=EXACT):
    """Any two of HEARD are as far apart as their timeline says."""
    worst = worst_spacing(heard)
    print(f"{len(heard)} cues, spacing within {1e3 * worst:.3f} ms")
    if worst >= limit:
        raise sound.Disturbed(f"spacing is off by {1e3 * worst:.3f} ms")


def tell(heard):
    """Prints what was heard when, and by how much that is off the first cue's time, in ms."""
    for one in heard:
        off = 1e3 * ((one.at - one.cue.at) - (heard[0].at - heard[0].cue.at))
        print(f"  {one.cue.at:8.3f} {off:+8.3f}  {one.cue.type:9} {one.cue.text}")


def leftovers(samples, heard):
    """The loud stretches of SAMPLES, in seconds, that belong to no cue."""
    rest = samples.copy()
    margin = sound.RATE // 50
    for one in heard:
        rest[max(one.frame - margin, 0):one.frame + len(one.cue.clip) + margin] = 0
    return [(begin / sound.RATE, end / sound.RATE) for begin, end in sound.loud(rest)]
