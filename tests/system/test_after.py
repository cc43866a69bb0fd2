"""After the run: what the runner tells of it is kept, and goes nowhere else."""

import json
import os
import sqlite3
import unittest
from contextlib import closing

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
        self.home.run("start", "short")
        self.home.until(lambda status: status["state"] == "done", "the run is done")

    def log(self, *words):
        return json.loads(self.home.run("log", *words, "--json").stdout)

    def told(self, *words):
        run = self.log(*words)
        return run["run"], run["effort"], run["back"], run["note"]

    def test_what_is_told_of_a_run_is_kept_for_the_latest_or_the_one_that_is_named(self):
        self.assertIn("no run is over", self.home.run("log", expect=1).stderr)
        self.finished_run()
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
            self.assertEqual(db.execute("SELECT DISTINCT command FROM commands").fetchall(),
                             [("start",)])
        for words in (("history",), ("history", "show", "1"), ("history", "--json"),
                      ("history", "show", "1", "--json")):
            self.assertNotIn("secret", self.home.run(*words).stdout)
            self.assertNotIn("effort", self.home.run(*words).stdout)
        self.home.run("forget", "1")
        for file in self.home.path.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"other-secret", file.read_bytes())


if __name__ == "__main__":
    unittest.main()
