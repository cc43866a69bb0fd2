"""After the run: the weeks it belongs to; and what the runner tells of it goes nowhere else."""

import datetime
import json
import os
import sqlite3
import unittest
from contextlib import closing

import past
from product import ProductTest

SILENT = 'output: "null"\nspeech: off\nlog: debug\n'
SHORT = """
name: Short
steps:
  - run: 1s
"""
LONG = SHORT.replace("1s", "1h")


class Log(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.profile("short", SHORT)
        self.home.profile("long", LONG)
        self.home.start_daemon()

    def finished_run(self):
        """One as the daemon would have written it; only one test waits for a real one."""
        self.home.call("history.list")  # answered when the database is there
        past.write(self.home.state / "runwalk/history.db", [past.Run(datetime.datetime.now())])

    def log(self, *words):
        return json.loads(self.home.run("log", *words, "--json").stdout)

    def told(self, *words):
        run = self.log(*words)
        return run["run"], run["effort"], run["back"], run["note"]

    def test_what_is_told_of_a_run_is_kept_for_the_latest_or_the_one_that_is_named(self):
        self.assertIn("no run is over", self.home.run("log", expect=1).stderr)
        self.home.run("start", "short")
        self.home.until(lambda status: status["state"] == "done", "the run is done")
        self.assertIn("nothing is told", self.home.run("log").stdout)
        self.assertEqual(self.told("--effort", "7", "--back", "some"), (1, 7, "some", None))
        self.home.run("start", "long")
        self.home.until(lambda status: status["state"] == "running", "a second run is on")
        self.assertEqual(self.told("--note", "Grüße, 跑"), (1, 7, "some", "Grüße, 跑"))
        self.assertEqual(self.told("--run", "2", "--effort", "3"), (2, 3, None, None))
        self.home.run("stop")
        self.assertEqual(self.told(), (2, 3, None, None))
        text = self.home.run("log", "--run", "1").stdout
        for words in ("7 of 10", "some", "Grüße, 跑"):
            self.assertIn(words, text)
        self.assertEqual(self.told("--run", "1", "--erase", "--back", "none"),
                         (1, None, "none", None))
        self.home.run("log", "--run", "9", expect=1)

    def test_nonsense_is_refused_and_loses_nothing(self):
        self.finished_run()
        before = self.told("--effort", "5", "--note", "x" * 1000)
        for words in (("--effort", "0"), ("--effort", "11"), ("--effort", "high"),
                      ("--back", "broken"), ("--note", "x" * 1001), ("--note", "two\nlines"),
                      ("--note", "\x1b[2J"), ("--note", "a\u0085b"), ("--note", os.fsdecode(b"\xff")),
                      ("--run", "0"), ("more",)):
            with self.subTest(words=words):
                self.assertIn(self.home.run("log", *words, expect=None).returncode, (1, 2))
                self.assertEqual(self.told(), before)

    def test_what_would_turn_the_text_around_is_not_shown(self):
        self.finished_run()
        self.home.run("log", "--note", "safe\u202egnol")
        self.assertIn("safegnol", self.home.run("log").stdout)

    def test_it_stands_in_the_database_alone_and_goes_when_it_is_replaced(self):
        self.finished_run()
        self.home.run("log", "--effort", "9", "--back", "bad", "--note", "first-secret")
        self.home.run("log", "--note", "other-secret")
        places = [file for file in self.home.path.rglob("*") if file.is_file()]
        self.assertIn(self.home.log, places)
        self.assertEqual([file.name for file in places if b"first-secret" in file.read_bytes()], [])
        self.assertEqual({file.name for file in places if b"other-secret" in file.read_bytes()},
                         {"history.db"})
        database = self.home.state / "runwalk/history.db"
        self.assertEqual(database.stat().st_mode & 0o777, 0o600)
        with closing(sqlite3.connect(database)) as db:
            self.assertEqual(db.execute("SELECT command FROM commands").fetchall(), [])
        for words in (("history",), ("history", "show", "1"), ("history", "--json"),
                      ("history", "show", "1", "--json")):
            self.assertNotIn("secret", self.home.run(*words).stdout)
            self.assertNotIn("effort", self.home.run(*words).stdout)
        self.home.run("forget", "1")
        for file in self.home.path.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"other-secret", file.read_bytes())


