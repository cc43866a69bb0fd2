"""What is heard while clients do their worst: every cue once, and in time."""

import sys
from pathlib import Path

import script
import sound
from product import ProductTest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from load import Load  # noqa: E402

PROFILE = """
name: Loaded
cues: {halfway: no}
steps:
  - run: 6s
  - walk: 4s
"""


class HeardUnderLoad(ProductTest):
    @sound.once_more_if_disturbed
    def test_every_cue_is_heard_in_time_while_clients_misbehave(self):
        home = self.home
        home.configure("speech: off\n")
        with sound.SoundServer() as server:
            home.environment.update(server.environment)
            home.profile("loaded", PROFILE)
            expected = script.Script(home, "loaded")
            home.start_daemon()
            home.call("session.start", profile="loaded")
            with Load(home.socket, rate=1000) as load:
                sound.wait_for(lambda: load.state == "done", "the session ends", interval=0.1)
            script.until_recorded(home, server.recording, expected)
            heard = script.follow(server.recording.samples(), expected)
        print(f"{load.rate:.0f} connects a second, {len(load.answers)} answers, "
              f"the slowest after {1e3 * max(load.answers):.1f} ms")
        self.assertEqual(load.problems, [])
        self.assertGreater(len(heard), 5)
        script.check_spacing(heard)


if __name__ == "__main__":
    sound.main()
