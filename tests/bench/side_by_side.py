"""Players of the same sound side by side, each with a sound server of its own, under meters.

What a server would do without anybody to serve is subtracted: one more runs that has no client.
"""

import contextlib
import time

from figures import OURS
from peers import PEERS
from processes import Meter, processor_time
from product import Home
from sound import SoundServer

NONE = "none"
SERVER_LOOK = 0.25  # seconds between two looks at a server, whose threads stay


class SideBySide:
    """One home of ours for each of CONFIGS, {who: config.yaml}, and the peers."""

    def __init__(self, context, configs):
        self.context = context
        self.servers = {who: context.enter(SoundServer(recorded=False))
                        for who in (*configs, *(peer.name for peer in PEERS), NONE)}
        self.homes = {who: self._home(who, text) for who, text in configs.items()}
        self.players = [context.enter(peer(context.folder / peer.name, self.servers[peer.name]))
                        for peer in PEERS]
        self.meters, self.server_meters = {}, {}

    def _home(self, who, text):
        home = self.context.enter(Home())
        home.environment.update(self.servers[who].environment)
        home.configure(text)
        home.start_daemon()
        return home

    def play(self, path):
        for player in self.players:
            player.load(path)
            player.play()

    def watch(self, seconds):
        """Meters all of them for so long, and says how it goes on."""
        pids = {who: [home.daemon.pid] for who, home in self.homes.items()}
        pids.update({player.name: player.pids() for player in self.players})
        before = {who: processor_time(home.daemon.pid) for who, home in self.homes.items()}
        with contextlib.ExitStack() as stack:
            self.meters = {who: stack.enter_context(Meter(some)) for who, some in pids.items()}
            self.server_meters = {
                who: stack.enter_context(Meter([server.process.pid], SERVER_LOOK))
                for who, server in self.servers.items()}
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                self.context.say(f"all at once, another {left:.0f} s")
                time.sleep(min(left, 30))
        for who, home in self.homes.items():
            account = processor_time(home.daemon.pid) - before[who]
            seen = self.meters[who].looks[-1].seconds - self.meters[who].looks[0].seconds
            self.context.remark(
                f"{who}: processes that come and go are looked at every 20 ms; so {1e3 * seen:.0f} "
                f"ms of processor were seen, of {1e3 * account:.0f} ms by the kernel's own account "
                "(in steps of 10 ms).")

    def used(self, who, begin, end):
        """(wakeups/s, CPU %) between two moments of WHO with its server's share, then WHO's own."""
        own = self._used(self.meters[who], begin, end)
        server = self._used(self.server_meters[who], begin, end)
        nobody = self._used(self.server_meters[NONE], begin, end)
        both = [mine + max(0.0, one - other) for mine, one, other in zip(own, server, nobody)]
        return both, own

    @staticmethod
    def _used(meter, begin, end):
        wakeups, seconds = meter.between(meter.index(begin), meter.index(end))
        return wakeups, 100 * seconds

    def windows(self, who, length):
        """The moments between which WHO was metered, cut into pieces of LENGTH seconds."""
        looks = self.meters[who].looks
        begin, end = looks[0].time, looks[-1].time
        count = max(1, round((end - begin) / length))
        return [(begin + i * length, min(end, begin + (i + 1) * length)) for i in range(count)]

    def gaps(self, margin):
        """Stretches without an engine of ours, less a margin at both ends."""
        found, begin = [], None
        for look in self.meters[OURS].looks:
            if "runwalk-engine" in look.programs:
                if begin is not None and look.time - begin > 3 * margin:
                    found.append((begin + margin, look.time - margin))
                begin = None
            elif begin is None:
                begin = look.time
        return found

    def streams(self, who):
        return len(self.servers[who].control("list", "short", "sink-inputs").stdout.splitlines())