class Weeks(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.start_daemon()
        self.home.call("history.list")  # answered when the database is there
        self.now = datetime.datetime.now()
        self.monday = past.monday(self.now)

    def write(self, *runs):
        past.write(self.home.state / "runwalk/history.db", runs)

    def weeks_ago(self, weeks, hours=0):
        return self.monday - datetime.timedelta(days=7 * weeks) + datetime.timedelta(hours=hours)

    def history(self, *words):
        return json.loads(self.home.run("history", *words, "--json").stdout)

    def test_weeks_begin_on_monday_and_sum_up_what_was_done(self):
        self.write(past.Run(self.weeks_ago(2), 10, 20, rests=2),
                   past.Run(self.weeks_ago(1, -1), 15, 15, rests=1),
                   past.Run(self.weeks_ago(1), 12, 18))
        told = self.history("--weeks", "3")
        self.assertEqual([(week["monday"], week["sessions"], week["running_ms"] // 60000,
                           week["walking_ms"] // 60000, week["rests"]) for week in told["weeks"]],
                         [(self.weeks_ago(2).date().isoformat(), 2, 25, 35, 3),
                          (self.weeks_ago(1).date().isoformat(), 1, 12, 18, 0),
                          (self.monday.date().isoformat(), 0, 0, 0, 0)])
        self.assertEqual([run["run"] for run in told["runs"]], [3, 2, 1])
        self.assertEqual(told["streak_weeks"], 2)  # the present week may be to come

    def test_a_streak_goes_back_beyond_the_weeks_that_are_shown_and_ends_at_a_gap(self):
        self.write(*(past.Run(self.weeks_ago(week)) for week in (30, 29, *range(27, -1, -1))))
        self.assertEqual(self.history("--weeks", "2")["streak_weeks"], 28)
        self.assertIn("28 weeks in a row", self.home.run("history", "--weeks", "1").stdout)

    def test_what_cannot_be_dated_or_was_a_try_counts_in_no_week(self):
        self.write(past.Run(self.weeks_ago(0), dating="uncertain"),
                   past.Run(self.weeks_ago(0), running=0.2, walking=0.2),
                   past.Run(self.weeks_ago(-3)),
                   past.Run(self.weeks_ago(1), dating="later"))
        told = self.history("--weeks", "2")
        self.assertEqual([week["sessions"] for week in told["weeks"]], [1, 0])
        self.assertEqual(len(told["runs"]), 4)
        self.assertIn("2 without a certain date", self.home.run("history").stdout)

    def test_hundreds_of_runs_with_long_names_are_all_counted(self):
        self.write(*(past.Run(self.weeks_ago(week, hour), name="x" * 300, note="y" * 1000)
                     for week in range(99, 0, -1) for hour in (1, 30, 60)))
        told = self.history("--weeks", "104")
        self.assertEqual(sum(week["sessions"] for week in told["weeks"]), 297)
        self.assertEqual((told["total"], len(told["runs"]), told["streak_weeks"]), (297, 100, 99))

    def test_the_chart_fits_any_terminal(self):
        self.assertIn("No run has been recorded yet", self.home.run("history").stdout)
        self.write(*past.ten_weeks(self.now))
        text = self.home.run("history").stdout
        for words in ("week of", "run min", "sessions", "rests", "█", "▄", "this week"):
            self.assertIn(words, text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("█", self.home.run("history", "--weeks", "0").stdout)
        self.assertTrue(self.home.run("history", "--ascii").stdout.isascii())
        self.assertIn("##", self.home.run("history", "--ascii").stdout)
        for wrong in ("105", "-1", "many"):
            self.home.run("history", "--weeks", wrong, expect=2)
        self.home.run("history", "show", "1", "--weeks", "2", expect=2)

    def test_a_rest_that_was_asked_for_is_counted(self):
        self.home.profile("long", LONG)
        self.home.start_run("long")
        for verb in ("rest", "ready", "tired"):
            self.home.run(verb)
        self.home.run("stop")
        run = self.history()["runs"][0]
        self.assertEqual(run["rests"], 2)
        # Each is cut to whole milliseconds.
        self.assertAlmostEqual(run["running_ms"] + run["walking_ms"], run["session_ms"], delta=2)

    def test_one_run_is_summed_up(self):
        self.write(past.Run(self.weeks_ago(1), 10, 20, rests=1, planned=40))
        self.assertIn("10 min running, 20 min walking, 1 rest; planned were 40 min\n",
                      self.home.run("history", "show", "1").stdout)


if __name__ == "__main__":
    unittest.main()
