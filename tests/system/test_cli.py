"""The command line from outside: exit statuses, and what goes to which stream."""

import json
import unittest

from product import ProductTest

GOOD = "name: Good\nsteps:\n  - run: 2s\n  - walk: 2s\n"
BAD = "name: Bad\nsteps:\n  - run: 0s\n"


class CommandLine(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')
        self.good = self.home.profile("good", GOOD)
        self.bad = self.home.profile("bad", BAD)

    def refused(self, status, *words):
        """Runs a command that fails with STATUS; returns what it says, all of it on stderr."""
        result = self.home.run(*words, expect=status)
        self.assertEqual(result.stdout, "")
        self.assertNotEqual(result.stderr.strip(), "")
        return result.stderr

    def test_without_a_daemon_the_verbs_that_need_one_exit_with_3(self):
        for words in (["status"], ["pause"], ["start", "good"], ["volume"], ["call", "hello"]):
            with self.subTest(words=words):
                self.refused(3, *words)

    def test_mistakes_of_usage_exit_with_2(self):
        for words in (["dance"], ["show"], ["start", "good", "--never"], ["extend", "soon"]):
            with self.subTest(words=words):
                self.refused(2, *words)

    def test_an_unknown_or_invalid_profile_exits_with_4(self):
        self.assertIn("good", self.refused(4, "show", "goood"))
        self.assertIn("bad.yaml:3:", self.refused(4, "check", self.bad))
        self.home.start_daemon()
        self.refused(4, "start", "nowhere")
        self.refused(4, "start", "bad")

    def test_what_is_not_possible_now_exits_with_1(self):
        self.home.start_daemon()
        self.refused(1, "skip")
        self.home.run("start", "good")
        self.refused(1, "start", "good")
        self.home.run("start", "good", "--replace")

    def test_what_cannot_be_written_exits_with_6(self):
        self.refused(6, "render", "good", self.home.path / "absent/out.wav")

    def test_a_profile_is_found_by_name_and_by_path(self):
        for name in ("good", self.good):
            with self.subTest(name=name):
                self.home.run("check", name)
                self.assertIn("Good", self.home.run("show", name).stdout)
        self.home.start_daemon()
        self.home.run("start", self.good)
        self.assertEqual(self.home.status()["profile"]["name"], "Good")

    def test_a_relative_path_is_that_of_the_caller(self):
        self.home.start_daemon()
        self.home.run("start", "./good.yaml", cwd=self.good.parent)
        self.assertEqual(self.home.status()["profile"]["name"], "Good")

    def test_shipped_profiles_are_listed_and_valid(self):
        names = [line.split()[0] for line in self.home.run("list").stdout.splitlines() if line]
        self.assertIn("quickstart", names)
        for name in names:
            if name not in ("good", "bad"):
                self.home.run("check", name)

    def test_json_is_json(self):
        self.home.start_daemon()
        for words in (["list"], ["status"], ["volume"]):
            with self.subTest(words=words):
                json.loads(self.home.run(*words, "--json").stdout)

    def test_a_timeline_is_ordered_and_ends(self):
        lines = self.home.run("timeline", "good", "--json").stdout.splitlines()
        events = [json.loads(line) for line in lines]
        times = [event["t_ms"] for event in events[:-1]]
        self.assertEqual(times, sorted(times))
        self.assertEqual(events[0]["event"], "segment")
        self.assertEqual(events[-1], {"t_ms": 4000, "event": "end"})

    def test_a_rendering_is_the_same_each_time(self):
        outputs = [self.home.path / f"{number}.wav" for number in range(2)]
        for output in outputs:
            self.home.run("render", "good", output, "--seed", "7")
        self.assertEqual(*[output.read_bytes() for output in outputs])


if __name__ == "__main__":
    unittest.main(verbosity=2)
