"""From a command to what is heard of it: `pause` to silence, `skip` to the new cue."""

import random
import time

from figures import OURS, Figure, Limit, Ratio, percentile
from peers import PEERS
from product import Home, boot_time
from sound import SoundServer
from sounds import RATE, Ear, steepest, write_tone

LATENCIES = {"default": "", "low": "latency: low\n"}
BOUND = {"default": 150, "low": 60}
GAP = 0.003  # seconds of silence; soon after it runwalk says that it is paused
APART = 1.2  # seconds of silence, longer than any between a cue's tone and its words
ANSWERED = 4  # seconds, after which "Go on" is said, and the music as loud as before
CLICK_FREE = 1.05  # times the signal's own greatest step

FIGURES = tuple(
    figure for name in LATENCIES for figure in (
        Figure(f"pause_{name}", f"`pause` to silence, latency {name}", "ms"),
        Figure(f"pause_{name}_p99", f"`pause` to silence, latency {name}, 99th percentile", "ms",
               (Limit(BOUND[name]),)),
        Figure(f"step_{name}", f"greatest step while it falls silent, latency {name}",
               "times the tone's own", (Limit(CLICK_FREE),)),
        Figure(f"skip_{name}", f"`skip` to the new cue, latency {name}", "ms"),
        Figure(f"skip_{name}_p99", f"`skip` to the new cue, latency {name}, 99th percentile", "ms",
               (Limit(BOUND[name]),))))
SECONDS = {"quick": 50, "default": 290}
SOUND = True

TONE_S = 60
STEPS = "steps:\n  - repeat: 100\n    steps:\n      - run: 1m\n      - walk: 1m\n"
SILENT = "name: Silent\ncues: {verbosity: silent}\n" + STEPS
SPOKEN = "name: Spoken\n" + STEPS


def pause_once(ear, pause):
    """(ms to silence, the greatest step there against the tone's own)."""
    begin = boot_time()
    pause()
    silent = ear.until_silent(begin, GAP)
    samples = ear.recording.samples()
    quiet, told = ear.frame(silent), ear.frame(begin)
    own = steepest(samples[told - RATE // 10:told])
    return 1e3 * (silent - begin), steepest(samples[told:quiet + round(GAP / 2 * RATE)]) / own


def pauses(ear, pause, resume, settle):
    """One pause while nothing but the tone is heard, at any moment of the buffer."""
    ear.until_silent(boot_time(), APART / 2)
    resume()
    ear.until_heard(boot_time())
    time.sleep(settle + random.uniform(0, 0.2))
    return pause_once(ear, pause)


def skips(ear, home):
    ear.until_silent(boot_time(), APART)
    begin = boot_time()
    home.call("session.skip")
    return 1e3 * (ear.until_heard(begin) - begin)


def our_home(context, server, name):
    home = context.enter(Home())
    home.environment.update(server.environment)
    # Both hear each other and the players as somebody else's music.
    home.configure(LATENCIES[name] + "wake: 0s\nduck: off\n")
    home.profile("silent", SILENT)
    home.profile("spoken", SPOKEN)
    home.start_daemon()
    return home


def measure_pauses(context, ear, tone, homes, players):
    found = {}

    def ours(name, home):
        found.setdefault(name, []).append(pauses(
            ear, lambda: home.call("session.pause"), lambda: home.call("session.resume"),
            ANSWERED))

    def peers(player):
        found.setdefault(player.name, []).append(
            pauses(ear, player.pause, player.resume, APART / 2))

    for home in homes.values():
        home.call("music.play", path=str(tone))
        home.start_run("silent")
        home.call("session.pause")
    for player in players:
        player.load(tone)
        player.play()
        player.pause()
    context.alternate(context.pick(1, 12), {
        **{f"pause, {OURS} {name}": lambda name=name, home=home: ours(name, home)
           for name, home in homes.items()},
        **{f"pause, {player.name}": lambda player=player: peers(player) for player in players}})
    for name in LATENCIES:
        for who, values in ((OURS, found[name]), *((p.name, found[p.name]) for p in players)):
            times = [taken for taken, _ in values]
            context.add(f"pause_{name}", who, *times)
            context.add(f"pause_{name}_p99", who, percentile(times, 99))
            context.add(f"step_{name}", who, max(step for _, step in values))
    for home in homes.values():
        home.call("session.stop")
        home.call("music.stop")


def measure_skips(context, ear, homes):
    for name, home in homes.items():
        home.start_run("spoken")
        ear.until_heard(boot_time())
        skips(ear, home)  # after a command the stream stays open for a while
        times = []
        for number in range(context.pick(1, 12)):
            context.say(f"skip, latency {name}, {number + 1}")
            times.append(skips(ear, home))
        context.add(f"skip_{name}", OURS, *times)
        context.add(f"skip_{name}_p99", OURS, percentile(times, 99))
        home.call("session.stop")


def measure(context):
    server = context.enter(SoundServer(block_ms=10))
    ear = Ear(server.recording)
    tone = write_tone(context.folder / "tone.wav", TONE_S)
    homes = {name: our_home(context, server, name) for name in LATENCIES}
    players = [context.enter(peer(context.folder / peer.name, server)) for peer in PEERS]
    measure_pauses(context, ear, tone, homes, players)
    measure_skips(context, ear, homes)
    context.remark("The peers are native clients of the sound server: it forgets what it holds of "
                   "theirs, a hard cut. Through PortAudio and ALSA what is buffered is played.")
