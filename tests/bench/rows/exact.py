"""When cues are heard against when they are due: jitter, offset and drift."""

import os
import signal
import subprocess
import time

import numpy
import script
import sound
from figures import OURS, Figure, Limit
from product import BUILD, PATIENCE, Home, boot_time
from sound import SoundServer
from sounds import RATE, Ear, write_tone

FIGURES = (
    Figure("frames", "simulated hour: off the frame the engine chose", "frames", (Limit(0),)),
    Figure("simulated", "simulated hour, device off by up to 300 ppm: off the clock at worst", "ms",
           (Limit(1),)),
    Figure("simulated_drift", "simulated hour: later at its end than at its beginning", "ms",
           (Limit(0.5),)),
    Figure("jitter", "heard: any two cues nearer or farther than they should be", "ms",
           (Limit(1),)),
    Figure("offset", "heard: off the boot clock, median", "ms"),
    Figure("drift", "heard: later at the end than at the beginning", "ms", (Limit(1),)),
)
SECONDS = {"quick": 60, "default": 250, "full": 3700}
SOUND = True

SHELL = "sleep and paplay"
RATES = (-300, -100, -20, 0, 20, 100, 300)
EVERY_S = 15
CLIP_S = 0.2
FEW = 3  # cues at each end, for the drift


def simulate(context):
    for rate in RATES:
        result = subprocess.run([BUILD / "tests/bench/simulated_hour", str(rate)], text=True,
                                stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
        off, worst, later = map(float, result.stdout.split())
        context.add("frames", OURS, off)
        context.add("simulated", OURS, worst)
        context.add("simulated_drift", OURS, abs(later))


def tell(context, who, ear, heard):
    """HEARD: the frame of each cue and the seconds at which it was due, of one origin."""
    late = [1e3 * (frame / RATE - due) for frame, due in heard]
    few = min(FEW, len(late) // 2)
    context.add("jitter", who, max(late) - min(late))
    context.add("drift", who, abs(numpy.mean(late[-few:]) - numpy.mean(late[:few])))
    return [1e3 * (ear.moment(frame) - due) for frame, due in heard]


def profile(cues):
    return ("name: Exact\ncues: {countdown: 0, halfway: no}\nsteps:\n"
            f"  - repeat: {max(2, cues // 2)}\n    steps:\n      - run: {EVERY_S}s\n"
            f"      - walk: {EVERY_S}s\n")


def find_ours(home, server, expected):
    """The change tones, which all are one sound, and the origin of the run on the boot clock."""
    tones = [cue for cue in expected.cues if cue.type == "change"]
    samples = server.recording.samples()
    heard = []
    for group in expected.groups():
        if group[0].type != "change":
            continue
        found = [frame for frame, _ in sound.find(samples, group[0].clip)]
        heard += list(zip(found, [cue.at for cue in group]))
    missing = len(tones) - len(heard)
    if missing:
        raise AssertionError(f"{missing} of {len(tones)} tones were not heard")
    return sorted(heard)


def end_group(process):
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


def measure(context):
    simulate(context)
    cues = context.pick(2, 14, 240)
    seconds = max(2, cues) * EVERY_S
    clip = write_tone(context.folder / "clip.wav", CLIP_S)
    servers = {who: context.enter(SoundServer()) for who in (OURS, SHELL)}
    home = context.enter(Home())
    home.environment.update(servers[OURS].environment)
    home.profile("exact", profile(cues))
    expected = script.Script(home, "exact")
    home.configure("keep-awake: 1s\n")
    home.start_daemon()

    loop = (f"while :; do paplay {clip}; sleep {EVERY_S - CLIP_S}; done")
    begun = boot_time()
    shell = subprocess.Popen(["bash", "-c", loop], env=servers[SHELL]._own_environment(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, start_new_session=True)
    context.stack.callback(end_group, shell)
    events = home.connect()
    events.call("subscribe")
    home.call("session.start", profile="exact")
    first = events.event(lambda event: event.get("type") == "change" and
                         event.get("outcome") in ("started", "late"))
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        context.say(f"listening, another {left:.0f} s")
        time.sleep(min(left, 30))
    home.until(lambda status: status["state"] == "done", "the run ends", patience=3 * PATIENCE,
               interval=0.5)
    time.sleep(1)
    heard = find_ours(home, servers[OURS], expected)
    origin = first["boot_ms"] / 1e3 - heard[0][1]
    offsets = tell(context, OURS, Ear(servers[OURS].recording), heard)
    context.add("offset", OURS, *(value - 1e3 * origin for value in offsets))

    frames = [begin for begin, _ in sound.loud(servers[SHELL].recording.samples())]
    due = [(frame, EVERY_S * number) for number, frame in enumerate(frames)]
    offsets = tell(context, SHELL, Ear(servers[SHELL].recording), due)
    context.add("offset", SHELL, *(value - 1e3 * begun for value in offsets))
    context.remark(f"Heard for {seconds / 60:.0f} min, a cue every {EVERY_S} s, the stream closed "
                   "and opened again between them. The recorder knows the boot clock to a few ms; "
                   "distances between cues are exact to the frame.")
