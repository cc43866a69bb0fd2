"""Wakeups and processor time in a run with 30 s between cues, with the sound server's share."""

from figures import OURS, Figure, Limit, Ratio
from processes import command, family
from product import wait_for
from side_by_side import SideBySide

FIGURES = (
    Figure("wakeups", "the whole stretch, wakeups", "1/s", (Ratio(1 / 5),)),
    Figure("cpu", "the whole stretch, processor", "%", (Ratio(1 / 5),)),
    Figure("own_wakeups", "of that without the server, wakeups", "1/s"),
    Figure("own_cpu", "of that without the server, processor", "%"),
    Figure("gap_wakeups", "between cues, wakeups", "1/s", (Ratio(1 / 20),)),
    Figure("gap_cpu", "between cues, processor", "%", (Ratio(1 / 20),)),
    Figure("gap_own", "between cues without the server, wakeups", "1/s", (Limit(0.2),)),
    Figure("gap_streams", "streams open between cues", "", (Limit(0),)),
)
SECONDS = {"quick": 80, "default": 360}
SOUND = True

BETWEEN_S = 30
MARGIN = 1.0  # seconds: the server sees a stream off
PROFILE = ("name: Sparse\ncues: {countdown: 0, halfway: no}\nsteps:\n  - repeat: 20\n    steps:\n"
           f"      - run: {BETWEEN_S}s\n      - walk: {BETWEEN_S}s\n")


def gone(home):
    return "runwalk-engine" not in map(command, family([home.daemon.pid]))


def measure(context):
    players = SideBySide(context, {OURS: ""})
    home = players.homes[OURS]
    home.profile("sparse", PROFILE)
    session = context.folder / "session.wav"
    home.run("render", "sparse", session)
    home.start_run("sparse")
    players.play(session)
    players.watch(context.pick(2 * BETWEEN_S, 10 * BETWEEN_S))
    gaps = players.gaps(MARGIN)
    for who in players.meters:
        for window in players.windows(who, BETWEEN_S):
            both, own = players.used(who, *window)
            context.add("wakeups", who, both[0])
            context.add("cpu", who, both[1])
            context.add("own_wakeups", who, own[0])
            context.add("own_cpu", who, own[1])
        for gap in gaps:
            both, own = players.used(who, *gap)
            context.add("gap_wakeups", who, both[0])
            context.add("gap_cpu", who, both[1])
            context.add("gap_own", who, own[0])
    # Asking the server would count as its work: only now.
    wait_for(lambda: gone(home), "the engine is gone")
    for who in players.meters:
        context.add("gap_streams", who, players.streams(who))
