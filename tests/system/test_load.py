"""A run goes on in time whatever clients do, and whoever behaves is served."""

import contextlib
import os
import resource
import signal
import socket
import time
import unittest

from load import Load
from product import BUILD, ProductTest

# AddressSanitizer keeps what is freed.
IS_SANITIZED = b"__asan_init" in (BUILD / "runwalkd").read_bytes()

RESERVE = 24  # descriptors that the daemon keeps from clients

PROFILE = """
name: Loaded
steps:
  - run: 4s
  - walk: 2s
"""


def memory_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


class UnderLoad(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\nspeech: off\n')
        self.home.profile("loaded", PROFILE)

    def follow(self, watcher):
        """Reads to the end of the run; returns each cue's outcomes, and when it began."""
        cues = {}
        while True:
            event = watcher.event(lambda event: event["event"] in ("cue", "state"))
            if event["event"] == "cue" and event["cue"]:
                cues.setdefault(event["cue"], []).append((event["outcome"], event["boot_ms"]))
            elif event["event"] == "state" and event["status"]["state"] == "done":
                return cues

    def check(self, cues):
        self.assertGreater(len(cues), 3)
        started = [dict(outcomes) for outcomes in cues.values()]
        # The last ones may not be over when the run is.
        on_time = [outcomes for outcomes in started if "started" in outcomes]
        self.assertGreaterEqual(len(on_time), len(started) - 3, cues)
        off = max(abs(outcomes["started"] - outcomes["planned"]) for outcomes in on_time)
        print(f"{len(on_time)} cues on time, off by {off} ms at most")
        self.assertLessEqual(off, 2)

    def test_cues_are_in_time_and_others_are_served_while_clients_misbehave(self):
        daemon = self.home.start_daemon()
        self.home.call("session.choose", profile="loaded", speak=False)
        before = memory_kib(daemon.pid)
        with Load(self.home.socket, rate=1000) as load:
            watcher = self.home.connect()
            watcher.call("subscribe")
            self.home.call("session.start")
            cues = self.follow(watcher)
            grown = memory_kib(daemon.pid) - before
        print(f"{load.rate:.0f} connects a second, {len(load.answers)} answers, the slowest after "
              f"{1e3 * max(load.answers):.1f} ms, {grown} KiB more")
        self.assertEqual(load.problems, [])
        self.assertGreater(len(load.answers), 50)
        if not IS_SANITIZED:
            self.assertLess(grown, 6 * 1024)
        self.check(cues)
        self.assertEqual(self.home.stop_daemon(), 0)

    def test_descriptors_used_up_by_clients_are_not_lacking_for_the_run(self):
        daemon = self.home.start_daemon()
        watcher = self.home.connect()
        watcher.call("subscribe")
        present = len(os.listdir(f"/proc/{daemon.pid}/fd"))
        limit = present + RESERVE + 3
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (limit, limit))
        others = contextlib.ExitStack()
        self.addCleanup(others.close)
        for _ in range(2 * limit):
            other = others.enter_context(socket.socket(socket.AF_UNIX))
            other.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                other.connect(str(self.home.socket))
        watcher.call("session.start", profile="loaded")
        cues = self.follow(watcher)
        self.check(cues)
        others.close()
        self.home.until(lambda status: status["state"] == "done", "others are served again")
        self.assertEqual(self.home.stop_daemon(), 0)

    def test_a_stopped_loop_speaks_one_cue_and_no_backlog(self):
        daemon = self.home.start_daemon()
        watcher = self.home.connect()
        watcher.call("subscribe")
        self.home.start_run("loaded")
        daemon.send_signal(signal.SIGSTOP)
        time.sleep(2)
        daemon.send_signal(signal.SIGCONT)
        cues = self.follow(watcher)
        begun = sorted(at for outcomes in cues.values() for outcome, at in outcomes
                       if outcome in ("started", "late"))
        self.assertGreater(len(begun), 3)
        close = [after - before for before, after in zip(begun, begun[1:]) if after - before < 100]
        self.assertEqual(close, [], "cues on top of each other")
        self.assertEqual(self.home.stop_daemon(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
