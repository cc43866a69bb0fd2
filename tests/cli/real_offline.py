"""The verbs that need no daemon, as a user or a program calls them."""

import json
import signal
import struct
import subprocess
import unittest

from product import BUILD, PATIENCE, ProductTest, wait_for

PLAN = """name: Plan
steps:
  - warmup: 20s
    say: Start with a brisk walk.
  - repeat: 2
    skip-last: walk
    steps:
      - run: 30s
      - walk: 25s
  - repeat: 2
    steps:
      - exercise: 5s
        name: Side plank
        sides: both
"""


def samples(path):
    """The frames of a WAV file of 24-bit stereo."""
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    at = 12
    while True:
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"data":
            return data[at + 8:at + 8 + size]
        at += 8 + size + size % 2


LANGUAGES = {"en": "Run one of two.", "de": "Lauf eins von zwei.", "es": "Corre, uno de dos.",
             "fr": "Course un sur deux.", "zh": "跑步第一组，共两组。"}


class Offline(ProductTest):
    def setUp(self):
        super().setUp()
        self.plan = self.home.profile("plan", PLAN)

    def test_all_that_the_coach_can_say_is_listed_in_each_language(self):
        wordings = {}
        for language, run in LANGUAGES.items():
            told = json.loads(self.home.run("phrases", "--lang", language, "--json").stdout)
            self.assertEqual(told["language"], language)
            texts = [one["text"] for one in told["phrases"]]
            groups = {one["group"] for one in told["phrases"]}
            wordings[language] = [one["fits"] for one in told["phrases"]
                                  if one["group"] == "Encouragement"]
            self.assertGreater(len(texts), 150)
            self.assertTrue({"Encouragement", "Posture", "Breathing", "The dead point",
                             "When something is wrong"} <= groups, groups)
            shown = self.home.run("phrases", "--lang", language).stdout
            for text in texts:
                self.assertIn(f"  {text}", shown)
            heard = self.home.run("timeline", "plan", "--lang", language, "--json").stdout
            self.assertTrue(any(json.loads(line).get("text", "").startswith(run)
                                for line in heard.splitlines()), heard)
        self.assertGreaterEqual(len(wordings["en"]), 60)
        for language in LANGUAGES:
            self.assertEqual(wordings[language], wordings["en"])
        self.home.run("phrases", "--lang", "xx", expect=2)

    def timeline(self, name):
        lines = self.home.run("timeline", name, "--json").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def test_the_segments_of_a_timeline_are_exact(self):
        segments = [event for event in self.timeline("plan") if event["event"] == "segment"]
        self.assertEqual(segments[0], {
            "t_ms": 0, "event": "segment", "kind": "warmup", "duration_ms": 20000, "name": None,
            "reps": []})
        self.assertEqual([(s["t_ms"], s["kind"], s["reps"]) for s in segments[1:]], [
            (20000, "run", [[1, 2]]),
            (50000, "walk", [[1, 2]]),
            (75000, "run", [[2, 2]]),
            (105000, "exercise", [[1, 2]]),
            (110000, "exercise", [[1, 2]]),
            (115000, "exercise", [[2, 2]]),
            (120000, "exercise", [[2, 2]])])
        self.assertEqual(segments[4]["name"], "Side plank")
        self.assertEqual([s["side"] for s in segments[4:]], ["left", "right"] * 2)

    def test_the_cues_of_a_timeline_are_where_they_belong(self):
        events = self.timeline("plan")
        cues = [(e["t_ms"], e["cue"]) for e in events if e["event"] == "cue"]
        for at in (20000, 50000, 75000, 105000, 125000):
            self.assertIn((at, "change"), cues)
        for at in (17000, 18000, 19000, 47000, 48000, 49000):
            self.assertIn((at, "countdown"), cues)
        self.assertNotIn((109000, "countdown"), cues)
        announcement = next(e for e in events if e.get("cue") == "announce" and e["t_ms"] > 20000)
        self.assertEqual(announcement["t_ms"], 20500)
        self.assertEqual(announcement["text"], "Run one of two. Thirty seconds.")
        self.assertGreater(announcement["duration_ms"], 500)
        self.assertEqual(events[-1], {"t_ms": 125000, "event": "end"})

    def test_a_day_of_seconds_is_listed_in_bounded_memory(self):
        self.home.profile("day", "name: Day\nsteps:\n  - repeat: 86400\n    steps:\n      - run: 1s\n")
        # One address space for everything, libraries included.
        result = subprocess.run(
            ["bash", "-c", f"ulimit -v 400000; '{BUILD}/runwalk' timeline day --json | tail -1"]
            if not self.sanitized() else
            ["bash", "-c", f"'{BUILD}/runwalk' timeline day --json | tail -1"],
            env=self.home.environment, capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(result.stdout), {"t_ms": 86400000, "event": "end"})

    @staticmethod
    def sanitized():
        """A sanitizer reserves more address space than any machine has."""
        return b"__asan_init" in (BUILD / "runwalk").read_bytes()

    def test_a_reader_that_has_seen_enough_ends_the_listing(self):
        self.home.profile("day", "name: Day\nsteps:\n  - repeat: 86400\n    steps:\n      - run: 1s\n")
        listing = subprocess.Popen([BUILD / "runwalk", "timeline", "day"],
                                   env=self.home.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        listing.stdout.readline()
        listing.stdout.close()
        self.assertEqual(listing.stderr.read(), b"")
        listing.stderr.close()
        self.assertEqual(listing.wait(), 6)

    def test_check_merges_what_is_repeated(self):
        self.home.profile("hasty", "name: Hasty\nsteps:\n  - repeat: 500\n    steps:\n"
                                   "      - run: 1s\n      - walk: 1s\n")
        lines = self.home.run("check", "hasty").stdout.splitlines()
        self.assertEqual(lines[0], "hasty: ok, 16 min 40 s, 1000 segments, 500 runs")
        self.assertLess(len(lines), 12)
        self.assertTrue(any("500 times" in line and "announcement" in line for line in lines), lines)

    def test_check_goes_on_after_a_malformed_profile(self):
        bad = self.home.profile("bad", "name: Bad\nsteps:\n  - run: 0s\n")
        result = self.home.run("check", bad, "plan", expect=4)
        self.assertIn("bad.yaml:3:", result.stderr)
        self.assertIn("plan: ok", result.stdout)

    def test_check_is_json_for_programs(self):
        bad = self.home.profile("bad", "name: Bad\nsteps:\n  - run: 0s\n")
        self.home.profile("hasty", "name: Hasty\nsteps:\n  - repeat: 500\n    steps:\n"
                                   "      - run: 1s\n      - walk: 1s\n")
        result = self.home.run("check", "--json", "plan", "hasty", bad, "nowhere", expect=4)
        self.assertEqual(result.stderr, "")
        plan, hasty, wrong, absent = map(json.loads, result.stdout.splitlines())
        self.assertEqual(
            {name: plan[name] for name in ("name", "path", "ok", "duration_ms", "segments", "runs",
                                           "unspeakable")},
            {"name": "plan", "path": str(self.plan), "ok": True, "duration_ms": 125000,
             "segments": 8, "runs": 2, "unspeakable": []})
        self.assertLess(len(hasty["cues"]), 12)
        self.assertIn(500, [cue["times"] for cue in hasty["cues"] if cue["cue"] == "announce"])
        self.assertFalse(wrong["ok"])
        self.assertIn("bad.yaml:3:", wrong["errors"])
        self.assertIsNone(absent["path"])
        self.assertIn("no profile is called", absent["errors"])

    def test_a_language_without_a_pack_is_wrong_usage(self):
        self.home.run("check", "plan", "--lang", "xx", expect=2)

    def test_a_cadence_in_percent_of_nothing_is_noted(self):
        words = "name: Stepping\ncues: {%s}\nsteps:\n  - run: 20s\n"
        self.home.profile("stepping", words % "cadence: +5%")
        self.assertIn("set `baseline`", self.home.run("check", "stepping").stderr)
        self.home.profile("stepping", words % "cadence: +5%, baseline: 162")
        self.assertEqual(self.home.run("check", "stepping").stderr, "")

    def test_words_that_nothing_speaks_are_listed_and_become_a_tone(self):
        self.home.profile("mute", "name: Mute\nsteps:\n  - run: 20s\n    say: Zyxw vut.\n")
        self.home.environment["PATH"] = "/nonexistent"
        listed = self.home.run("check", "mute")
        self.assertIn('nothing here can speak "Zyxw vut."', listed.stdout)
        self.assertIn("note: not all words can be spoken: espeak-ng is not installed",
                      listed.stderr)
        said = [e for e in self.timeline("mute") if e.get("cue") == "say"]
        self.assertEqual([(e["event"], e["text"]) for e in said], [("cue", "")])
        self.assertIn("a tone in place of words", self.home.run("timeline", "mute").stdout)

    def test_why_the_speech_engine_cannot_be_used_is_told(self):
        self.home.profile("mute", "name: Mute\nsteps:\n  - run: 20s\n    say: Zyxw vut.\n")
        folder = self.home.path / "programs"
        folder.mkdir()
        engine = folder / "espeak-ng"
        engine.write_text("#!/bin/sh\nexit 3\n")
        engine.chmod(0o700)
        self.home.environment["PATH"] = f"{folder}:{self.home.environment['PATH']}"
        self.assertIn("spoken: the speech command", self.home.run("timeline", "mute").stderr)
        obstacle = self.home.path / "obstacle"
        obstacle.write_text("in the way")
        self.home.environment["XDG_CACHE_HOME"] = str(obstacle)
        self.assertIn(str(obstacle), self.home.run("timeline", "mute").stderr)

    def test_they_go_by_the_configuration_of_the_daemon(self):
        speaker = self.home.path / "speaker"
        speaker.write_text('#!/bin/sh\nprintf %s "$1" >>"$HOME/spoken"\nexec espeak-ng --stdout "$1"\n')
        speaker.chmod(0o700)
        configured = f"language: de\nspeech: [{speaker}, '{{text}}']\n"
        self.home.configure(configured)
        self.home.profile("words", "name: Words\nsteps:\n  - run: 30s\n    say: Zebra\n")
        self.assertIn("Lauf eins von zwei.", self.home.run("timeline", "plan").stdout)
        self.home.configure(configured + "cues: {announce: 'off'}\n")
        self.assertNotIn("Lauf eins", self.home.run("timeline", "plan").stdout)
        (self.home.path / "spoken").unlink(missing_ok=True)
        self.home.run("check", "words")
        self.assertEqual((self.home.path / "spoken").read_text(), "Zebra")
        # What is asked for on the command line is stronger.
        told = json.loads(self.home.run("phrases", "--lang", "en", "--json").stdout)
        self.assertEqual(told["language"], "en")

    def test_speech_that_is_turned_off_is_off_for_them_too(self):
        self.home.configure("speech: 'off'\n")
        self.home.profile("words", "name: Words\nsteps:\n  - run: 30s\n    say: Zebra crossing\n")
        self.assertIn("speech is turned off in the configuration",
                      self.home.run("check", "words", expect=None).stderr)

    def test_a_broken_configuration_is_told_with_its_place(self):
        self.home.configure("outptu: x\n")
        for words in (("check", "plan"), ("timeline", "plan"), ("soundcheck", "--yes"),
                      ("render", "plan", self.home.path / "out.wav")):
            result = self.home.run(*words, expect=6)
            self.assertEqual(result.stderr.count("config.yaml:1:1: error:"), 1, result.stderr)
        self.assertFalse((self.home.path / "out.wav").exists())

    def test_no_output_is_the_same_failure_for_programs(self):
        plain = self.home.run("devices", expect=None)
        as_json = self.home.run("devices", "--json", expect=None)
        self.assertEqual(plain.returncode, as_json.returncode)
        self.assertEqual(plain.returncode == 0, bool(json.loads(as_json.stdout)))

    def test_a_window_of_a_rendering_is_that_part_of_the_whole(self):
        whole, part = self.home.path / "whole.wav", self.home.path / "part.wav"
        self.home.run("render", "plan", whole)
        self.home.run("render", "plan", part, "--from", "18s", "--to", "52.5s")
        frame = 6
        first, end = 18 * 48000 * frame, int(52.5 * 48000) * frame
        self.assertTrue(samples(part) == samples(whole)[first:end])

    def test_a_window_beyond_the_end_is_refused(self):
        result = self.home.run("render", "plan", self.home.path / "x.wav", "--from", "10m", expect=2)
        self.assertIn("2:05", result.stderr)
        self.assertFalse((self.home.path / "x.wav").exists())

    def test_a_window_may_begin_within_the_closing_words(self):
        whole, part = self.home.path / "whole.wav", self.home.path / "part.wav"
        self.home.run("render", "plan", whole)
        self.home.run("render", "plan", part, "--from", "2:05.5")
        self.assertTrue(samples(part) == samples(whole)[int(125.5 * 48000) * 6:])

    def test_an_interrupt_leaves_no_half_file(self):
        self.home.profile("day", "name: Day\nsteps:\n  - run: 24h\n")
        folder = self.home.path / "sound"
        folder.mkdir()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            render = subprocess.Popen([BUILD / "runwalk", "render", "day", folder / "day.flac"],
                                      env=self.home.environment, stderr=subprocess.PIPE)
            with render.stderr:
                wait_for(lambda: list(folder.iterdir()), "the file is being written")
                render.send_signal(number)
                self.assertEqual(render.wait(PATIENCE), -number)
                self.assertEqual(list(folder.iterdir()), [])

    def test_a_limit_on_files_leaves_no_half_file(self):
        folder = self.home.path / "sound"
        folder.mkdir()
        result = subprocess.run(
            ["bash", "-c", f"ulimit -f 100; '{BUILD}/runwalk' render plan '{folder}/plan.wav'"],
            env=self.home.environment, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 6, result.stderr)
        self.assertIn("File too large", result.stderr)
        self.assertEqual(list(folder.iterdir()), [])

    def test_flac_is_written_by_its_name(self):
        path = self.home.path / "plan.flac"
        self.home.run("render", "plan", path, "--to", "2s")
        self.assertEqual(path.read_bytes()[:4], b"fLaC")

    def test_no_output_but_a_terminal_is_coloured(self):
        for words in (["list"], ["show", "plan"], ["timeline", "plan"], ["check", "plan"],
                      ["--help"]):
            with self.subTest(words=words):
                self.assertNotIn("\x1b", self.home.run(*words).stdout)

    def test_show_draws_the_steps_as_a_tree(self):
        lines = self.home.run("show", "plan").stdout.splitlines()
        self.assertEqual(lines[0], "Plan  2 min 5 s, 2 runs")
        self.assertIn("  2 times  (55 s each; the last time without its walk)", lines)
        self.assertIn("      Run  30 s", lines)
        steps = json.loads(self.home.run("show", "plan", "--json").stdout)["steps"]
        self.assertEqual(steps[1]["skip_last"], "walk")
        self.assertEqual(steps[2]["steps"][1]["side"], "right")


if __name__ == "__main__":
    unittest.main(verbosity=2)
