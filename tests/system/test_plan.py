"""Plans with the real daemon: what is due, why, and what is said; with a history made by real runs,
and with prepared ones."""

import datetime
import json
import re
import sqlite3
import unittest
from contextlib import closing

import past
from product import BUILD, ProductTest

SILENT = 'output: "null"\nspeech: off\nlog: debug\n'
PLAN = """
name: Core
weeks:
  - days: [{session: {name: First, steps: [{walk: 1s}, {run: 2s}]}}, rest, {run: 1h, warmup: off}]
    times: 2
  - days: [{run: 1h, walk: 1m, repeat: 2}]
"""


class PlanTest(ProductTest):
    clock_is_right = True

    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.home.profile("mine.plan", PLAN)
        if self.clock_is_right:
            self.home.environment["LD_PRELOAD"] = str(BUILD / "tests/system/libsynced.so")
            for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"):  # they want to be the first that is loaded
                options = self.home.environment.get(name, "")
                self.home.environment[name] = f"{options}:verify_asan_link_order=0".strip(":")
        self.home.start_daemon()

    def plan(self, *words):
        return json.loads(self.home.run("plan", *words, "--json").stdout)

    def place(self, *words):
        standing = self.plan(*(words or ("status",)))
        return standing["next"]["week"], standing["next"]["day"], standing["reason"]

    def begin(self, plan, days_ago=90):
        """Follows PLAN, as if since so many days ago."""
        self.home.call("plan.start", plan=plan)
        began = (datetime.datetime.now() - datetime.timedelta(days=days_ago)).timestamp()
        self.database("UPDATE course SET real_ns = ?, dating = 'clock'", int(began * past.NS))

    def database(self, statement, *values):
        with closing(sqlite3.connect(self.home.state / "runwalk/history.db", timeout=10)) as db, db:
            return db.execute(statement, values).fetchall()

    def ran(self, plan, week, day, days_ago, **others):
        """A run of that plan, so many days ago."""
        pain = others.pop("pain", None)
        begin = datetime.datetime.now() - datetime.timedelta(days=days_ago)
        past.write(self.home.state / "runwalk/history.db", [past.Run(begin, **others)])
        self.database("UPDATE runs SET plan = ?, plan_week = ?, plan_day = ?, pain = ?,"
                      " runs_done = iif(state = 'done', 1, 0)"
                      " WHERE run = (SELECT max(run) FROM runs)", plan, week, day, pain)

    def start_at_once(self):
        """What is due, without the seconds in which it is announced."""
        self.home.call("session.choose", next=True, speak=False)
        self.home.call("session.start")
        self.home.until(lambda status: status["state"] == "running", "it runs")

    def said(self):
        return re.findall(r'planned: answer "(.*)"', self.home.log.read_text())


