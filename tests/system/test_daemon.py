"""The life of a daemon: it starts, is the only one, reads its configuration again, and ends."""

import os
import signal
import socket
import stat
import unittest

from product import PATIENCE, ProductTest, boot_time, wait_for

SILENT = 'output: "null"\n'
SHORT = """
name: Short
steps:
  - run: 2s
  - walk: 1s
"""
LONG = """
name: Long
steps:
  - warmup: 5m
  - repeat: 3
    steps:
      - run: 1m
      - walk: 1m30s
"""


class Daemon(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.profile("short", SHORT)
        self.home.profile("long", LONG)

    def test_the_option_for_no_output_is_the_word_of_the_file(self):
        self.home.configure("output: no such device\n")
        self.home.start_daemon("--output", "none")
        self.home.start_run("long")
        self.home.until(lambda status: status["output"]["state"] == "ready", "it plays to nobody")

    def test_a_run_goes_from_its_first_step_to_done(self):
        self.home.start_daemon()
        events = self.home.connect()
        self.assertEqual(events.call("subscribe")["state"], "idle")
        begin = boot_time()
        self.home.run("start", "short")
        first = events.event(lambda event: event["event"] == "segment")
        self.assertEqual(first["segment"]["kind"], "run")
        second = events.event(lambda event: event["event"] == "segment")
        self.assertEqual(second["segment"]["kind"], "walk")
        self.home.until(lambda status: status["state"] == "done", "the run is done")
        self.assertGreaterEqual(boot_time() - begin, 3)
        self.assertEqual(self.home.stop_daemon(), 0)

    def test_each_cue_of_a_run_is_reported_once(self):
        self.home.start_daemon()
        events = self.home.connect()
        events.call("subscribe")
        self.home.run("start", "short")
        tones = []
        while len(tones) < 3:
            tones.append(events.event(
                lambda event: event["event"] == "cue" and event["type"] == "change"
                and event["outcome"] == "started"))
        gaps = [after["boot_ms"] - before["boot_ms"] for before, after in zip(tones, tones[1:])]
        for gap, due in zip(gaps, (2000, 1000)):
            self.assertAlmostEqual(gap, due, delta=50)

    def test_only_its_owner_may_enter(self):
        self.home.start_daemon()
        folder, entry = self.home.socket.parent.stat(), self.home.socket.stat()
        self.assertEqual(stat.S_IMODE(folder.st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(entry.st_mode), 0o600)
        self.assertEqual((folder.st_uid, entry.st_uid), (os.getuid(), os.getuid()))

    def test_a_second_daemon_is_refused_and_the_first_goes_on(self):
        self.home.start_daemon()
        second = self.home.spawn_daemon()
        self.assertNotEqual(second.wait(PATIENCE), 0)
        self.assertEqual(self.home.status()["state"], "idle")

    def test_a_stale_socket_is_replaced(self):
        self.home.socket.parent.mkdir(mode=0o700)
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(str(self.home.socket))
        self.assertTrue(self.home.socket.exists())
        self.home.start_daemon()
        self.assertEqual(self.home.status()["state"], "idle")

    def test_after_a_crash_the_next_daemon_starts(self):
        self.home.start_daemon()
        self.home.stop_daemon(signal.SIGKILL)
        self.assertTrue(self.home.socket.exists())
        self.home.start_daemon()
        self.assertEqual(self.home.status()["state"], "idle")

    def test_the_engine_does_not_outlive_a_crashed_daemon(self):
        self.home.start_daemon()
        self.home.start_run("long")
        wait_for(lambda: engines(self.home), "the engine runs")
        children = engines(self.home)
        self.home.stop_daemon(signal.SIGKILL)
        wait_for(lambda: not any(alive(pid) for pid in children), "the engine is gone")

    def test_it_ends_cleanly_on_each_signal_that_asks_for_it(self):
        self.home.configure(SILENT + "on-crash: ask\n")
        for number in (signal.SIGTERM, signal.SIGINT):
            for running in (False, True):
                with self.subTest(signal=number.name, running=running):
                    self.home.start_daemon()
                    if running:
                        self.home.start_run("long")
                    self.assertEqual(self.home.stop_daemon(number), 0)
                    self.assertFalse(self.home.socket.exists())

    def test_a_hangup_reads_the_configuration_again(self):
        self.home.start_daemon()
        self.assertEqual(self.home.call("volume.get")["volume_db"], 0)
        self.home.configure(SILENT + "volume: -6\n")
        self.home.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: self.home.call("volume.get")["volume_db"] == -6,
                           "the new volume counts")

    def test_a_broken_configuration_is_refused_at_the_start_with_its_place(self):
        self.home.configure("outptu: x\n")
        daemon = self.home.spawn_daemon()
        self.assertNotEqual(daemon.wait(PATIENCE), 0)
        self.assertIn("config.yaml:1:1: error:", self.home.log.read_text())

    def test_a_configuration_broken_later_leaves_the_run_going(self):
        self.home.start_daemon()
        self.home.start_run("long")
        self.home.configure("outptu: x\n")
        self.home.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: "config.yaml:1:1: error:" in self.home.log.read_text(),
                           "the mistake is logged")
        self.assertEqual(self.home.status()["state"], "running")

    def test_pauses_are_not_session_time(self):
        self.home.start_daemon()
        self.home.start_run("long")
        self.home.run("pause")
        paused = self.home.status()
        self.assertEqual(paused["state"], "paused")
        later = boot_time() + 1
        wait_for(lambda: boot_time() > later, "a second")
        self.assertEqual(self.home.status()["session_ms"], paused["session_ms"])
        self.home.run("pause")
        self.assertEqual(self.home.status()["state"], "paused")
        self.home.run("resume")
        self.home.run("resume")
        self.assertEqual(self.home.status()["state"], "running")

    def test_toggle_starts_what_was_chosen_then_pauses_and_resumes(self):
        self.home.start_daemon()
        self.home.run("toggle", expect=1)
        self.home.run("choose", "long")
        self.home.until(lambda status: status["state"] == "chosen", "the choice is ready")
        for state in ("running", "paused", "running"):
            self.home.run("toggle")
            self.home.until(lambda status, state=state: status["state"] == state, state)

    def test_edits_move_the_end(self):
        self.home.start_daemon()
        self.home.start_run("long")
        end = self.home.status()["end_ms"]
        self.home.run("extend", "30s")
        self.assertEqual(self.home.status()["end_ms"], end + 30000)
        self.home.run("shorten", "1m")
        self.assertEqual(self.home.status()["end_ms"], end - 30000)
        self.home.run("skip")
        self.home.until(lambda status: status["segment"]["kind"] == "run", "the first run")


def alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def engines(home):
    """The processes that the daemon has started and that live."""
    pid = home.daemon.pid
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]


if __name__ == "__main__":
    unittest.main(verbosity=2)
