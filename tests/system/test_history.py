"""A run is written down: it survives kills at any moment, and can be looked at, exported, forgotten.

RUNWALK_KILLS says how often the daemon is killed; RUNWALK_SEED repeats a sequence.
"""

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
import unittest
import xml.etree.ElementTree as ET
from contextlib import closing

from product import ProductTest, Refused, wait_for

KILLS = int(os.environ.get("RUNWALK_KILLS", "12"))
SEED = int(os.environ.get("RUNWALK_SEED", "0")) or random.randrange(1 << 30)

SILENT = 'output: "null"\nspeech: off\n'
SHORT = """
name: Short <&> sweet
steps:
  - run: 1s
  - exercise: 1s
    name: 'Say "go"'
  - walk: 1s
"""
LONG = """
name: Endless
steps:
  - repeat: 700
    steps:
      - run: 1m
      - walk: 1m
"""
ON = ("running", "paused")
# Runs a program on a boot clock that is ahead by so many seconds.
LATER = ("unshare", *(() if os.getuid() == 0 else ("--user", "--map-root-user")), "--time", "--fork",
         "--kill-child", "--boottime")
HAS_LATER = subprocess.run([*LATER, "1", "true"], stderr=subprocess.DEVNULL,
                           check=False).returncode == 0
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


