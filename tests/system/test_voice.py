"""The daemon's voice: in the language it is set to, and with nothing to speak other words."""

import unittest
import wave

from product import ProductTest, Refused, boot_time

# The first words of a run and its pause.
WORDS = {"de": ("Schnellstart. Zwei Minuten elf.", "Training angehalten."),
         "zh": ("快速开始。两分钟十一秒。", "训练已暂停。")}


# Of the daemon: how long a start waits for its words.
START_WAIT = 5


def is_words(event):
    return event["event"] == "cue" and event["outcome"] == "planned" and event["text"]


class Voice(ProductTest):
    def test_the_daemon_speaks_the_language_it_is_set_to(self):
        for language, (chosen, paused) in WORDS.items():
            self.home.configure(f"output: none\nlanguage: {language}\nspeech: off\n")
            self.home.start_daemon()
            events = self.home.connect()
            events.call("subscribe")
            self.home.run("choose", "quickstart")
            self.assertEqual(events.event(is_words)["text"], chosen)
            self.home.start_run("quickstart")
            self.home.run("pause")
            said = events.event(lambda event: is_words(event) and event["type"] == "answer")
            self.assertTrue(said["text"].startswith(paused), said)
            self.home.run("stop")
            self.assertEqual(self.home.stop_daemon(), 0)

    def test_without_an_engine_other_words_are_a_tone_and_the_log_says_so_once(self):
        self.home.configure("output: none\nspeech: off\n")
        self.home.profile("words", "name: Zyxw\nsteps:\n" + "".join(
            f"  - run: 20s\n    say: Zyxw number {number}.\n" for number in range(20)))
        self.home.start_daemon()
        events = self.home.connect()
        events.call("subscribe")
        self.home.start_run("words")
        note = events.event(lambda event: event["event"] == "cue" and event["type"] == "say")
        self.assertEqual((note["outcome"], note["text"]), ("planned", ""))
        with self.assertRaises(Refused) as refused:
            events.call("say", text="Mind the xyzzy")
        self.assertEqual(refused.exception.reason, "unspeakable")
        self.assertEqual(self.home.stop_daemon(), 0)
        self.assertEqual(self.home.log.read_text().count("will not be spoken"), 1)

    def test_a_pack_of_ones_own_that_cannot_be_used_silences_nobody(self):
        """One that was made for another version, for example."""
        own = self.home.path / "data/runwalk/sounds/en"
        own.mkdir(parents=True)
        (own / "pack.yaml").write_text("language: en\n")
        self.home.configure("output: none\nspeech: off\n")
        self.home.start_daemon()
        events = self.home.connect()
        events.call("subscribe")
        self.home.run("choose", "quickstart")
        self.assertEqual(events.event(is_words)["text"], "Quick start. Two minutes eleven.")
        log = self.home.log.read_text()
        self.assertIn(f"{own}: cannot use this sound pack; make it anew", log)
        self.assertIn("speaks instead", log)
        told = self.home.run("timeline", "quickstart")
        self.assertIn("Warm up.", told.stdout)
        self.assertIn(f"the sound pack in {own} cannot be used", told.stderr)
        self.assertEqual(self.home.stop_daemon(), 0)

    def engine(self, script):
        """A speech command of that shell SCRIPT, in whose folder buzz.wav is a sound."""
        with wave.open(str(self.home.path / "buzz.wav"), "wb") as sound:
            sound.setparams((1, 2, 16000, 0, "NONE", ""))
            sound.writeframes(b"\x00\x20" * 4000 + b"\x00\xe0" * 4000)
        path = self.home.path / "engine"
        path.write_text(f"#!/bin/sh\ncd {self.home.path}\n{script}\n")
        path.chmod(0o755)
        self.home.configure(f"output: none\nspeech: [{path}]\n")

    def start_with_words(self):
        """Starts a run with words that no pack has; its events, and when it was started."""
        self.home.profile("words", "name: A\nsteps:\n  - run: 20m\n    say: Zyxw abcd\n")
        self.home.start_daemon()
        events = self.home.connect()
        events.call("subscribe")
        begin = boot_time()
        self.assertEqual(self.home.call("session.start", profile="words")["state"], "preparing")
        return events, begin

    def said(self, events):
        return events.event(lambda event: event["event"] == "cue" and event["type"] == "say")["text"]

    def test_a_start_waits_until_its_words_are_made(self):
        self.engine("until [ -e go ]; do sleep 0.01; done; cat buzz.wav")
        events, _ = self.start_with_words()
        status = self.home.status()
        self.assertEqual((status["state"], status["origin_boot_ms"]), ("preparing", None))
        made = boot_time()
        (self.home.path / "go").touch()
        status = self.home.until(lambda status: status["state"] == "running", "the run begins")
        self.assertGreater(status["origin_boot_ms"], made * 1000)
        self.assertEqual(self.said(events), "Zyxw abcd")
        self.assertEqual(self.home.stop_daemon(), 0)

    def test_a_start_waits_for_an_engine_that_hangs_only_so_long(self):
        self.engine("exec sleep 600")
        events, begin = self.start_with_words()
        status = self.home.until(lambda status: status["state"] == "running", "the run begins")
        self.assertGreaterEqual(status["origin_boot_ms"], (begin + START_WAIT) * 1000)
        self.assertEqual(self.said(events), "")
        self.assertEqual(self.home.stop_daemon(), 0)


if __name__ == "__main__":
    unittest.main()