class Rules(PlanTest):
    def test_each_history_leads_to_what_is_due(self):
        plan = "beginner-9-week"
        # What happened last, then week, day and reason; and what the runner is told.
        table = (
            (dict(week=3, day=2, days_ago=1), (3, 3, "goes-on"), "completed week 3, day 2 without a"),
            (dict(week=3, day=2, days_ago=1, rests=2), (3, 3, "goes-on"), "with 2 rests"),
            (dict(week=3, day=2, days_ago=1, rests=3), (3, 2, "many-rests"), "3 rests in week 3"),
            (dict(week=3, day=2, days_ago=1, state="stopped"), (3, 2, "ended-early"), "early"),
            (dict(week=3, day=2, days_ago=1, pain="knee"), (3, 1, "pain"), "one step back"),
            (dict(week=3, day=2, days_ago=1, back="bad"), (3, 1, "pain"), "one step back"),
            (dict(week=3, day=3, days_ago=1), (4, 1, "goes-on"), "completed"),
            (dict(week=3, day=2, days_ago=13), (3, 3, "goes-on"), "completed"),
            (dict(week=3, day=2, days_ago=14), (2, 1, "pause"), "14 days without a run"),
            (dict(week=3, day=2, days_ago=28), (1, 1, "pause"), "back to week 1"),
            (dict(week=3, day=2, days_ago=40, dating="uncertain"), (3, 3, "goes-on"), "completed"),
            (dict(week=3, day=2, days_ago=1, running=0.5, walking=0.4, planned=1),
             (1, 1, "begins"), "begins here"),
            (dict(week=9, day=3, days_ago=1), (9, 1, "over"), "completed the plan"),
            (dict(week=3, day=2, days_ago=1, pain="chest"), (3, 1, "waits"), "`runwalk plan well`"),
        )
        for ran, due, told in table:
            with self.subTest(ran):
                self.home.call("history.forget", all=True)
                self.begin(plan)
                self.ran(plan, **ran)
                standing = self.home.call("plan.status")
                place = standing["next"]
                self.assertEqual((place["week"], place["day"], standing["reason"]), due)
                self.assertIn(told, standing["why"])

    def test_what_is_due_comes_after_the_days_of_rest(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 1, 1, days_ago=0)
        tomorrow = datetime.date.today() + datetime.timedelta(days=2)
        standing = self.plan("status")["next"]
        self.assertEqual((standing["due"], standing["due_in_days"]), (str(tomorrow), 2))
        self.assertIn(f"in 2 days, {tomorrow}", self.home.run("plan", "status").stdout)

    def test_a_big_step_and_a_core_routine_have_a_word(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 3, 3, days_ago=1)
        self.assertIn("78 % more running", self.plan("status")["advice"])
        self.home.run("plan", "next")
        self.assertEqual(self.said()[-1], "Beginner, week four. This is a big step. Walk when you"
                                          " must. Thirty-one minutes thirty. Walk first.")
        self.ran("beginner-9-week", 4, 1, days_ago=0, pain="back")
        self.assertIn("runwalk start core-20-10", self.plan("status")["advice"])
        self.home.run("plan", "next")
        self.assertIn("Beginner, week three. One step back.", self.said()[-1])

    def test_what_is_no_easier_is_not_said_to_be(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 1, 1, days_ago=1, pain="knee")
        self.home.run("plan", "next")
        self.assertIn("Beginner, week one. The same again.", self.said()[-1])
        self.home.call("history.forget", all=True)
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 1, 1, days_ago=20, rests=3)
        self.home.run("plan", "next")
        self.assertIn("Beginner, week one. The same again.", self.said()[-1])

    def test_after_an_emergency_the_plan_waits_until_all_is_well(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 2, 1, days_ago=1, pain="dizzy", state="stopped", running=0.1,
                 walking=0.1, planned=30)
        for words in ("start", "next"), ("plan", "next"):
            self.assertIn("all is well", self.home.run(*words, expect=1).stderr)
            self.assertEqual(self.said()[-1], "The plan waits until all is well again.")
        self.assertTrue(self.plan("skip")["waits"])
        self.assertTrue(self.plan("start", "core-3-a-week")["waits"])
        self.assertTrue(self.plan("stop")["waits"])
        self.assertFalse(self.plan("well")["waits"])
        self.plan("start", "beginner-9-week")
        self.home.run("start", "next")

    def test_an_emergency_without_a_run_makes_the_plan_wait_too(self):
        self.begin("beginner-9-week")
        self.home.run("dizzy")
        self.assertIn("all is well", self.home.run("start", "next", expect=1).stderr)
        self.assertFalse(self.plan("well")["waits"])
        refused = self.home.run("pain", "leg", expect=1)  # no emergency
        self.assertIn("`runwalk log` notes", refused.stderr)
        self.assertFalse(self.plan("status")["waits"])
        self.home.run("start", "next")
        self.home.run("stop")
        self.home.run("pain", "chest")
        self.assertTrue(self.plan("status")["waits"])

    def test_profiles_too_large_together_are_refused_at_once(self):
        profile = "name: Large\nsteps:\n" + "  - run: 10s\n" * 8000
        for name in range(40):
            self.home.profile(f"large{name}", profile)
        days = "".join(f"      - profile: large{week}{day}\n" if day else "  - days:\n"
                       for week in ("", 1, 2, 3) for day in range(7)).replace("large0", "large9")
        plan = self.home.config / "runwalk/profiles/large.plan.yaml"
        plan.write_text(f"name: Large\nweeks:\n{days}", encoding="utf-8")
        refused = self.home.run("plan", "start", "large", expect=4)
        self.assertEqual(refused.stderr.count("at most 1024 KiB together"), 1, refused.stderr)

    def test_where_the_runner_stands_outlives_all_but_its_end(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 5, 1, days_ago=1)
        self.assertEqual(self.place(), (5, 2, "goes-on"))
        self.home.daemon.kill()
        self.home.daemon.wait()
        self.home.start_daemon()
        self.assertEqual(self.place(), (5, 2, "goes-on"))
        self.home.run("forget", "--all")
        self.assertEqual(self.place(), (5, 2, "goes-on"))
        self.assertIsNone(self.plan("stop")["plan"])


class WithoutClock(PlanTest):
    clock_is_right = False

    def test_without_a_clock_that_is_right_there_is_no_pause(self):
        self.begin("beginner-9-week")
        self.ran("beginner-9-week", 3, 2, days_ago=60)
        self.assertEqual(self.place(), (3, 3, "goes-on"))
        self.assertIsNone(self.plan("status")["next"]["due_in_days"])


