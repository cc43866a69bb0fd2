"""scripts/make-pack makes the same bytes each time, the shipped ones, and says what it lacks."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A few of each sort: whole sentences, a family of numbers, variants, long and short ones.
KEYS = ("kind-run", "head-{100-900/100}", "paused", "left", "encourage-*")
PHRASES_MAX = 12


class MakePack(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rw-make-pack-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def make(self, *words, script=ROOT / "scripts/make-pack", path=None, expect=0):
        environment = {**os.environ, "PATH": path or os.environ["PATH"]}
        done = subprocess.run(["/usr/bin/python3", script, *words], env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=100, check=False)
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def assert_same(self, made, other, pattern="*"):
        clips = sorted(made.glob(f"clips/{pattern}"))
        self.assertTrue(clips)
        for clip in clips:
            self.assertEqual(clip.read_bytes(), (other / "clips" / clip.name).read_bytes(), clip)
        return clips

    def assert_shipped(self, made, shipped):
        """Opus is encoded a little differently on each kind of processor, FLAC on another kind."""
        if os.uname().machine == "x86_64":
            self.assert_same(made, shipped, "*.flac")

    def assert_has_tones(self, made):
        """A pack that stands alone brings its own tones; else it could not be used."""
        self.assertTrue((made / "grammar.yaml").exists())
        self.assertIn("  tick: {file: ", (made / "pack.yaml").read_text())
        for name in ("tone-run", "tone-walk", "tone-finish", "tone-note", "tick"):
            self.assertTrue((made / f"clips/{name}.flac").exists(), name)

    def test_the_tones_are_the_same_each_time(self):
        self.make("tones", "--out", self.folder / "tones")
        self.assert_shipped(self.folder / "tones", ROOT / "sounds/tones")
        self.assertEqual((self.folder / "tones/pack.yaml").read_text(),
                         (ROOT / "sounds/tones/pack.yaml").read_text())

    def copy(self, language):
        """A pack without its clips, in a tree of its own, and the script there."""
        tree = self.folder / "sounds" / language
        shutil.copytree(ROOT / "sounds" / language, tree,
                        ignore=shutil.ignore_patterns("clips*", "*.flac"))
        (self.folder / "scripts").mkdir()
        return tree, shutil.copy(ROOT / "scripts/make-pack", self.folder / "scripts")

    def test_a_word_that_is_read_in_another_language_is_refused(self):
        tree, script = self.copy("fr")
        (tree / "texts.txt").write_text("")
        (tree / "phrases.txt").write_text("quiet | Trouve ton rythme.\n")
        self.assertIn("Trouve ton rythme.", self.make("fr", script=script, expect=1))
        (tree / "phrases.txt").write_text("quiet | Trouve ton ritme. | Trouve ton rythme.\n")
        self.make("fr", script=script)
        self.assertIn("Trouve ton rythme.", (tree / "pack.yaml").read_text())

    def test_a_voice_is_the_same_each_time(self):
        tree, script = self.copy("de")
        lines = [line for line in (tree / "phrases.txt").read_text().splitlines()
                 if line.split(" | ")[0] in KEYS]
        (tree / "phrases.txt").write_text("\n".join(lines[:PHRASES_MAX]) + "\n")
        (tree / "texts.txt").write_text("Beginn mit zügigem Gehen. | Start with a brisk walk.\n")
        self.make("tones", "--out", tree.parent / "tones", script=script)
        self.make("de", script=script)
        self.make("de", "--out", self.folder / "again", script=script)
        self.assert_shipped(tree, ROOT / "sounds/de")
        clips = self.assert_same(tree, self.folder / "again")
        self.assert_has_tones(self.folder / "again")
        self.assertEqual({clip.suffix for clip in clips}, {".flac", ".opus"})
        listed = set((tree / "pack.yaml").read_text().splitlines())
        shipped = set((ROOT / "sounds/de/pack.yaml").read_text().splitlines())
        self.assertLessEqual(listed, shipped)
        for sort in ("    - {text:", "  head-900: {text:", "  encourage-2: {text:", "for: "):
            self.assertTrue(any(sort in line for line in listed), sort)

    def test_what_is_missing_is_told_and_nothing_is_replaced(self):
        self.assertIn("sox is missing", self.make("tones", "--out", self.folder / "tones",
                                                  path="/nonexistent", expect=1))
        self.assertEqual(list((self.folder / "tones").iterdir()), [])
        self.assertIn("phrases.txt", self.make("xx", expect=1))
        self.assertIn("no engine nobody", self.make("de", "nobody", expect=1))
        (self.folder / "mine/clips").mkdir(parents=True)
        self.assertIn("belongs to no pack", self.make("tones", "--out", self.folder / "mine",
                                                      expect=1))


if __name__ == "__main__":
    unittest.main()
