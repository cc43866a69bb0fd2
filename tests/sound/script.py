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


def times(samples, cue):
    """The seconds at which CUE is heard in SAMPLES."""
    found = sound.find(samples, cue.clip)
    for _, match in found:
        if match < sound.SAME:
            raise sound.Disturbed(f"{cue.text!r} matches only to {match:.4f}")
    return [frame / sound.RATE for frame, _ in found]


def follow(samples, script):
    """Finds every cue of SCRIPT in SAMPLES, each as often as it is due.

    Returns a list of Heard in order; raises AssertionError when one is absent or doubled.
    """
    heard = []
    for group in script.groups():
        found = times(samples, group[0])
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