class Following(PlanTest):
    def test_start_next_says_what_is_due_and_then_starts_it(self):
        self.plan("start", "beginner-9-week")
        status = self.home.call("session.start", next=True)
        self.assertEqual(status["plan"], {"id": "beginner-9-week", "week": 1, "day": 1})
        self.assertEqual(self.said(), ["Beginner, week one. Thirty minutes. Walk first."])
        # The words are heard before the run begins.
        self.assertGreater(status["origin_boot_ms"] - status["boot_ms"], 4000)
        self.assertIn("a run is on", self.home.run("start", "next", expect=1).stderr)
        self.home.run("start", "next", "--replace")

    def test_a_run_is_recorded_as_the_session_that_it_is(self):
        self.plan("start", "mine")
        self.home.run("start", "next")
        self.home.until(lambda status: status["state"] == "done", "the session is done")
        run = self.home.call("history.show", run=1)["run"]
        self.assertEqual((run["plan"], run["plan_week"], run["plan_day"]), ("mine", 1, 1))
        # Three seconds count in no plan.
        self.assertEqual(self.place(), (1, 1, "begins"))
        self.assertEqual(self.place("skip"), (1, 2, "skipped"))
        self.start_at_once()
        self.assertIn("Core, week 1, day 2", self.home.run("status").stdout)
        self.home.daemon.kill()
        self.home.daemon.wait()
        self.home.start_daemon()
        self.home.until(lambda status: status["state"] == "running", "it goes on")
        self.home.run("stop")
        run = self.home.call("history.show", run=2)["run"]
        self.assertEqual((run["plan"], run["plan_week"], run["plan_day"]), ("mine", 1, 2))
        # Another workout is none of the plan's.
        self.home.run("start", "quickstart")
        self.home.until(lambda status: status["state"] == "running", "another one runs")
        self.assertIsNone(self.home.call("session.status")["plan"])
        self.home.run("stop")
        self.assertIsNone(self.home.call("history.show", run=3)["run"]["plan"])

    def test_what_is_said_during_a_run_counts(self):
        self.plan("start", "mine", "--week", "2")
        self.plan("skip")
        self.start_at_once()
        for words in (("rest",), ("ready",), ("pain", "knee")):
            self.home.run(*words)
        self.home.run("stop")
        told = self.home.call("plan.status")
        self.assertEqual((told["reason"], told["waits"]), ("skipped", False))  # too short a run
        self.database("UPDATE runs SET session_ns = ?, planned_ms = 90000", 60 * past.NS)
        self.assertEqual(self.place(), (2, 1, "pain"))
        self.start_at_once()
        self.home.run("dizzy")
        self.home.run("stop")
        self.assertEqual(self.place()[2], "waits")
        self.assertIn("all is well", self.home.run("start", "next", expect=1).stderr)
        self.home.run("plan", "well")
        self.assertEqual(self.place()[2], "well")
        self.home.run("start", "next")

    def test_the_place_moves_as_the_runner_says(self):
        self.plan("start", "mine", "--week", "2")
        self.assertEqual(self.place("skip"), (2, 2, "skipped"))
        self.assertEqual(self.place("repeat"), (2, 1, "repeated"))
        self.plan("skip")
        self.assertEqual(self.place("skip"), (3, 1, "skipped"))
        self.assertIn("last session", self.home.run("plan", "skip", expect=1).stderr)
        self.assertEqual(self.place("repeat", "week"), (2, 1, "repeated"))
        self.home.run("plan", "next")
        self.assertEqual(self.home.call("session.status")["plan"]["week"], 2)
        self.home.run("toggle")
        self.home.until(lambda status: status["state"] in ("running", "done"), "the button starts it")

    def test_what_cannot_be_followed_is_told_and_loses_nothing(self):
        self.assertIn("is 'mine' meant", self.home.run("plan", "start", "mien", expect=4).stderr)
        self.assertIn("has 3 weeks", self.home.run("plan", "start", "mine", "--week", "4",
                                                   expect=2).stderr)
        self.assertIn("no plan is followed", self.home.run("start", "next", expect=1).stderr)
        self.assertEqual(self.said(), ["Choose a plan first."])
        self.plan("start", "mine", "--week", "2")
        path = self.home.profile("mine.plan", PLAN.replace("times: 2", "tims: 2"))
        told = self.home.run("start", "next", expect=4).stderr
        self.assertIn("mine.plan.yaml:5:5: error: a week has no \"tims\"; did you mean \"times\"?",
                      told)
        path.unlink()
        self.assertIn("no plan is called 'mine'", self.home.run("plan", "status", expect=4).stderr)
        self.home.profile("mine.plan", PLAN)
        self.assertEqual(self.place(), (2, 1, "begins"))

    def test_a_plan_is_shown_with_what_is_due(self):
        self.assertIn("no plan is followed", self.home.run("plan", "show", expect=1).stderr)
        self.plan("start", "mine", "--week", "2")
        self.assertIn("\n  2 \u25b6", self.home.run("plan", "show").stdout)
        self.assertNotIn("\u25b6", self.home.run("plan", "show", "mine").stdout)
        shown = self.home.run("plan", "show", "--ascii").stdout
        self.assertTrue(shown.isascii(), shown)


if __name__ == "__main__":
    unittest.main()
