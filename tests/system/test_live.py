"""What a runner says on the way, in one word: it changes the run, and is there again after a kill."""

import json
import re
import sqlite3
import unittest
from contextlib import closing

from product import BUILD, ProductTest, wait_for
from terminal import Terminal

SILENT = 'output: "null"\nspeech: off\nlog: debug\n'
WORKOUT = """
name: Workout
rest-max: 100s
steps:
  - repeat: 8
    steps:
      - run: 2m
      - walk: 1m
  - cooldown: 5m
"""
CORE = """
name: Core
steps:
  - exercise: 1m
    name: Plank
"""
SECRET = re.compile(rb"knee|dizzy|hurt|emergency|Walk gently", re.IGNORECASE)


class Live(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.profile("workout", WORKOUT)
        self.home.profile("core", CORE)
        self.home.start_daemon()
        self.database = self.home.state / "runwalk/history.db"

    def start(self, profile="workout"):
        self.home.run("start", profile)
        self.home.until(lambda status: status["state"] == "running", "the run is on")

    def told(self, client, name):
        """The next event of that name."""
        return client.event(lambda event: event["event"] == name)

    def say(self, *words):
        return json.loads(self.home.run(*words, "--json").stdout)

    def rows(self, sql):
        with closing(sqlite3.connect(self.database, timeout=10)) as db:
            return db.execute(sql).fetchall()

    def commands(self, fields="command"):
        return self.rows(f"SELECT {fields} FROM commands WHERE refused IS NULL ORDER BY rowid")

    def test_a_rest_is_taken_prolonged_and_ended(self):
        self.start()
        status = self.say("tired")
        self.assertEqual(status["rest"], {"of": "run", "run": 1, "waits": False})
        self.assertEqual((status["segment"]["kind"], status["segment"]["duration_ms"]),
                         ("walk", 100000))
        self.assertEqual((status["next"]["kind"], status["next"]["run"]), ("run", 1))
        self.assertIn("Walk, resting", self.home.run("status").stdout)
        self.assertEqual(self.say("rest", "5m")["segment"]["duration_ms"], 300000)
        left = status["next"]["duration_ms"]
        status = self.say("ready")
        self.assertIsNone(status["rest"])
        self.assertEqual(status["segment"]["kind"], "run")
        self.assertEqual(status["segment"]["duration_ms"], left)
        self.assertEqual(self.say("ready")["segment"], status["segment"])
        wait_for(lambda: len(self.commands()) == 5, "all is written")
        self.assertEqual(self.commands("command, amount_ns / 1000000000"),
                         [("start", 0), ("rest", 100), ("rest", 300), ("ready", 0), ("ready", 0)])

    def test_runs_and_walks_are_fitted(self):
        self.start()
        before = self.home.status()
        status = self.say("easier")
        self.assertEqual(status["fitted"], {"steps": -1, "run_ms": None, "walk_ms": None})
        self.assertEqual(status["segment"]["duration_ms"], 96000)
        self.assertEqual(status["next"]["duration_ms"], 72000)
        self.assertEqual(status["end_ms"], before["end_ms"] - 8 * (24000 - 12000))
        self.assertEqual(self.say("harder")["end_ms"], before["end_ms"])
        status = self.say("ratio", "45s/0:30")
        self.assertEqual(status["fitted"], {"steps": 0, "run_ms": 45000, "walk_ms": 30000})
        self.assertEqual(status["end_ms"], 8 * 75000 + 300000)
        blocks = self.home.call("session.status", blocks=True)["blocks"]
        self.assertEqual(sum(block["duration_ms"] for block in blocks), status["end_ms"])
        for _ in range(2):
            self.home.run("easier")
        self.assertIn("as short as this profile allows",
                      [self.home.run("easier", expect=None) for _ in range(4)][-1].stderr)

    def test_goto_and_cooldown_lead_there_and_nowhere_else(self):
        self.start()
        status = self.say("goto", "3/8")
        self.assertEqual((status["segment"]["run"], status["segment"]["index"]), (3, 4))
        self.assertIn("this workout has 8 runs", self.home.run("goto", "9", expect=2).stderr)
        self.assertIn("this workout has 8 runs", self.home.run("goto", "3/7", expect=2).stderr)
        self.assertEqual(self.say("goto", "8")["segment"]["run"], 8)
        self.assertEqual(self.say("cooldown")["segment"]["kind"], "cooldown")
        self.assertIn("on already", self.home.run("cooldown", expect=1).stderr)
        self.assertIn("nothing to rest from", self.home.run("rest", expect=1).stderr)
        self.assertIn("no run is left", self.home.run("easier", expect=1).stderr)
        self.assertIn("no run comes next", self.home.run("ready", expect=1).stderr)

    def test_nonsense_is_refused_with_the_remedy(self):
        for words, remedy in ((("rest", "5"), "5 of what"), (("rest", "1s"), "from 10 s to 30 min"),
                              (("ratio", "45s"), "45s/30s"), (("ratio", "45/30"), "of what"),
                              (("ratio", "0s/30s"), "from 1 s"), (("goto", "0"), "3/8"),
                              (("goto", "x"), "3/8"), (("goto", "3/"), "3/8"),
                              (("goto", "99999999"), "3/8")):
            with self.subTest(words=words):
                self.assertIn(remedy, self.home.run(*words, expect=2).stderr)
        for word in ("rest", "ready", "easier", "harder", "cooldown", "stitch", "heavy",
                     "time", "encourage", "quiet"):
            with self.subTest(word=word):
                self.assertIn("no workout is chosen", self.home.run(word, expect=1).stderr)
        self.assertIn("`runwalk log`", self.home.run("pain", expect=1).stderr)
        self.start("core")
        self.assertIn("paused", self.home.run("rest", expect=1).stderr)
        self.assertIn("is 'knee' meant", self.home.run("pain", "kneee", expect=2).stderr)
        self.assertIn("shoulder", self.home.run("pain", "soul", expect=2).stderr)
        self.assertIsNone(self.home.status()["rest"])

    def test_all_of_it_is_there_again_after_a_kill(self):
        self.start()
        for words in (("easier",), ("ratio", "50s/20s"), ("harder",), ("goto", "4"),
                      ("quiet", "20m"), ("heavy",), ("time",), ("encourage",), ("stitch",),
                      ("ready",), ("pain", "back"), ("rest",)):
            self.home.run(*words)
        before = self.home.status()
        wait_for(lambda: self.commands()[-1:] == [("rest",)], "all is written")
        self.assertEqual(self.commands("command, other_ns / 1000000000, detail"),
                         [("start", 0, ""), ("easier", 0, ""), ("ratio", 20, ""), ("harder", 0, ""),
                          ("goto", 0, "4"), ("quiet", 0, ""), ("heavy", 0, ""), ("time", 0, ""),
                          ("encourage", 0, ""), ("stitch", 0, ""), ("ready", 0, ""),
                          ("pain", 0, "back"), ("rest", 0, "")])
        self.home.daemon.kill()
        self.home.daemon.wait()
        self.home.start_daemon()
        after = self.home.until(lambda status: status["state"] == "running", "the run goes on")
        for name in ("segment", "next", "rest", "fitted", "end_ms"):
            self.assertEqual(after[name], before[name], name)
        self.assertTrue(after["rest"]["waits"])

    def test_an_emergency_outlives_a_kill_in_silence(self):
        self.start()
        self.assertEqual(self.say("pain", "chest")["state"], "paused")
        wait_for(lambda: self.commands()[-1:] == [("pain",)], "all is written")
        self.home.daemon.kill()
        self.home.daemon.wait()
        self.home.start_daemon()
        self.home.until(lambda status: status["state"] == "paused", "the run waits")
        wait_for(lambda: self.commands()[-1:] == [("back-again",)], "it is written")
        self.assertEqual(self.rows("SELECT words FROM cues WHERE words LIKE '%still paused%'"), [])
        status = self.say("ready")
        self.assertEqual((status["state"], status["rest"]["waits"]), ("running", True))

    def test_a_word_is_answered_also_without_a_run(self):
        with closing(self.home.connect()) as client:
            client.call("subscribe")
            printed = self.home.run("dizzy").stdout
            cue = self.told(client, "cue")
        self.assertEqual(printed.splitlines()[0], cue["text"])
        self.assertNotIn("start quickstart", printed)
        self.assertEqual(cue["type"], "care")
        self.assertIn("call emergency services", cue["text"])

    def test_subscribers_are_told_of_each_command(self):
        self.start()
        with closing(self.home.connect()) as client:
            client.call("subscribe")
            self.home.run("easier")
            self.assertEqual(self.told(client, "command")["command"], "easier")
            self.assertEqual(self.told(client, "state")["status"]["fitted"]["steps"], -1)
            self.home.run("rest")
            self.assertEqual(self.told(client, "command")["command"], "rest")
            self.assertEqual(self.told(client, "segment")["rest"]["run"], 1)

    def test_what_hurts_is_told_to_nobody_who_does_not_ask(self):
        self.start()
        self.home.run("pain", "knee")
        self.home.run("pain", "knee")
        self.home.run("dizzy")
        self.home.run("stop")
        self.home.until(lambda status: status["state"] == "stopped", "the run is over")
        wait_for(lambda: self.rows("SELECT 1 FROM runs WHERE state = 'stopped'"), "it is written")
        self.assertEqual(self.rows("SELECT pain FROM runs"), [("knee, dizzy",)])
        self.assertEqual(self.database.stat().st_mode & 0o777, 0o600)
        out = self.home.path / "run.json"
        shown = self.home.run("history", "show", "1").stdout.encode()
        shown += self.home.run("history", "show", "1", "--json").stdout.encode()
        self.home.run("export", "1", out)
        for name, data in (("shown", shown), ("exported", out.read_bytes()),
                           ("logged", self.home.log.read_bytes())):
            self.assertIsNone(SECRET.search(data), name)
        self.home.run("export", "1", out, "--with-health")
        whole = json.loads(out.read_text())
        self.assertEqual(whole["run"]["pain"], "knee, dizzy")
        self.assertEqual([(row["command"], row["detail"]) for row in whole["commands"]],
                         [("start", ""), ("pain", "knee"), ("pain", "knee"), ("dizzy", ""),
                          ("stop", "")])
        self.home.run("forget", "1")
        self.home.stop_daemon()
        for file in self.database.parent.iterdir():
            self.assertIsNone(SECRET.search(file.read_bytes()), file)

    def test_the_live_view_shows_a_rest_and_its_keys(self):
        self.start()
        with Terminal([BUILD / "runwalk", "watch"], self.home.environment) as view:
            view.expect("Run 1 of 8")
            view.type(b"r")
            view.expect("Walk, resting")
            view.expect("next Run 1 of 8, ")
            view.expect("run")
            self.assertIsNotNone(self.home.status()["rest"])
            view.type(b"y")
            self.home.until(lambda status: status["rest"] is None, "the rest is over")


if __name__ == "__main__":
    unittest.main()
