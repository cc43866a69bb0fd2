"""The same with music, or with the clicks of a cadence, running all the time."""

from figures import OURS, Figure, Ratio
from side_by_side import SideBySide
from sounds import write_tone

CLICK = f"{OURS}, cadence click"
LONG = f"{OURS}, latency 1s"
FIGURES = (
    Figure("music_cpu", "music, processor", "%", (Ratio(1 / 2),)),
    Figure("music_wakeups", "music, wakeups", "1/s"),
    Figure("music_own", "music, wakeups without the server", "1/s"),
    Figure("long_cpu", "music, ours with `latency: 1s`, processor", "%"),
    Figure("long_wakeups", "music, ours with `latency: 1s`, wakeups", "1/s"),
    Figure("click_cpu", "cadence click, processor", "%", (Ratio(1 / 2),)),
    Figure("click_wakeups", "cadence click, wakeups", "1/s"),
    Figure("click_own", "cadence click, wakeups without the server", "1/s"),
)
SECONDS = {"quick": 30, "default": 115}
SOUND = True

WINDOW_S = 10
STEPS = "cues: {verbosity: silent}\nsteps:\n  - run: 1h\n"


def measure(context):
    players = SideBySide(context, {OURS: "", LONG: "latency: 1s\n", CLICK: ""})
    music = write_tone(context.folder / "music.wav", context.pick(60, 300))
    players.homes[CLICK].profile(
        "click", "name: Click\n" + STEPS.replace("silent}", "silent, cadence: 170}"))
    for who in (OURS, LONG):
        players.homes[who].profile("music", "name: Music\n" + STEPS)
        players.homes[who].call("music.play", path=str(music))
        players.homes[who].start_run("music")
    players.homes[CLICK].start_run("click")
    players.play(music)
    players.watch(context.pick(WINDOW_S, 9 * WINDOW_S))
    ours = {"music": OURS, "long": LONG, "click": CLICK}
    for who in players.meters:
        for window in players.windows(who, WINDOW_S):
            both, own = players.used(who, *window)
            values = {"cpu": both[1], "wakeups": both[0], "own": own[0]}
            for what, mine in ours.items():
                if who in ours.values() and who != mine:
                    continue
                for key, value in values.items():
                    if f"{what}_{key}" in context.results:
                        context.add(f"{what}_{key}", OURS if who == mine else who, value)
    context.remark("The peers play the same file of music in all lines.")
