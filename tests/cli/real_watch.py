"""The live view on a real terminal, steering a real daemon."""

import json
import signal
import subprocess
import termios
import unittest

from product import BUILD, PATIENCE, ProductTest, wait_for
from terminal import Terminal

LONG = "name: Long\nsteps:\n  - warmup: 5m\n  - repeat: 3\n    steps:\n      - run: 1m\n      - walk: 1m\n"
SHORT = "name: Short\nsteps:\n  - run: 1s\n  - walk: 1s\n"
LEAVE = b"\x1b[?25h\x1b[?1049l"


class Watch(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')
        self.home.profile("long", LONG)
        self.home.profile("short", SHORT)
        self.home.start_daemon()

    def watch(self, *options, **size):
        return Terminal([BUILD / "runwalk", "watch", *options], self.home.environment, **size)

    def started(self):
        self.home.run("start", "long")
        self.home.until(lambda status: status["state"] == "running", "the run is on")

    def test_it_shows_the_run_and_leaves_it_running(self):
        self.started()
        with self.watch() as view:
            view.expect("Long")
            view.expect("Warm up")
            view.expect("next Run 1 of 3, 1:00")
            view.expect("left")
            view.type(b"q")
            view.expect("The run goes on")
            self.assertEqual(view.wait(), 0)
            self.assertEqual(termios.tcgetattr(view.master), view.settings)
        self.assertEqual(self.home.status()["state"], "running")

    def test_the_keys_steer_the_run(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            view.type(b" ")
            view.expect("Paused for")
            self.assertEqual(self.home.status()["state"], "paused")
            view.type(b"s")
            view.expect("Run 1 of 3")
            view.type(b"+")
            self.home.until(lambda s: s["segment"]["duration_ms"] == 90000, "30 s more")
            view.type(b"-")
            self.home.until(lambda s: s["segment"]["duration_ms"] == 60000, "30 s less")
            view.type(b"\x1b[C")
            self.home.until(lambda s: s["segment"]["kind"] == "walk", "an arrow skips")
            view.type(b"\x1b[D")
            self.home.until(lambda s: s["segment"]["kind"] == "run", "an arrow goes back")
            view.type(b"b")
            self.home.until(lambda s: s["segment"]["kind"] == "warmup", "back at the start")
            view.type(b"p")
            self.home.until(lambda s: s["state"] == "running", "it goes on")

    def test_a_minus_that_is_held_down_ends_with_its_step(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            view.type(b"-" * 40)
            view.expect("A new step has begun")
            segment = self.home.until(lambda s: s["segment"]["kind"] != "warmup", "the next step")
            self.assertEqual(segment["segment"]["duration_ms"], 60000)

    def test_a_start_to_come_names_the_first_step(self):
        self.home.run("start", "long", "--in", "10m")
        self.home.until(lambda status: status["state"] == "armed", "the start is near")
        self.assertIn("First:    Warm up, 5 min\n", self.home.run("status").stdout)

    def test_less_is_told_in_whole_seconds(self):
        self.started()
        self.home.run("skip")
        self.assertEqual(self.home.run("shorten", "10s").stdout.split(".")[0], "10 s less")
        self.assertRegex(self.home.run("shorten", "5m").stdout, r"^\d+ s less\. ")

    def test_a_start_of_nothing_tells_how_to_name_something(self):
        self.assertIn("runwalk start quickstart", self.home.run("start", expect=1).stderr)

    def test_a_refusal_is_shown(self):
        with self.watch() as view:
            view.expect("No workout chosen")
            view.type(b"s")
            view.expect("no workout is chosen|no run is on")

    def test_ctrl_c_asks_and_the_run_can_be_left_running(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            view.type(b"\x03")
            view.expect("Leave it running")
            view.type(b"x")
            view.expect("space")
            view.type(b"\x03")
            view.expect("Leave it running")
            view.type(b"l")
            self.assertEqual(view.wait(), 0)
        self.assertEqual(self.home.status()["state"], "running")

    def test_a_second_ctrl_c_stops_the_run(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            view.type(b"\x03")
            view.expect("Leave it running")
            view.type(b"\x03")
            self.assertEqual(view.wait(), 0)
            view.expect("Stopped")
        self.assertEqual(self.home.status()["state"], "stopped")

    def test_ctrl_c_without_a_run_leaves(self):
        with self.watch() as view:
            view.expect("No workout chosen")
            view.type(b"\x03")
            self.assertEqual(view.wait(), 0)

    def test_the_terminal_is_given_back_when_it_is_killed(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            view.process.send_signal(signal.SIGTERM)
            self.assertEqual(view.wait(), 0)
            view._read(0)
            self.assertIn(LEAVE, view.output)
            self.assertEqual(termios.tcgetattr(view.master), view.settings)

    def test_it_outlives_the_daemon_and_finds_the_next(self):
        self.started()
        with self.watch() as view:
            view.expect("Warm up")
            self.home.daemon.kill()
            self.home.daemon.wait(PATIENCE)
            view.expect("The daemon has ended")
            self.home.start_daemon()
            view.expect("No workout chosen|Long")
            view.type(b"q")
            self.assertEqual(view.wait(), 0)

    def test_without_colour_no_colour_is_sent(self):
        self.started()
        self.home.environment["NO_COLOR"] = "1"
        with self.watch() as view:
            view.expect("Warm up")
            view.type(b"q")
            view.wait()
            view._read(0)
            self.assertNotRegex(view.output, rb"\x1b\[[0-9;]*(3[0-9]|4[0-9]|9[0-7])[0-9;]*m")

    def test_plain_characters_are_enough(self):
        self.started()
        with self.watch("--ascii", columns=40, rows=10) as view:
            view.expect("Warm up")
            view.expect("left")
            self.assertTrue(view.output.isascii())

    def test_a_full_screen_comes_from_the_first_frame_on(self):
        self.started()
        with self.watch(columns=40, rows=10) as view:
            view.expect("Warm up")
            view.expect("[█▀▄]{4}")
            view.expect("done")

    def test_without_a_terminal_each_change_is_a_line(self):
        self.home.run("start", "short")
        lines = self.home.run("watch").stdout.splitlines()
        self.assertTrue(any("Run" in line for line in lines), lines)
        self.assertTrue(any("Walk" in line for line in lines), lines)
        self.assertRegex(lines[-3], "^0:02  Done")
        self.assertEqual(lines[-2], "1 s running, 1 s walking")
        self.assertIn("runwalk log", lines[-1])

    def test_what_a_run_came_to_is_shown_when_it_is_over(self):
        self.home.run("start", "short")
        with self.watch() as view:
            view.expect("1 s running, 1 s walking")
            view.expect("How was it")

    def test_what_is_no_change_is_no_line(self):
        """Cues come and go without a line of their own, and so do attempts to open an output."""
        self.home.configure("output: no such device\n")
        self.home.stop_daemon()
        self.home.start_daemon()
        self.home.profile("counted", "name: Counted\nsteps:\n  - run: 4s\n  - walk: 2s\n")
        with subprocess.Popen([BUILD / "runwalk", "watch", "--json"], stdout=subprocess.PIPE,
                              env=self.home.environment, text=True) as events:
            self.home.run("start", "counted")
            lines = self.home.run("watch", "--lines").stdout.splitlines()
            events.kill()
            told = [json.loads(line).get("event") for line in events.stdout.read().splitlines()]
        self.assertGreater(told.count("output"), 3)
        self.assertGreater(told.count("cue"), 3)
        about_the_run = [line for line in lines if not line.startswith("No sound: ")]
        self.assertLessEqual(len(lines) - len(about_the_run), 1, lines)
        self.assertLessEqual(len(about_the_run), 7, lines)
        self.assertRegex(lines[-3], "^0:06  Done")  # then comes what it came to

    def test_a_terminal_that_cannot_draw_gets_lines(self):
        self.home.run("start", "short")
        self.home.environment["TERM"] = "dumb"
        with self.watch() as view:
            view.expect("Done")
            self.assertEqual(view.wait(), 0)
            self.assertNotIn(b"\x1b", view.output)

    def test_events_are_json_for_programs(self):
        self.started()
        watch = subprocess.Popen([BUILD / "runwalk", "watch", "--json"], stdout=subprocess.PIPE,
                                 env=self.home.environment, text=True)
        try:
            self.assertEqual(json.loads(watch.stdout.readline())["state"], "running")
            self.home.run("pause")
            events = []
            wait_for(lambda: events.append(json.loads(watch.stdout.readline())) or
                     events[-1]["event"] == "state", "the pause is an event")
        finally:
            watch.kill()
            watch.wait(PATIENCE)
            watch.stdout.close()

    def test_without_a_daemon_it_says_so(self):
        self.home.stop_daemon()
        self.assertIn("no daemon", self.home.run("watch", expect=3).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
