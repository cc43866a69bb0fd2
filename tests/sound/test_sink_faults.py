"""Sinks vanish, are suspended and come back while the server lives; the run goes on and is heard."""

import script
import sound
from product import ProductTest

PROFILE = """
name: Sinks
cues: {halfway: no}
steps:
  - run: 5s
  - walk: 12s
  - run: 12s
  - cooldown: 3s
"""


class SinkFaults(ProductTest):
    def control(self, *words):
        result = self.server.control(*words)
        self.assertEqual(result.returncode, 0, result.stdout)
        return result.stdout.strip()

    def until_session(self, seconds):
        return self.home.until(lambda status: status["session_ms"] >= seconds * 1000,
                               f"second {seconds} of the session")

    def record_anew(self):
        """A recorder does not survive its sink, and loses count when that is suspended."""
        self.server.recording.close()
        # pylint: disable=protected-access
        self.server.recording = sound.Recording(self.server._own_environment())
        sound.wait_for(lambda: self.server.recording.frames, "the recorder hears the sink")

    def change_begins(self, events, seconds):
        """The change at that second of the session is reported to be heard in time."""
        due = self.home.status()["origin_boot_ms"] + seconds * 1000
        event = events.event(lambda event: event["event"] == "cue" and event["type"] == "change"
                             and event["outcome"] not in ("planned", "ended")
                             and abs(event["boot_ms"] - due) < 1000)
        self.assertEqual(event["outcome"], "started", event)

    @sound.once_more_if_disturbed
    def test_a_run_is_heard_again_after_each_fault_of_a_sink(self):
        self.server = self.enterContext(sound.SoundServer())
        self.home.environment.update(self.server.environment)
        self.home.profile("sinks", PROFILE)
        expected = script.Script(self.home, "sinks")
        aside = self.control("load-module", "module-null-sink", "sink_name=aside")
        self.control("set-default-sink", "aside")
        self.home.start_daemon()
        events = self.home.connect()
        events.call("subscribe")
        self.home.start_run("sinks")

        self.until_session(2)
        self.control("unload-module", aside)  # the stream is moved to the other sink
        self.change_begins(events, 5)
        self.until_session(7)
        self.control("suspend-sink", "test", "1")
        self.until_session(11)
        self.control("suspend-sink", "test", "0")
        self.record_anew()
        self.change_begins(events, 17)
        self.until_session(19)
        self.control("unload-module", "module-null-sink")  # there is none left
        self.until_session(21)
        self.control("load-module", "module-null-sink", "sink_name=test", f"rate={sound.RATE}",
                     "channels=2", "format=float32le")
        self.record_anew()
        self.change_begins(events, 29)
        script.until_recorded(self.home, self.server.recording, expected)
        finish = script.times(self.server.recording.samples(), expected.cues[-1])
        self.assertEqual(len(finish), 1)


if __name__ == "__main__":
    sound.main()
