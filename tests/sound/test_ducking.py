"""What others play is lowered or paused while a cue sounds, and comes back whatever happens.

The music is a tone far above the voice, so that both can be measured in one recording.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import dbus
import dbus.bus
import numpy

import sound
from product import Home, Refused, wait_for

TONE = 9000
WINDOW = sound.RATE // 100
LOWERED = 14
BACK = 0.2  # dB
FULL_VOLUME = 65536  # as PulseAudio counts

PLAYER = "org.mpris.MediaPlayer2.Player"
PLAYER_PATH = "/org/mpris/MediaPlayer2"


def level(samples):
    """The tone in SAMPLES, in dB, for each hundredth of a second."""
    blocks = samples[:len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW).astype("f8")
    wave = numpy.exp(-2j * numpy.pi * TONE * numpy.arange(WINDOW) / sound.RATE)
    return 20 * numpy.log10(2 * numpy.abs(blocks @ wave) / WINDOW + 1e-9)


def voice(samples):
    """The hundredths of a second in which something other than the tone is heard."""
    blocks = samples[:len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    spectrum = numpy.abs(numpy.fft.rfft(blocks, axis=1))[:, :WINDOW * 6000 // sound.RATE]
    return numpy.flatnonzero(spectrum.max(axis=1) > 0.5)


def setUpModule():
    server = unittest.enterModuleContext(sound.SoundServer())
    tone = server.path / "tone.wav"
    clock = numpy.arange(300 * sound.RATE) / sound.RATE
    sound.write_sound(tone, 0.25 * numpy.sin(2 * numpy.pi * TONE * clock), sound.RATE)
    MusicTest.server, MusicTest.tone = server, tone
    music = MusicTest.play("--property=media.role=music")
    unittest.addModuleCleanup(music.wait)
    unittest.addModuleCleanup(music.kill)
    wait_for(lambda: MusicTest.streams("pacat"), "the music plays")


class MusicTest(unittest.TestCase):
    """A test with a home of its own; sound server and music are the same for all."""

    server = tone = None

    def setUp(self):
        self.home = self.enterContext(Home())
        self.home.environment.update(self.server.environment)
        wait_for(self.is_back, "the music is as loud as ever")
        self.begin = self.server.recording.frames

    @classmethod
    def play(cls, *options):
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.server.path / "home"),
                       **cls.server.environment}
        return subprocess.Popen(["paplay", *options, cls.tone], env=environment)

    @classmethod
    def streams(cls, program):
        listed = json.loads(cls.server.control("-f", "json", "list", "sink-inputs").stdout)
        return [stream for stream in listed
                if stream["properties"].get("application.process.binary") == program]

    def volumes(self, program="pacat"):
        """Of the program's streams, in dB; how they were is 0."""
        return [round(float(next(iter(stream["volume"].values()))["db"].split()[0])) + 0
                for stream in self.streams(program)]

    def volume(self):
        """The music's."""
        return self.volumes()[0]

    def start(self, configuration=""):
        self.home.configure("wake: 0s\nkeep-awake: 0s\n" + configuration)
        self.home.start_daemon()

    def speak(self):
        """A cue without a run: that nothing is chosen."""
        with self.assertRaises(Refused):
            self.home.call("session.toggle")

    def begin_process(self, *words, **variables):
        process = subprocess.Popen(words, env={**self.home.environment, **variables},
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def is_lowered(self):
        return self.volume() == -LOWERED

    def until_lowered(self):
        wait_for(self.is_lowered, "the music is lowered")

    def is_back(self):
        """At full volume: the last step on the way there is less than a decibel."""
        return next(iter(self.streams("pacat")[0]["volume"].values()))["value"] == FULL_VOLUME

    def until_back(self):
        wait_for(self.is_back, "the music is back")

    def heard(self):
        """The recording of this test, with what is still on its way."""
        wanted = self.server.recording.frames + sound.RATE // 2
        wait_for(lambda: self.server.recording.frames > wanted, "the recorder follows")
        return self.server.recording.samples()[self.begin:]

    def child(self, name):
        """The daemon's child of that name, or None."""
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                program = os.readlink(f"/proc/{pid}/exe")
                if int(fields[1]) == self.home.daemon.pid and program.endswith("/" + name):
                    return pid
        return None

    def is_over(self):
        """Nobody speaks: ALSA takes a stream back once before it plays, the engine goes at the end."""
        return not self.streams("runwalk-engine") and not self.child("runwalk-engine")


class Ducking(MusicTest):
    @sound.once_more_if_disturbed
    def test_the_music_is_down_before_the_first_word_and_comes_back(self):
        self.start()
        self.speak()
        self.until_lowered()
        self.until_back()
        samples = self.heard()
        music, words = level(samples), voice(samples)
        full = numpy.median(music[:10])
        first, last = words[0], words[-1]
        print(f"music {full:.1f} dB; at the first sound {music[first] - full:.1f}; lowest "
              f"{music.min() - full:.1f}; half a second after {music[last + 60] - full:.1f}")
        if music[first] - full > -LOWERED + 1:
            raise sound.Disturbed("the music was not down yet")
        self.assertGreater(numpy.percentile(music, 2) - full, -LOWERED - 1.5)
        self.assertLess(numpy.median(music[first:last]) - full, -LOWERED + 0.5)
        self.assertGreater(music[max(first - 60, 0)] - full, -BACK)
        self.assertLess(music[last + 5] - full, -6)  # it comes back softly
        self.assertGreater(music[last + 80] - full, -BACK)

    def test_rapid_skips_never_lower_it_twice(self):
        self.home.profile("short", "name: A\nsteps:\n" + "  - run: 20s\n  - walk: 20s\n" * 6)
        self.start("speech: off\n")
        self.home.start_run("short")
        self.until_lowered()
        for _ in range(3):
            for _ in range(3):
                self.home.call("session.skip")
            self.until_lowered()
        self.home.call("session.stop")
        self.until_back()
        music = level(self.heard())
        full = numpy.median(music[:10])
        # The voice has a little of the tone's frequency, too, for some hundredths at a time.
        lowest = numpy.percentile(music, 2) - full
        print(f"lowest {lowest:.1f} dB")
        self.assertGreater(lowest, -LOWERED - 2)
        self.assertLess(abs(numpy.median(music[-20:]) - full), BACK)

    def test_a_server_that_ducks_for_announcements_does_it_alone(self):
        module = self.server.control("load-module", "module-role-ducking",
                                     "trigger_roles=announce", "ducking_roles=music",
                                     "volume=-20dB").stdout.strip()
        self.addCleanup(self.server.control, "unload-module", module)
        self.start()
        self.heard()  # first, how loud it is by itself
        self.speak()
        wait_for(lambda: self.streams("runwalk-engine"), "the voice has a stream")
        role = self.streams("runwalk-engine")[0]["properties"].get("media.role")
        wait_for(self.is_over, "the cue is over")
        music = level(self.heard())
        full = numpy.median(music[:10])
        print(f"role {role}; lowest {music.min() - full:.1f} dB")
        self.assertEqual(role, "announce")
        self.assertLess(abs(numpy.percentile(music, 5) - full + 20), 1)
        self.assertLess(abs(numpy.median(music[-20:]) - full), BACK)

    def test_a_killed_daemon_leaves_the_music_as_it_was(self):
        self.start()
        self.speak()
        self.until_lowered()
        ducker = self.child("runwalk-ducker")
        self.assertIsNotNone(ducker)
        self.home.daemon.kill()
        self.until_back()
        wait_for(lambda: not Path(f"/proc/{ducker}/exe").exists(), "the ducker ends")
        music = level(self.heard())
        self.assertLess(abs(numpy.median(music[-20:]) - numpy.median(music[:10])), BACK)

    def test_a_killed_ducker_is_replaced_and_its_music_given_back(self):
        self.start()
        self.speak()
        self.until_lowered()
        ducker = self.child("runwalk-ducker")
        os.kill(ducker, signal.SIGKILL)
        wait_for(lambda: self.child("runwalk-ducker") not in (None, ducker), "another ducker")
        self.until_back()

    def test_what_the_user_changes_meanwhile_stays(self):
        stream = str(self.streams("pacat")[0]["index"])
        self.addCleanup(self.server.control, "set-sink-input-volume", stream, "0dB")
        self.start()
        self.speak()
        self.until_lowered()
        self.server.control("set-sink-input-volume", stream, "80%")
        wait_for(self.is_over, "the cue is over")
        self.heard()
        self.assertEqual(self.volume(), -6)

    def test_who_follows_a_stream_that_ended_while_lowered_is_not_lowered_for_good(self):
        module = self.server.control("load-module", "module-stream-restore").stdout.strip()
        self.addCleanup(self.server.control, "unload-module", module)
        self.start()

        def ends_under_a_cue(song):
            wait_for(lambda: self.volumes() == [0, 0], "both streams are as loud as ever")
            self.speak()
            wait_for(lambda: self.volumes() == [-LOWERED] * 2, "both are lowered")
            song.kill()
            song.wait()

        ends_under_a_cue(self.play())
        song = self.play()  # begins as low as the other ended
        self.addCleanup(song.kill)
        ends_under_a_cue(song)
        self.until_back()
        song = self.play()
        self.addCleanup(song.wait)
        self.addCleanup(song.kill)
        wait_for(lambda: len(self.volumes()) == 2, "another song plays")
        self.assertEqual(self.volumes(), [0, 0])

    def test_music_that_only_passes_through_is_lowered_too(self):
        """A phone's, over Bluetooth: the server itself plays what comes from a source."""
        for words in (("module-null-sink", "sink_name=phone"),
                      ("module-loopback", "source=phone.monitor", "sink=test")):
            module = self.server.control("load-module", *words).stdout.strip()
            self.addCleanup(self.server.control, "unload-module", module)
        self.assertEqual(self.volumes(None), [0])
        self.start()
        self.speak()
        wait_for(lambda: self.volumes(None) == [-LOWERED], "it is lowered")
        wait_for(lambda: self.volumes(None) == [0], "it is back")

    def test_off_means_off(self):
        self.start("duck: off\n")
        self.speak()
        wait_for(lambda: self.streams("runwalk-engine"), "the voice has a stream")
        wait_for(self.is_over, "the cue is over")
        self.assertIsNone(self.child("runwalk-ducker"))
        music = level(self.heard())
        self.assertLess(numpy.ptp(music), 1.5)


class Players(MusicTest):
    """duck: pause, with players on a bus of our own."""

    def setUp(self):
        super().setUp()
        self.bus_path = f"unix:path={self.home.path}/bus"
        self.begin_process("dbus-daemon", "--session", "--nofork", "--nopidfile",
                           f"--address={self.bus_path}")
        self.home.environment["DBUS_SESSION_BUS_ADDRESS"] = self.bus_path
        self.bus = wait_for(self.connect, "the bus answers")
        self.addCleanup(self.bus.close)

    def connect(self):
        with contextlib.suppress(dbus.DBusException):
            return dbus.bus.BusConnection(self.bus_path)

    def player(self, name, status):
        """A player that is STATUS at first; what is called on it is written down."""
        self.begin_process(sys.executable, "-m", "dbusmock", f"org.mpris.MediaPlayer2.{name}",
                           PLAYER_PATH, PLAYER, DBUS_SESSION_BUS_ADDRESS=self.bus_path)
        wait_for(lambda: self.bus.name_has_owner(f"org.mpris.MediaPlayer2.{name}"), "a player")
        player = self.bus.get_object(f"org.mpris.MediaPlayer2.{name}", PLAYER_PATH)
        mock = dbus.Interface(player, "org.freedesktop.DBus.Mock")
        mock.AddProperty(PLAYER, "PlaybackStatus", status)
        for method, after in (("Pause", "Paused"), ("Play", "Playing")):
            mock.AddMethod(PLAYER, method, "", "",
                           f'self.Set("{PLAYER}", "PlaybackStatus", "{after}")')
        return mock

    @staticmethod
    def calls(mock):
        return [str(call[1]) for call in mock.GetCalls() if call[1] in ("Play", "Pause")]

    def test_only_who_plays_is_paused_and_only_that_one_goes_on(self):
        playing, paused = self.player("one", "Playing"), self.player("two", "Paused")
        self.start("duck: pause\n")
        self.speak()
        wait_for(lambda: self.calls(playing) == ["Pause"], "the player is paused")
        self.assertEqual(self.volume(), 0)
        wait_for(lambda: self.calls(playing) == ["Pause", "Play"], "the player goes on")
        self.assertEqual(self.calls(paused), [])

        self.speak()
        wait_for(lambda: len(self.calls(playing)) == 3, "the player is paused again")
        self.home.daemon.kill()
        wait_for(lambda: self.calls(playing) == ["Pause", "Play"] * 2, "it goes on by itself")
        self.assertEqual(self.calls(paused), [])


class Outputs(MusicTest):
    """What the sound server tells of the sink that the voice goes to."""

    def sink(self, name, properties=""):
        """One more sink, from now on the default; returns what unloads it."""
        words = [f"sink_name={name}", "rate=48000", *([f"sink_properties={properties}"]
                                                      if properties else [])]
        module = self.server.control("load-module", "module-null-sink", *words).stdout.strip()
        self.addCleanup(self.server.control, "set-default-sink", "test")
        self.addCleanup(self.server.control, "unload-module", module)
        self.server.control("set-default-sink", name)
        # A null sink that nobody listens to lets a new stream wait.
        self.begin_process("parec", "-d", f"{name}.monitor", "--latency-msec=50", "--raw")
        return lambda: self.server.control("unload-module", module)

    def log(self, text):
        return text in self.home.log.read_text()

    def test_a_vanished_output_pauses_the_run_if_so_configured(self):
        self.home.profile("long", "name: A\nsteps:\n  - run: 60s\n  - walk: 60s\n")
        unload = self.sink("ears")
        self.start("on-output-lost: continue\n")
        self.home.start_run("long")
        wait_for(lambda: self.streams("runwalk-engine"), "the voice has a stream")
        wait_for(self.is_over, "the cue is over")
        unload()
        wait_for(lambda: self.log("the voice goes to test"), "the loss is noticed")
        self.assertEqual(self.home.status()["state"], "running")

        unload = self.sink("ears")
        self.home.configure("wake: 0s\nkeep-awake: 0s\non-output-lost: pause\n")
        self.home.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: self.log("configuration read again"), "the daemon has read it")
        self.home.call("session.skip")
        wait_for(lambda: self.streams("runwalk-engine"), "the voice has a stream")
        unload()
        self.home.until(lambda status: status["state"] == "paused", "the run is paused")

    def delay(self):
        """How long an answer takes from a cold start, in seconds."""
        wait_for(self.is_over, "there is silence")
        connection = self.home.connect()
        begin = connection.call("subscribe")["boot_ms"]
        self.speak()
        event = connection.event(lambda event: event["event"] == "cue" and
                                 event["outcome"] in ("started", "late"))
        connection.close()
        return (event["boot_ms"] - begin) / 1000

    def test_bluetooth_alone_gets_a_lead_in_when_that_is_automatic(self):
        self.sink("ears", "device.bus=bluetooth")
        self.home.configure("wake: auto\nkeep-awake: 0s\n")
        self.home.start_daemon()
        delays = [self.delay(), self.delay()]
        print("from command to voice over Bluetooth:", delays)
        self.assertGreater(min(delays), 1)
        self.server.control("set-default-sink", "test")
        wait_for(lambda: delays.append(self.delay()) or delays[-1] < 1, "no lead-in any more")
        print("and over another output:", delays[2:])


if __name__ == "__main__":
    sound.main()
