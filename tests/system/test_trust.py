"""Nobody else: who owns what the daemon writes, and what its processes may do."""

import os
import stat
import unittest

from product import PATIENCE, ProductTest, wait_for

SPEAKER = """#!/bin/sh
cat /proc/self/limits >"$HOME/limits"
env >"$HOME/environment"
ls /proc/self/fd >"$HOME/descriptors"
exec espeak-ng --stdin --stdout
"""


class Trust(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')

    def test_all_that_is_written_is_for_its_user_alone(self):
        self.home.profile("words", "name: Words\nsteps:\n  - run: 2s\n    say: Zebra crossing\n")
        before = os.umask(0)
        try:
            self.home.start_daemon()
        finally:
            os.umask(before)
        self.home.start_run("words")
        self.home.until(lambda status: status["state"] == "done", "the run is done")
        written = [self.home.runtime / "runwalk", self.home.path / "cache/runwalk",
                   self.home.state / "runwalk"]
        found = 0
        for top in filter(os.path.exists, written):
            for folder, _, names in os.walk(top):
                for path in (folder, *(os.path.join(folder, name) for name in names)):
                    info = os.lstat(path)
                    self.assertEqual(stat.S_IMODE(info.st_mode) & 0o077, 0, path)
                    self.assertEqual(info.st_uid, os.getuid(), path)
                    found += 1
        self.assertGreaterEqual(found, 5)

    def test_a_run_folder_that_others_may_enter_is_refused_with_the_remedy(self):
        self.home.socket.parent.mkdir(mode=0o755)
        self.home.socket.parent.chmod(0o755)
        self.assertEqual(self.home.spawn_daemon().wait(PATIENCE), 1)
        self.assertIn(f"chmod 700 {self.home.socket.parent}", self.home.log.read_text())

    def test_a_run_folder_that_is_a_link_is_refused(self):
        elsewhere = self.home.path / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        self.home.socket.parent.symlink_to(elsewhere)
        self.assertEqual(self.home.spawn_daemon().wait(PATIENCE), 1)
        self.assertIn("is a link where a directory must be; remove it", self.home.log.read_text())

    @unittest.skipUnless(os.getuid() == 0, "only root can give a folder away")
    def test_a_run_folder_of_another_user_is_refused(self):
        self.home.socket.parent.mkdir(mode=0o700)
        os.chown(self.home.socket.parent, 65534, 65534)
        self.assertEqual(self.home.spawn_daemon().wait(PATIENCE), 1)
        self.assertIn("belongs to user 65534, but must belong to user 0", self.home.log.read_text())

    def test_a_cache_that_others_may_read_is_not_used_and_the_run_goes_on(self):
        cache = self.home.path / "cache/runwalk"
        cache.mkdir(parents=True)
        cache.chmod(0o755)
        self.home.profile("long", "name: Long\nsteps:\n  - run: 10m\n")
        self.home.start_daemon()
        self.assertIn(f"chmod 700 {cache}", self.home.log.read_text())
        self.home.start_run("long")
        self.assertEqual(list(cache.iterdir()), [])

    def test_a_history_that_others_may_read_is_not_written_and_the_run_goes_on(self):
        state = self.home.state / "runwalk"
        state.mkdir()
        state.chmod(0o750)
        self.home.profile("long", "name: Long\nsteps:\n  - run: 10m\n")
        self.home.start_daemon()
        self.home.start_run("long")
        wait_for(lambda: f"chmod 700 {state}" in self.home.log.read_text(), "the remedy is told")
        self.assertEqual(self.home.status()["state"], "running")
        self.assertEqual(list(state.iterdir()), [])

    def test_the_speech_command_is_confined(self):
        speaker = self.home.path / "speaker"
        speaker.write_text(SPEAKER)
        speaker.chmod(0o700)
        self.home.configure(f'output: "null"\nspeech: [{speaker}]\n')
        self.home.environment["SECRET_TOKEN"] = "x"
        self.home.start_daemon()
        self.home.run("say", "Zebra crossing")
        descriptors = self.home.path / "descriptors"
        wait_for(lambda: descriptors.exists() and descriptors.read_text(), "it speaks")
        limits = (self.home.path / "limits").read_text()
        for limit in ("Max core file size        0 ", "Max cpu time              120 ",
                      "Max open files            256 ", "Max file size             67108864 "):
            self.assertIn(limit, limits)
        environment = (self.home.path / "environment").read_text()
        self.assertNotIn("SECRET_TOKEN", environment)
        self.assertNotIn("XDG_RUNTIME_DIR", environment)
        # Its three streams, and the folder that ls reads.
        self.assertEqual(descriptors.read_text().split(), ["0", "1", "2", "3"])

    def test_the_daemon_leaves_no_core_and_listens_on_nothing_but_its_socket(self):
        daemon = self.home.start_daemon()
        with open(f"/proc/{daemon.pid}/limits", encoding="ascii") as file:
            self.assertIn("Max core file size        0 ", file.read())
        self.home.profile("long", "name: Long\nsteps:\n  - run: 10m\n")
        self.home.start_run("long")
        inodes = set()
        for descriptor in os.listdir(f"/proc/{daemon.pid}/fd"):
            try:
                link = os.readlink(f"/proc/{daemon.pid}/fd/{descriptor}")
            except FileNotFoundError:
                continue
            if link.startswith("socket:["):
                inodes.add(link[8:-1])
        self.assertTrue(inodes)
        for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet", "netlink"):
            path = f"/proc/{daemon.pid}/net/{table}"
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    self.assertFalse(inodes & set(file.read().split()), table)


if __name__ == "__main__":
    unittest.main(verbosity=2)
