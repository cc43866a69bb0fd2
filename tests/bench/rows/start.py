"""From the start of the process to its first answer; from the command to play to the first sound."""

import time

from figures import OURS, Figure, Limit, Ratio
from peers import PEERS
from processes import command, family
from product import Home, Refused, boot_time, wait_for
from sound import SoundServer
from sounds import Ear, write_tone

FIGURES = (
    Figure("ready", "process start to first answer", "ms", (Ratio(1 / 2),)),
    Figure("first", "`start` to first sound, the first in the life of the daemon", "ms"),
    Figure("cold", "`start` to first sound, no engine", "ms", (Limit(150),)),
    Figure("warm", "`start` to first sound, stream open", "ms", (Limit(160),)),
)
SECONDS = {"quick": 40, "default": 140}
SOUND = True

SETTINGS = "wake: 0s\n"
LATENCY_MS = 140
PROFILE = "name: Short\nsteps:\n  - run: 1m\n  - walk: 1m\n"
PAUSE = 0.5  # of silence in the monitor before each try


def answer_time(spawn, answers, end):
    begin = time.monotonic()
    spawn()
    while not answers():
        time.sleep(0.0002)
    taken = time.monotonic() - begin
    end()
    return 1e3 * taken


def our_answer(home):
    def answers():
        try:
            return home.status()
        except (OSError, ConnectionError):
            return None

    def spawn():
        home.daemon = home.spawn_daemon()
    return answer_time(spawn, answers, home.stop_daemon)


def peer_answer(context, peer, number):
    player = peer(context.folder / f"{peer.name}-{number}")
    return answer_time(player.spawn, player.answers, player.__exit__)


def measure_ready(context):
    home = context.enter(Home())
    home.configure('output: "null"\n')
    numbers = iter(range(1000))
    measures = {OURS: lambda: context.add("ready", OURS, our_answer(home))}
    for peer in PEERS:
        measures[peer.name] = lambda peer=peer: context.add(
            "ready", peer.name, peer_answer(context, peer, next(numbers)))
    context.alternate(context.pick(2, 15), measures)


def no_engine(home):
    return "runwalk-engine" not in map(command, family([home.daemon.pid]))


def stop_run(home):
    try:
        home.call("session.stop")
    except Refused:
        pass  # none was going on


def our_first_sound(context, home, ear, key):
    ear.until_silent(boot_time(), PAUSE)
    begin = boot_time()
    home.call("session.start", profile="short")
    context.add(key, OURS, 1e3 * (ear.until_heard(begin) - begin))
    stop_run(home)


def peer_first_sound(context, player, ear, key):
    ear.until_silent(boot_time(), PAUSE)
    begin = boot_time()
    player.play()
    context.add(key, player.name, 1e3 * (ear.until_heard(begin) - begin))
    player.stop()


def measure(context):
    measure_ready(context)
    server = context.enter(SoundServer(block_ms=10))
    ear = Ear(server.recording)
    tone = write_tone(context.folder / "tone.wav", 5)
    home = context.enter(Home())
    home.environment.update(server.environment)
    home.configure(SETTINGS)
    home.profile("short", PROFILE)
    players = [context.enter(peer(context.folder / peer.name, server)) for peer in PEERS]
    for player in players:
        player.load(tone)

    def ours():
        home.start_daemon()
        our_first_sound(context, home, ear, "first")
        # After a command the engine is still there for a while.
        our_first_sound(context, home, ear, "warm")
        wait_for(lambda: no_engine(home), "the engine is gone")
        our_first_sound(context, home, ear, "cold")
        home.stop_daemon()

    measures = {OURS: ours}
    for player in players:
        measures[player.name] = lambda player=player: [
            peer_first_sound(context, player, ear, key) for key in ("first", "warm", "cold")]
    context.alternate(context.pick(1, 5), measures)
    context.remark(f"The buffer is the default of {LATENCY_MS} ms; warm may take 20 ms more. "
                   "The first start in the life of a daemon allows 150 ms for the output to open; from "
                   "then on it is known how long that takes. mpd and mpv run and have the file, and "
                   "open the stream when told to play; a sound server hears a native client at once."
                   )
