"""Usage: restarts.py [COUNT]

One session during which the sound server is killed and started again COUNT times (20). Every cue
for which there was sound must be heard in time. Not among the tests, for it takes long:
`scripts/restarts` runs it.
"""

import sys

import script
import sound
from product import Home

ROUND = 20  # seconds of a run and a walk
# From the server's start until a cue must be heard: the next attempt to open it, and its lead.
AGAIN = 4
# How well the recorder knows what time it is.
ABOUT = 0.25


def heard_in_time(recording, cue, due):
    """Whether CUE is in the recording at boot time DUE; by how many seconds it is off."""
    begin = int((due - 0.5 - recording.origin) * sound.RATE)
    samples = recording.samples()[max(begin, 0):begin + len(cue.clip) + sound.RATE]
    found = [frame / sound.RATE - 0.5 for frame, _ in sound.find(samples, cue.clip)]
    return min(found, key=abs) if found else None


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with Home() as home, sound.SoundServer() as server:
        home.environment.update(server.environment)
        home.profile("restarts", "name: Restarts\ncues: {halfway: no}\nsteps:\n"
                     f"  - repeat: {count + 1}\n    steps:\n      - run: {ROUND // 2}s\n"
                     f"      - walk: {ROUND // 2}s\n")
        expected = script.Script(home, "restarts")
        home.start_daemon()
        home.start_run("restarts")
        origin = home.status()["origin_boot_ms"] / 1000
        total, missed, worst = 0, 0, 0.0
        for number in range(1, count + 1):
            home.until(lambda status: status["session_ms"] >= (number * ROUND + 1) * 1000,
                       f"round {number}")
            server.kill()
            server.start()
            ready = sound.boot_time() - origin
            home.until(lambda status: status["session_ms"] >= ((number + 1) * ROUND) * 1000
                       or status["state"] == "done", f"the end of round {number}")
            sound.wait_for(lambda: server.recording.frames / sound.RATE + server.recording.origin
                           > origin + (number + 1) * ROUND + 0.8, "all of it is recorded")
            for cue in expected.cues:
                length = len(cue.clip) / sound.RATE
                if not ready + AGAIN <= cue.at <= (number + 1) * ROUND - length - 0.1:
                    continue
                total += 1
                off = heard_in_time(server.recording, cue, origin + cue.at)
                if off is None or abs(off) > ABOUT:
                    missed += 1
                    print(f"round {number}: {cue.type} {cue.text!r} at {cue.at} s: {off}")
                else:
                    worst = max(worst, abs(off))
            print(f"{number} restarts, {total} cues had sound, {missed} were not heard in time, "
                  f"worst {1e3 * worst:.0f} ms", flush=True)
    return 1 if missed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
