"""What `runwalk suggest` proposes becomes a profile that passes `check`, and replaces nothing."""

import json
import os
import unittest

from product import ProductTest

# One pace of each row of the table, and what its first ratio is.
ROWS = {"7:00": "6m/30", "7:30": "5m/30", "8:00": "4m/30", "8:30": "3m/30", "9:00": "2m/30",
        "9:30": "90/30", "10:45": "60/30", "12:15": "30/30", "14:30": "15/30", "15:45": "10/30",
        "17:00": "8/30", "18:30": "5/30"}


class Suggest(ProductTest):
    def suggest(self, *words):
        return json.loads(self.home.run("suggest", *words, "--json").stdout)

    def test_every_ratio_at_every_heat_makes_a_profile_that_passes_check(self):
        files, names = [], set()
        self.home.configure("speech: off\n")
        for pace, first in ROWS.items():
            for heat in ("10", "20", "27", "45"):
                told = self.suggest("--pace", pace, "--heat", heat)
                if heat == "10":
                    run = first.split("/")[0]
                    seconds = int(run[:-1]) * 60 if run.endswith("m") else int(run)
                    self.assertEqual(told["chosen"], {"run_s": seconds, "walk_s":
                                                      int(first.split("/")[1])})
                    self.assertEqual(told["choices"][0]["profile"],
                                     "ratio-" + first.replace("/", "-"))
                for choice in told["choices"]:
                    run, walk = choice["run_s"], choice["walk_s"]
                    run = f"{run // 60}m" if run >= 120 and run % 60 == 0 else run
                    if (run, walk) in names:
                        continue
                    names.add((run, walk))
                    path = self.home.path / f"{run}-{walk}.yaml"
                    self.home.run("suggest", "--pace", pace, "--heat", heat, "--ratio",
                                  f"{run}/{walk}", "--out", path)
                    files.append(path)
        checked = [json.loads(line) for line in
                   self.home.run("check", "--json", *files).stdout.splitlines()]
        self.assertEqual(len(checked), len(files))
        for profile in checked:
            with self.subTest(profile=profile["name"]):
                self.assertTrue(profile["ok"])
                self.assertEqual([cue for cue in profile["cues"] if cue["fate"] == "dropped"], [])
                self.assertAlmostEqual(profile["duration_ms"], 30 * 60000, delta=200000)

    def test_the_words_of_what_it_proposes_first_are_in_the_pack(self):
        self.home.configure("speech: off\n")
        for pace in ROWS:
            path = self.home.path / "one.yaml"
            self.home.run("suggest", "--pace", pace, "--out", path, "--force")
            for language in ("en", "de", "es", "fr", "zh"):
                told = json.loads(self.home.run("check", path, "--json", "--lang", language).stdout)
                self.assertEqual(told["unspeakable"], [])

    def test_a_profile_is_saved_by_name_and_never_replaced_unasked(self):
        saved = self.home.config / "runwalk/profiles/mine/tuesday.yaml"
        words = ("suggest", "--mile", "9:30", "--save", "mine/tuesday")
        self.assertIn(str(saved), self.home.run(*words).stdout)
        self.home.run("check", "mine/tuesday")
        self.assertEqual([file.name for file in saved.parent.iterdir()], ["tuesday.yaml"])
        saved.write_text("of my own\n")
        self.assertIn("--force", self.home.run(*words, expect=1).stderr)
        self.assertEqual(saved.read_text(), "of my own\n")
        self.home.run(*words, "--force")
        self.assertIn("30 seconds", saved.read_text())
        for name in ("../escape", ".hidden", "", "a/", "/etc/x"):
            self.home.run("suggest", "--mile", "9:30", "--save", name, expect=2)

    def test_out_replaces_no_file_unasked_and_no_special_one_at_all(self):
        file, link = self.home.path / "one.yaml", self.home.path / "link.yaml"
        pipe, gone = self.home.path / "pipe", self.home.path / "gone"
        words = ("suggest", "--pace", "11:30", "--out")
        file.write_text("kept")
        link.symlink_to(file)
        gone.symlink_to(self.home.path / "nowhere")
        os.mkfifo(pipe)
        self.home.run(*words, file, expect=1)
        self.home.run(*words, link, expect=1)
        self.assertEqual(file.read_text(), "kept")
        for path in (pipe, self.home.path, gone, self.home.path / "no/folder"):
            self.home.run(*words, path, "--force", expect=6)
        self.home.run(*words, link, "--force")
        self.assertTrue(link.is_symlink())
        self.assertEqual(file.read_text(), self.home.run(*words, "-").stdout)
        self.assertEqual(sorted(path.name for path in self.home.path.glob("*.yaml*")),
                         ["link.yaml", "one.yaml"])

    def test_a_mile_predicts_the_pace_first(self):
        told = self.suggest("--mile", "9:30")
        self.assertEqual(told["predicted_s_per_mile"],
                         {"5k": 603, "10k": 656, "half": 684, "marathon": 741, "long": 861})
        self.assertEqual(told["pace_s_per_mile"], 861)
        told = self.suggest("--mile", "9:30", "--race", "10k")
        self.assertEqual(told["pace_s_per_mile"], 656)
        self.assertAlmostEqual(told["duration_ms"], 656 * 6214 + 600000, delta=60000)
        self.assertEqual(self.suggest("--pace", "7:09/km")["pace_s_per_mile"], 690)
        self.assertEqual(self.suggest("--pace", "9:30", "--heat", "75F")["celsius"], 24)
        self.assertEqual(self.suggest("--pace", "9:30", "--heat", "-5")["celsius"], -5)

    def test_it_says_whose_figures_these_are(self):
        text = self.home.run("suggest", "--pace", "11:30").stdout
        for words in ("Jeff Galloway", "a coach's experience, not the result of\ntrials",
                      "runwalk suggest --pace 11:30 --save NAME"):
            self.assertIn(words, text)
        self.assertIn("begins at 7:00", self.home.run("suggest", "--pace", "6:00").stdout)
        self.assertIn("ends at 20:00", self.home.run("suggest", "--pace", "25:00").stdout)
        self.assertIn("another day", self.home.run("suggest", "--pace", "9:00", "--heat", "35").stdout)

    def test_nonsense_is_refused_with_the_remedy(self):
        for words, remedy in (((), "--mile"), (("--pace", "9:00", "--mile", "9:00"), "either"),
                              (("--pace", "2:00"), "4:00"), (("--pace", "9"), "11:30"),
                              (("--pace", "9:00/h"), "7:09/km"), (("--mile", "99:00"), "30:00"),
                              (("--pace", "9:00", "--heat", "80"), "80F"),
                              (("--pace", "9:00", "--heat", "hot"), "27"),
                              (("--pace", "9:00", "--race", "8k"), "marathon"),
                              (("--pace", "9:00", "--minutes", "5"), "15"),
                              (("--pace", "9:00", "--minutes", "9999"), "1440"),
                              (("--pace", "9:00", "--ratio", "1/1"), "80/20"),
                              (("--pace", "9:00", "--out", "a", "--save", "b"), "either")):
            with self.subTest(words=words):
                self.assertIn(remedy, self.home.run("suggest", *words, expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
