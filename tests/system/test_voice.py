"""The daemon's voice: in the language it is set to, and with nothing to speak other words."""

import unittest

from product import ProductTest, Refused

# The first words of a run and its pause.
WORDS = {"de": ("Schnellstart. Zwei Minuten elf.", "Training angehalten."),
         "zh": ("快速开始。两分钟十一秒。", "训练已暂停。")}


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


if __name__ == "__main__":
    unittest.main()
