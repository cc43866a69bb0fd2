"""A status request over the socket: how long it takes, and how many are served.

The client is the same for all, a loop in C on its own connection; all answer over a Unix socket. What
the machine allows is measured with them: a server that sends our answer for whatever comes.
"""

import json
import statistics
import subprocess

from figures import OURS, Figure, Ratio, number
from peers import PEERS
from product import BUILD, PATIENCE, Home, connect_to, wait_for

FIGURES = (
    Figure("p50", "one client, median", "µs"),
    Figure("p99", "one client, 99th percentile", "µs", (Ratio(1),)),
    Figure("many_p99", "16 clients at once, 99th percentile", "µs", (Ratio(1),)),
    Figure("many_rate", "16 clients at once, served", "1/s", (Ratio(2, ("mpd",)),), True),
    Figure("busy_p50", "while a session speaks, median", "µs"),
    Figure("busy_p99", "while a session speaks, 99th percentile", "µs", (Ratio(1),)),
)
SECONDS = {"quick": 5, "default": 60}
SOUND = False

STATUS = '{"jsonrpc":"2.0","id":1,"method":"session.status"}\n'
ECHO = "echo"
# Something to say at every moment, and to play for the peers.
TALKING = ("name: Talking\ncues: {verbosity: chatty, countdown: 10}\n"
           "steps:\n  - repeat: 200\n    steps:\n      - run: 12s\n      - walk: 12s\n")


def round_trips(socket, clients, count, request, end, greeted):
    """The median and the 99th percentile in µs, and how many a second."""
    result = subprocess.run(
        [BUILD / "tests/bench/round_trips", socket, str(clients), str(count), request, end,
         *(["greeting"] if greeted else [])],
        text=True, stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
    return [float(word) for word in result.stdout.split()]


def start_echo(context, answer):
    """The socket of a server that sends ANSWER and a newline for whatever comes."""
    path = context.folder / "echo.sock"
    server = context.enter(subprocess.Popen([BUILD / "tests/bench/echo", path, answer + "\n"]))
    context.stack.callback(server.kill)

    def answers():
        try:
            connect_to(path).close()
            return True
        except OSError:
            return False

    wait_for(answers, "echo answers")
    return path


def measure(context):
    home = context.enter(Home())
    home.configure('output: "null"\n')
    home.profile("talking", TALKING)
    home.start_daemon()
    peers = [context.enter(peer(context.folder / peer.name)) for peer in PEERS]
    targets = {OURS: (home.socket, STATUS, "\n", False)}
    for peer in peers:
        targets[peer.name] = (peer.socket, peer.STATUS.decode(), peer.END.decode(),
                              peer.name == "mpd")
    ours = {"jsonrpc": "2.0", "id": 1, "result": home.status()}
    echo = start_echo(context, json.dumps(ours, separators=(",", ":")))
    machine = {figure.key: [] for figure in FIGURES}
    targets[ECHO] = (echo, STATUS, "\n", False)
    count = context.pick(100, 10000)

    def add(key, who, value):
        if who == ECHO:
            machine[key].append(value)
        else:
            context.add(key, who, value)

    def one(who, prefix):
        socket, request, end, greeted = targets[who]
        p50, p99, _ = round_trips(socket, 1, count, request, end, greeted)
        add(f"{prefix}p50", who, p50)
        add(f"{prefix}p99", who, p99)

    def many(who):
        socket, request, end, greeted = targets[who]
        _, p99, rate = round_trips(socket, 16, count // 4, request, end, greeted)
        add("many_p99", who, p99)
        add("many_rate", who, rate)

    repetitions = context.pick(1, 7)
    context.alternate(repetitions, {who: lambda who=who: (one(who, ""), many(who))
                                    for who in targets})
    home.start_run("talking")
    sound = context.folder / "sound.wav"
    home.run("render", "talking", sound)
    for peer in peers:
        peer.load(sound)
        peer.play()
    context.alternate(repetitions, {who: lambda who=who: one(who, "busy_") for who in targets})
    said = ", ".join(f"{number(statistics.median(machine[figure.key]))} {figure.unit}"
                     for figure in FIGURES)
    context.remark("A server that sends our answer for whatever comes, and does nothing else, is what "
                   f"the machine allows: in the order of the lines {said}.")
