"""scripts/run as somebody uses it: on a terminal, without one, with it taken away."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from product import BUILD, PATIENCE, ROOT, ProductTest, wait_for
from terminal import Terminal

LONG = "name: Long way\nsteps:\n  - run: 5m\n  - walk: 5m\n"
SHORT = "name: Short way\nsteps:\n  - run: 2s\n  - walk: 1s\n"


class Packages(unittest.TestCase):
    """With an apt-get that only notes how it is called."""

    def install(self, *packages):
        with tempfile.TemporaryDirectory() as folder:
            calls = Path(folder) / "calls"
            for name, line in (("apt-get", f'echo "$@" >>{calls}'), ("sudo", 'exec "$@"')):
                (Path(folder) / name).write_text(f"#!/bin/sh\n{line}\n")
                (Path(folder) / name).chmod(0o755)
            result = subprocess.run(
                ["bash", "-c", 'source "$0" && install_packages "a test" "$@"',
                 ROOT / "scripts/lib/packages.sh", *packages],
                env={"PATH": f"{folder}:{os.environ['PATH']}"}, text=True, check=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=PATIENCE)
            return result.stdout, calls.read_text().splitlines() if calls.exists() else []

    def test_apt_is_left_alone_when_nothing_is_missing(self):
        self.assertEqual(self.install("bash", "dpkg"), ("", []))

    def test_only_what_is_missing_is_installed_and_nothing_is_removed(self):
        said, calls = self.install("bash", "no-such-package")
        self.assertIn("no-such-package", said)
        update, install = calls
        self.assertRegex(update, " update$")
        self.assertRegex(install, " install .*--no-remove no-such-package$")
        for call in calls:
            self.assertIn(" -y ", f" {call} ")

    def test_what_would_displace_a_sound_server_is_unpacked_once_a_version(self):
        """With an apt-get that has one small package."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            package = folder / "package"
            (package / "DEBIAN").mkdir(parents=True)
            (package / "DEBIAN/control").write_text(
                "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: a\n")
            (package / "DEBIAN/postinst").write_text(f"#!/bin/sh\ntouch {folder}/configured\n")
            (package / "DEBIAN/postinst").chmod(0o755)
            (package / "file").write_text("unpacked")
            subprocess.run(["dpkg-deb", "--build", package, folder / "a.deb"], check=True,
                           stdout=subprocess.DEVNULL, timeout=PATIENCE)
            (folder / "version").write_text("a_1.deb")
            (folder / "apt-get").write_text(
                "#!/bin/sh\ncase \"$*\" in\n"
                f"*print-uris*) echo \"'http://a' $(cat {folder}/version) 1 x\";;\n"
                f"*) cp {folder}/a.deb .; echo downloaded;;\nesac\n")
            (folder / "apt-get").chmod(0o755)

            def unpack():
                return subprocess.run(
                    ["bash", "-c", 'source "$0" && unpack_packages "a test" "$@"',
                     ROOT / "scripts/lib/packages.sh", folder / "servers", "a"],
                    env={"PATH": f"{folder}:{os.environ['PATH']}"}, text=True, check=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=PATIENCE).stdout

            self.assertIn("downloaded", unpack())
            self.assertEqual((folder / "servers/root/file").read_text(), "unpacked")
            self.assertEqual(unpack(), "")
            (folder / "version").write_text("a_2.deb")
            self.assertIn("downloaded", unpack())
            self.assertFalse((folder / "configured").exists())


class Run(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')
        self.home.profile("long", LONG)
        self.home.profile("short", SHORT)
        # Programs that are built already; and no look at who else is on this machine.
        self.environment = {**self.home.environment, "RUNWALK_BUILD": str(BUILD),
                            "PULSE_SERVER": f"unix:{self.home.path}/nowhere"}
        self.addCleanup(self.end_daemon)

    def end_daemon(self):
        if self.home.socket.exists():
            os.kill(self.home.daemon_pid(), 15)
            wait_for(lambda: not self.home.socket.exists(), "the daemon is gone")

    def script(self, *words):
        return subprocess.run([ROOT / "scripts/run", *words], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)

    def terminal(self, *words):
        """The script on a terminal, once it shows the live view of a run that goes."""
        view = self.enterContext(Terminal([ROOT / "scripts/run", *words], self.environment))
        view.expect("q leave")
        self.home.until(lambda status: status["state"] == "running", "the run begins")
        return view

    def test_without_a_terminal_it_prints_lines_and_ends_with_the_run(self):
        result = self.script("short")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("Run", result.stdout)
        self.assertIn("Walk", result.stdout)
        self.assertNotIn("\x1b", result.stdout)
        self.assertEqual(self.home.status()["state"], "done")

    def test_an_unknown_profile_exits_with_4_and_leaves_nothing_running(self):
        result = self.script("nowhere")
        self.assertEqual(result.returncode, 4, result.stdout)
        self.assertEqual(self.home.status()["state"], "idle")

    def test_a_wrong_use_exits_with_2(self):
        self.assertEqual(self.script("--fast").returncode, 2)
        self.assertEqual(self.script("one", "two").returncode, 2)

    def test_leaving_the_view_leaves_the_run_going(self):
        view = self.terminal("long")
        view.type(b"q")
        view.expect("goes on")
        self.assertEqual(view.wait(), 0)
        self.assertEqual(self.home.status()["state"], "running")

    def test_closing_the_terminal_leaves_the_run_going(self):
        view = self.terminal("long")
        view.hang_up()
        self.assertIsNotNone(view.process.wait(PATIENCE))
        self.assertEqual(self.home.status()["state"], "running")

    def test_a_second_call_shows_the_run_that_is_on(self):
        self.terminal("long")
        before = self.home.status()["origin_boot_ms"]
        second = self.enterContext(Terminal([ROOT / "scripts/run", "short"], self.environment))
        second.expect("already")
        second.expect("Long way")
        self.assertEqual(self.home.status()["origin_boot_ms"], before)

    def test_interrupt_asks_and_a_second_one_stops(self):
        view = self.terminal("long")
        view.type(b"\x03")
        view.expect("(?i)leave it running")
        self.assertEqual(self.home.status()["state"], "running")
        view.type(b"\x03")
        view.wait()
        self.home.until(lambda status: status["state"] == "stopped", "the run is stopped")


if __name__ == "__main__":
    unittest.main(verbosity=2)