class History(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.profile("short", SHORT)
        self.home.profile("long", LONG)
        self.database = self.home.state / "runwalk/history.db"

    def rows(self, sql):
        with closing(sqlite3.connect(self.database, timeout=10)) as db:
            return db.execute(sql).fetchall()

    def written(self):
        """All commands that were carried out, as far as they are on the disk."""
        return self.rows("SELECT command, clock_ns, session_ns FROM commands"
                         " WHERE refused IS NULL ORDER BY rowid")

    def kill(self):
        os.kill(self.home.daemon_pid(), signal.SIGKILL)  # itself, not what has wrapped it
        self.home.daemon.wait()

    def back(self):
        self.home.start_daemon()
        return self.home.until(lambda status: status["state"] in ON, "the run goes on")

    def finished_run(self):
        self.home.start_daemon()
        self.home.run("start", "short")
        self.home.until(lambda status: status["state"] == "done", "the run is done")

    def test_after_a_kill_the_run_goes_on_where_it_was(self):
        self.home.start_daemon()
        self.home.start_run("long")
        self.home.run("skip")
        before = json.loads(self.home.run("extend", "10s", "--json").stdout)
        wait_for(lambda: len(self.written()) == 3, "all is written")
        self.kill()
        after = self.back()
        self.assertEqual(after["end_ms"], before["end_ms"])
        self.assertEqual(after["segment"], before["segment"])
        self.assertEqual(after["origin_boot_ms"], before["origin_boot_ms"])
        wait_for(lambda: [row[0] for row in self.written()] ==
                 ["start", "skip", "extend", "back-again"], "that it is back is written, too")
        self.assertEqual(self.rows("SELECT DISTINCT source FROM commands"), [("cli",), ("coach",)])

    def test_a_changed_profile_changes_nothing_in_a_run(self):
        self.home.start_daemon()
        self.home.start_run("long")
        end = self.home.status()["end_ms"]
        wait_for(lambda: len(self.written()) == 1, "it is written")
        self.kill()
        self.home.profile("long", SHORT)
        self.assertEqual(self.back()["end_ms"], end)

    def test_how_much_is_said_survives_a_kill(self):
        self.home.start_daemon()
        self.home.start_run("long")
        self.home.call("voice.set", verbosity="sparse")
        before = self.home.call("voice.get")
        wait_for(lambda: self.rows("SELECT 1 FROM runs WHERE settings LIKE '%live%'"), "written")
        self.home.call("history.list")  # answered when all before it is written
        self.kill()
        self.back()
        self.assertEqual(self.home.call("voice.get"), before)

    def test_settings_read_again_are_written_down_at_once(self):
        self.home.start_daemon()
        self.home.start_run("long")
        wait_for(lambda: len(self.written()) == 1, "it is written")
        before = self.rows("SELECT settings FROM runs")
        self.home.configure(SILENT + "cues: {verbosity: sparse}\n")
        self.home.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: self.rows("SELECT settings FROM runs") != before, "so are the new settings")

    def test_a_longer_time_away_counts_as_a_pause(self):
        self.home.configure(SILENT + "away-as-run: 0s\n")
        self.home.start_daemon()
        self.home.start_run("long")
        wait_for(lambda: self.written(), "it is written")
        before = self.home.status()["session_ms"]
        self.kill()
        gone = time.monotonic()
        wait_for(lambda: time.monotonic() > gone + 1, "a second")
        self.assertLess(self.back()["session_ms"] - before, 900)

    @unittest.skipUnless(HAS_LATER, "there is no namespace of clocks")
    def test_how_long_it_was_away_decides_what_becomes_of_a_run(self):
        self.home.start_daemon()
        self.home.start_run("long")
        wait_for(self.written, "it is written")
        before = self.home.status()["session_ms"]
        for ahead, session in ((25, 25000), (25 + 100, 0)):  # as run, and as pause
            with self.subTest(ahead=ahead):
                self.kill()
                self.home.wrapper = [*LATER, str(ahead)]
                after = self.back()["session_ms"]
                self.assertGreaterEqual(after - before, session)
                self.assertLess(after - before, session + 20000)
                self.home.run("extend", "1s")
                wait_for(lambda: self.written()[-1][0] == "extend", "it is written")
                before = after
        self.kill()
        self.home.wrapper = [*LATER, str(125 + 610)]
        self.home.start_daemon()
        wait_for(lambda: self.refusal("resume", "interrupted at"), "it waits for `recover`")
        self.home.run("recover")
        self.home.until(lambda status: status["state"] == "running", "it goes on")

    @unittest.skipUnless(HAS_LATER, "there is no namespace of clocks")
    def test_a_stopped_run_can_be_recovered_for_an_hour(self):
        self.home.start_daemon()
        self.home.start_run("long")
        self.home.run("stop")
        self.home.stop_daemon()
        self.home.wrapper = [*LATER, "3700"]
        self.home.start_daemon()
        self.home.run("recover", expect=1)
        self.kill()
        self.home.wrapper = [*LATER, "3500"]
        self.home.start_daemon()
        wait_for(lambda: self.home.run("recover", expect=None).returncode == 0, "it is read")
        self.home.until(lambda status: status["state"] == "running", "it goes on")

    def test_a_paused_run_is_paused_when_it_is_back(self):
        self.home.start_daemon()
        self.home.start_run("long")
        paused = json.loads(self.home.run("pause", "--json").stdout)
        wait_for(lambda: len(self.written()) == 2, "it is written")
        self.kill()
        after = self.back()
        self.assertEqual((after["state"], after["session_ms"]), ("paused", paused["session_ms"]))

    def test_a_run_waits_for_recover_when_that_is_configured(self):
        self.home.configure(SILENT + "on-crash: ask\n")
        self.home.start_daemon()
        self.home.start_run("long")
        end = self.home.status()["end_ms"]
        wait_for(lambda: self.written(), "it is written")
        self.kill()
        self.home.start_daemon()
        refused = wait_for(lambda: self.refusal("resume", "Endless, interrupted at 0:0"), "told")
        self.assertIn("runwalk recover", refused)
        self.assertEqual(self.home.status()["state"], "idle")
        self.home.run("recover")
        self.home.until(lambda status: status["state"] == "running", "it goes on")
        self.assertEqual(self.home.status()["end_ms"], end)

    def refusal(self, verb, words):
        text = self.home.run(verb, expect=1).stderr
        return text if words in text else None

    def test_a_run_stopped_by_mistake_can_be_recovered_and_then_survives_a_kill(self):
        self.home.start_daemon()
        self.home.run("recover", expect=1)
        self.home.start_run("long")
        end = self.home.status()["end_ms"]
        self.home.run("stop")
        self.assertIn("stopped at", self.home.run("resume", expect=1).stderr)
        self.home.run("recover")
        self.home.until(lambda status: status["state"] == "running", "it goes on")
        skipped = json.loads(self.home.run("skip", "--json").stdout)
        self.assertLess(skipped["end_ms"], end)
        wait_for(lambda: [row[0] for row in self.written()] == ["start", "back-again", "skip"],
                 "the stop is taken back")
        self.kill()
        self.assertEqual(self.back()["end_ms"], skipped["end_ms"])

    def test_sigterm_interrupts_and_sigint_stops(self):
        for number, state in ((signal.SIGTERM, "on"), (signal.SIGINT, "stopped")):
            with self.subTest(signal=number.name):
                self.home.start_daemon()
                if number == signal.SIGTERM:
                    self.home.start_run("long")
                else:
                    self.home.until(lambda status: status["state"] == "running", "it goes on")
                self.assertEqual(self.home.stop_daemon(number), 0)
                self.assertEqual(self.rows("SELECT state FROM runs"), [(state,)])
        self.assertIn(("stop", "signal"), self.rows("SELECT command, source FROM commands"))

    def test_a_run_is_listed_and_shown_with_planned_against_actual(self):
        self.finished_run()
        listed = json.loads(self.home.run("history", "--json").stdout)
        self.assertEqual(listed["total"], 1)
        run = listed["runs"][0]
        self.assertEqual((run["state"], run["session_ms"], run["runs_done"]), ("done", 3000, 1))
        self.assertIn("Short <&> sweet", self.home.run("history").stdout)
        shown = json.loads(self.home.run("history", "show", "1", "--json").stdout)
        self.assertEqual([(step["kind"], step["begin_ms"], step["end_ms"])
                          for step in shown["segments"]],
                         [("run", 0, 1000), ("exercise", 1000, 2000), ("walk", 2000, 3000)])
        self.assertTrue(shown["cues"])
        accounted = {"ended", "cut", "dropped", "withdrawn", "lost", "late", "started", "planned"}
        self.assertLessEqual({cue["outcome"] for cue in shown["cues"]}, accounted)
        text = self.home.run("history", "show", "1").stdout
        self.assertIn("planned", text)
        self.assertIn("from cli", text)
        self.home.run("history", "show", "2", expect=1)
        self.home.run("history", "shwo", "1", expect=2)

    def test_a_run_is_exported_in_three_forms(self):
        self.finished_run()
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute("UPDATE runs SET effort = 7, pain = 'knee', note = 'Private'")
        tcx, table, whole = (self.home.path / f"run.{form}" for form in ("tcx", "csv", "json"))
        for path in (tcx, table, whole):
            self.home.run("export", "1", path)
            self.assertNotIn("Private", path.read_text())
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        activity = ET.parse(tcx).getroot().find(f"{TCX}Activities/{TCX}Activity")
        laps = activity.findall(f"{TCX}Lap")
        self.assertEqual([lap.find(f"{TCX}Intensity").text for lap in laps],
                         ["Active", "Active", "Resting"])
        for lap in laps:
            self.assertEqual([element.tag.removeprefix(TCX) for element in lap],
                             ["TotalTimeSeconds", "DistanceMeters", "Calories", "Intensity",
                              "TriggerMethod", "Track", "Notes"])
            self.assertEqual({element.tag for point in lap.iter(f"{TCX}Trackpoint")
                              for element in point}, {f"{TCX}Time"})
            self.assertEqual(lap.find(f"{TCX}TotalTimeSeconds").text, "1.000")
            self.assertEqual(lap.find(f"{TCX}DistanceMeters").text, "0")
        self.assertEqual(activity.find(f"{TCX}Id").text, laps[0].get("StartTime"))
        self.assertIn(f"<name>{laps[0].get('StartTime')}</name>", self.read_elsewhere(tcx))
        with table.open(newline="") as file:
            steps = list(csv.DictReader(file))
        self.assertEqual([(step["kind"], step["name"], step["duration_ms"]) for step in steps],
                         [("run", "", "1000"), ("exercise", 'Say "go"', "1000"),
                          ("walk", "", "1000")])
        self.assertEqual(len(json.loads(whole.read_text())["segments"]), 3)
        self.home.run("export", "1", whole, "--with-health")
        self.assertEqual(json.loads(whole.read_text())["run"]["note"], "Private")
        self.home.run("export", "1", self.home.path / "run.gpx", expect=2)

    def read_elsewhere(self, tcx):
        """What another program makes of the file; it has no place for points without coordinates."""
        result = subprocess.run(["gpsbabel", "-i", "gtrnctr", "-f", tcx, "-o", "gpx", "-F", "-"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)
        return result.stdout

    def test_what_is_forgotten_is_in_no_file(self):
        self.finished_run()
        self.home.run("start", "long")
        self.home.until(lambda status: status["state"] == "running", "a second run is on")
        self.home.run("forget", expect=2)
        self.home.run("forget", "2", expect=1)
        self.home.run("forget", "1")
        self.assertEqual(json.loads(self.home.run("history", "--json").stdout)["total"], 1)
        for file in self.database.parent.iterdir():
            self.assertNotIn(b"sweet", file.read_bytes())
        self.home.run("stop")
        self.home.run("forget", "--all")
        self.home.run("recover", expect=1)
        self.assertEqual(json.loads(self.home.run("history", "--json").stdout)["total"], 0)

    def test_speech_made_for_a_run_goes_with_it(self):
        cache = self.home.path / "cache/runwalk"
        cache.mkdir(mode=0o700, parents=True)
        kept = cache / ("0" * 16 + ".wav")
        self.finished_run()
        names = {file.name for file in cache.iterdir()}
        kept.write_bytes(b"a sound")
        self.home.run("forget", "1")
        self.assertIn("forget", {file.name for file in cache.iterdir()} - names)
        self.assertEqual(self.home.stop_daemon(), 0)
        self.assertFalse((cache / "forget").exists())
        self.assertFalse(kept.exists())

    def test_a_damaged_database_costs_the_history_and_is_kept(self):
        self.database.parent.mkdir(mode=0o700)
        self.database.write_bytes(b"rubbish " * 1000)
        self.finished_run()
        self.assertEqual(json.loads(self.home.run("history", "--json").stdout)["total"], 1)
        kept = list(self.database.parent.glob("history.db.damaged-*"))
        self.assertEqual([file.read_bytes()[:7] for file in kept], [b"rubbish"])
        self.assertEqual(self.home.log.read_text().count("was damaged"), 1)

    def test_a_state_directory_that_cannot_be_used_costs_the_history_only(self):
        self.database.parent.write_text("no directory")
        self.finished_run()
        self.home.run("history", expect=6)
        self.assertEqual(self.home.log.read_text().count("goes on without its history"), 1)
        self.database.parent.unlink()
        self.home.run("start", "short")
        wait_for(lambda: self.home.run("history", expect=None).returncode == 0, "it heals")
        self.home.until(lambda status: status["state"] == "done", "the second run is done")
        self.assertEqual(json.loads(self.home.run("history", "--json").stdout)["total"], 2)


class Load(threading.Thread):
    """Commands without a break, and the status that each was answered with."""

    def __init__(self, home, chance, state):
        super().__init__()
        self.connection = home.connect()
        self.chance = chance
        self.state = state
        self.answers = []

    def run(self):
        try:
            while True:
                method = self.chance.choice(("skip", "back", "extend", "shorten", "toggle"))
                params = {}
                if method in ("extend", "shorten"):
                    params["by_ms"] = self.chance.randrange(1000, 20000)
                try:
                    self.answers.append(self.connection.call(f"session.{method}", **params))
                except Refused:
                    pass
        except (OSError, ConnectionError):
            return


class Kills(ProductTest):
    def status(self):
        """The status when the run is on. What a killed daemon had just forked may hold its socket
        for a moment, so that a connection is taken, and lost."""
        try:
            status = self.home.status()
            return status if status["state"] in ON else None
        except OSError:
            return None

    def commands(self, database):
        with closing(sqlite3.connect(database, timeout=10)) as db:
            return db.execute("SELECT * FROM commands").fetchall()

    def goes_on(self, before, after):
        """What lies ahead after the kill is what lay ahead after the last command before it."""
        self.assertEqual((after["state"], after["end_ms"]), (before["state"], before["end_ms"]))
        if after["session_ms"] < before["segment"]["end_ms"]:
            self.assertEqual(after["segment"], before["segment"])
        if after["state"] == "running":  # and at the same times
            self.assertEqual(after["origin_boot_ms"], before["origin_boot_ms"])

    def test_no_kill_loses_what_was_written_or_moves_what_lies_ahead(self):
        chance = random.Random(SEED)
        home = self.home
        home.configure(SILENT)
        home.profile("long", LONG)
        database = home.state / "runwalk/history.db"
        home.start_daemon()
        status = home.start_run("long")
        wait_for(lambda: self.commands(database), "the start is written")
        count, compared = 0, 0
        for kill in range(KILLS):
            with self.subTest(kill=kill, seed=SEED):
                load = Load(home, chance, status)
                load.start()
                time.sleep(chance.random() * 0.2)  # any moment
                home.daemon.kill()
                home.daemon.wait()
                load.join()
                while chance.random() < 0.2:  # and also while it takes the run up
                    home.daemon = home.spawn_daemon()
                    time.sleep(chance.random() * 0.1)
                    home.daemon.kill()
                    home.daemon.wait()
                with closing(sqlite3.connect(database)) as db:
                    self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                    written = db.execute("SELECT command, clock_ns, session_ns, source FROM commands"
                                         " WHERE refused IS NULL ORDER BY rowid").fetchall()
                commands = [row for row in written if row[3] == "remote"]
                answers = [status, *load.answers]
                done = len(commands) - count
                self.assertGreaterEqual(done, 0)
                home.start_daemon()
                status = wait_for(self.status, "the run goes on")
                if done < len(answers):
                    self.goes_on(answers[done], status)
                    compared += 1
                with closing(sqlite3.connect(database, timeout=10)) as db:
                    kept = db.execute("SELECT command, clock_ns, session_ns, source FROM commands"
                                      " WHERE refused IS NULL ORDER BY rowid LIMIT ?",
                                      (len(written),)).fetchall()
                self.assertEqual(kept, written)
                count = len(commands)
        self.assertGreater(compared, KILLS // 2)
        print(f"{KILLS} kills, {compared} compared, {count} commands kept (seed {SEED})")


if __name__ == "__main__":
    unittest.main()
