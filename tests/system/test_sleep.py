"""While a run goes on, the device stays awake: against a logind that is mocked, absent or hung."""

import contextlib
import signal
import socket
import subprocess
import sys
import unittest

import dbus
import dbus.bus

from product import ProductTest, wait_for

BUS = """<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""
LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1")


class Sleep(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')
        self.home.profile("long", "name: Long\nsteps:\n  - run: 10m\n")
        self.bus_path = self.home.path / "system-bus"
        self.processes = self.enterContext(contextlib.ExitStack())

    def start(self, *words):
        log = self.processes.enter_context(self.home.log.open("a"))
        process = subprocess.Popen(words, env=self.home.environment, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
        def end():
            process.kill()
            process.wait()
        self.processes.callback(end)

    def start_bus(self):
        config = self.home.path / "bus.conf"
        config.write_text(BUS.format(path=self.bus_path))
        self.start("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        def connected():
            try:
                return dbus.bus.BusConnection(f"unix:path={self.bus_path}")
            except dbus.DBusException:
                return None
        self.bus = wait_for(connected, "the bus is there")
        self.processes.callback(self.bus.close)

    def start_logind(self):
        self.start_bus()
        self.start(sys.executable, "-m", "dbusmock", "--system", "--template", "logind")
        wait_for(lambda: self.bus.name_has_owner(LOGIND[0]), "logind is there")

    def inhibitors(self):
        manager = dbus.Interface(self.bus.get_object(*LOGIND), f"{LOGIND[0]}.Manager")
        return [tuple(map(str, entry[:4])) for entry in manager.ListInhibitors()]

    def until_inhibited(self, wanted):
        wait_for(lambda: bool(self.inhibitors()) == wanted, f"inhibited: {wanted}")

    def awake(self):
        return self.home.status()["awake"]

    def test_a_run_holds_the_device_awake_and_nothing_else_does(self):
        self.start_logind()
        self.home.start_daemon()
        self.home.run("choose", "long")
        self.assertEqual(self.inhibitors(), [])
        self.assertEqual(self.awake(), {"state": "off", "problem": ""})
        self.home.start_run("long")
        self.until_inhibited(True)
        (what, who, _, mode), = self.inhibitors()
        self.assertEqual((what, who, mode), ("sleep", "runwalk", "block"))
        wait_for(lambda: self.awake()["state"] == "held", "it is held")
        self.assertNotIn("Suspend:", self.home.run("status").stdout)
        self.home.run("pause")
        self.until_inhibited(False)
        self.assertEqual(self.awake(), {"state": "off", "problem": ""})
        self.home.run("resume")
        self.until_inhibited(True)
        self.home.run("stop")
        self.until_inhibited(False)
        self.assertEqual(self.home.stop_daemon(), 0)

    def test_a_crash_lets_the_device_sleep_again(self):
        self.start_logind()
        self.home.start_daemon()
        self.home.start_run("long")
        self.until_inhibited(True)
        self.home.stop_daemon(signal.SIGKILL)
        self.until_inhibited(False)

    def test_without_logind_the_status_warns_and_the_run_goes_on(self):
        for start_bus, problem in ((False, "there is no system bus"),
                                   (True, "there is no logind here")):
            with self.subTest(problem=problem):
                if start_bus:
                    self.start_bus()
                self.home.start_daemon()
                self.home.start_run("long")
                wait_for(lambda: self.awake()["problem"], "the problem is known")
                self.assertEqual(self.awake(), {"state": "off", "problem": problem})
                self.assertIn(f"Suspend:  would delay the cues, and nothing holds it off: {problem}",
                              self.home.run("status").stdout)
                self.assertIn("a suspend would delay the cues", self.home.log.read_text())
                self.assertEqual(self.home.status()["state"], "running")
                self.home.run("stop")
                self.assertNotIn("Suspend:", self.home.run("status").stdout)
                self.assertEqual(self.home.stop_daemon(), 0)

    def test_a_bus_that_never_answers_delays_nothing(self):
        with socket.socket(socket.AF_UNIX) as mute:
            mute.bind(str(self.bus_path))
            mute.listen(8)
            self.home.start_daemon()
            self.home.start_run("long")
            self.assertEqual(self.awake(), {"state": "asking", "problem": ""})
            self.home.run("pause")
            self.home.run("resume")
            self.assertEqual(self.home.status()["state"], "running")
            self.assertEqual(self.home.stop_daemon(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
