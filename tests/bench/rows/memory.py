"""Memory of its own (PSS) and written (private dirty): with the pack and an hour's profile."""

import time

from figures import OURS, Figure, Limit, Ratio
from peers import PEERS
from processes import family, memory
from product import Home
from sound import SoundServer

FIGURES = (
    Figure("pss", "in a run, silent, PSS", "MB", (Ratio(1 / 8), Limit(6))),
    Figure("dirty", "in a run, silent, private dirty", "MB"),
    Figure("sounding_pss", "while a cue sounds, with engine and ducker, PSS", "MB", (Ratio(1 / 2),)),
    Figure("sounding_dirty", "while a cue sounds, with engine and ducker, private dirty", "MB"),
    Figure("large", "what 86,400 segments add, PSS", "MB", (Limit(1),)),
)
SECONDS = {"quick": 20, "default": 60}
SOUND = True

HOUR = ("name: Hour\nsteps:\n  - warmup: 5m\n  - repeat: 10\n    steps:\n"
        "      - run: 4m\n      - walk: 1m\n  - cooldown: 5m\n")
# A day of single seconds.
DAY = ("name: Day\ncues: {verbosity: silent}\nsteps:\n  - repeat: 43200\n    steps:\n"
       "      - run: 1s\n      - walk: 1s\n")
HEARD_S = 3


def with_profile(context, server, text):
    """A daemon that runs the profile, after its first cue."""
    home = context.enter(Home())
    home.environment.update(server.environment)
    home.configure("keep-awake: 0s\n")
    home.profile("measured", text)
    home.start_daemon()
    home.start_run("measured")
    return home


def while_sounding(home):
    """The most of it that is used while the first cue sounds."""
    most = (0.0, 0.0)
    end = time.monotonic() + HEARD_S
    while time.monotonic() < end:
        now = memory(family([home.daemon.pid]))
        most = max(most, now)
        time.sleep(0.05)
    return most


def alone(home):
    """The daemon by itself, when the engine has gone."""
    home.until(lambda _: len(family([home.daemon.pid])) <= 2, "the engine is gone", interval=0.1)
    return memory([home.daemon.pid])


def measure(context):
    server = context.enter(SoundServer(recorded=False))
    for number in range(context.pick(1, 3)):
        context.say(f"{OURS}, {number + 1}")
        home = with_profile(context, server, HOUR)
        for key, value in zip(("sounding_pss", "sounding_dirty"), while_sounding(home)):
            context.add(key, OURS, value)
        hour = alone(home)
        for key, value in zip(("pss", "dirty"), hour):
            context.add(key, OURS, value)
        home.stop_daemon()
        home = with_profile(context, server, DAY)
        context.add("large", OURS, memory([home.daemon.pid])[0] - hour[0])
        home.stop_daemon()
        for peer in PEERS:
            context.say(f"{peer.name}, {number + 1}")
            with peer(context.folder / f"{peer.name}{number}", server) as player:
                pss, dirty = memory(player.pids())
            for state in ("", "sounding_"):
                context.add(f"{state}pss", peer.name, pss)
                context.add(f"{state}dirty", peer.name, dirty)
    context.remark("mpd and mpv are idle, with nothing loaded, in every line.")
