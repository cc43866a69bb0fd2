"""runwalkd as a service: started by its socket, telling its manager, without any manager."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest

from product import BUILD, PATIENCE, ROOT, ProductTest, wait_for

SILENT = 'output: "null"\n'
UNITS = ("runwalk.service", "runwalk.socket")


class Service(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure(SILENT)
        self.processes = self.enterContext(contextlib.ExitStack())

    def start(self, *words, **variables):
        """Starts a process that ends with the test."""
        with self.home.log.open("a") as log:
            process = subprocess.Popen(words, env={**self.home.environment, **variables},
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        def end():
            process.kill()
            process.wait()
        self.processes.callback(end)
        return process

    def notify_socket(self):
        """Where a manager would hear the daemon."""
        heard = self.processes.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        heard.bind(str(self.home.path / "notify"))
        heard.settimeout(PATIENCE)
        return heard

    def test_the_units_are_verified_by_systemd(self):
        folder = self.home.path / "units"
        folder.mkdir()
        unit = (BUILD / "systemd/runwalk.service").read_text()
        # The program is looked for; it is not installed here.
        unit = re.sub(r"^ExecStart=\S*/runwalkd$", f"ExecStart={BUILD}/runwalkd", unit, flags=re.M)
        self.assertIn(f"ExecStart={BUILD}/runwalkd", unit)
        (folder / UNITS[0]).write_text(unit)
        shutil.copy(ROOT / "src/daemon/systemd" / UNITS[1], folder)
        result = subprocess.run(
            ["systemd-analyze", "--user", "verify", "--man=no", *(folder / name for name in UNITS)],
            env=self.home.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=PATIENCE, check=False)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_each_directive_that_hardens_is_commented(self):
        lines = (BUILD / "systemd/runwalk.service").read_text().splitlines()
        hardening = lines[lines.index("# What it writes (socket, history, speech cache) is for its user alone."):]
        explained = False
        for line in hardening:
            if line.startswith("["):
                break
            if "=" in line and not line.startswith("#"):
                self.assertTrue(explained, f"no comment before {line}")
            explained = line.startswith("#") or (explained and line != "")

    def test_the_first_command_starts_it_through_its_socket(self):
        heard = self.notify_socket()
        self.home.socket.parent.mkdir(mode=0o700)
        manager = self.start("systemd-socket-activate", "-l", str(self.home.socket),
                             "-E", "NOTIFY_SOCKET", *self.variables(), str(BUILD / "runwalkd"),
                             NOTIFY_SOCKET=str(self.home.path / "notify"))
        wait_for(self.home.socket.exists, "the socket is there")
        # The manager becomes the daemon when somebody connects.
        self.home.run("status")
        self.assertEqual(heard.recv(4096), b"READY=1")
        self.assertEqual(self.home.status()["state"], "idle")
        self.assertEqual(self.home.run("list").returncode, 0)
        manager.send_signal(signal.SIGHUP)
        self.assertTrue(heard.recv(4096).startswith(b"RELOADING=1\nMONOTONIC_USEC="))
        self.assertEqual(heard.recv(4096), b"READY=1")
        manager.send_signal(signal.SIGTERM)
        self.assertEqual(heard.recv(4096), b"STOPPING=1")
        self.assertEqual(manager.wait(PATIENCE), 0)
        # The socket is the manager's: it stays for the next start.
        self.assertTrue(self.home.socket.exists())

    def variables(self):
        """systemd-socket-activate passes on only what it is told to."""
        return [word for name in self.home.environment for word in ("-E", name)]

    def test_a_manager_that_gives_two_sockets_is_refused(self):
        self.home.socket.parent.mkdir(mode=0o700)
        manager = self.start("systemd-socket-activate", "-l", str(self.home.socket),
                             "-l", str(self.home.path / "other"), *self.variables(),
                             str(BUILD / "runwalkd"))
        wait_for(self.home.socket.exists, "the socket is there")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.home.socket))
            self.assertNotEqual(manager.wait(PATIENCE), 0)
        self.assertIn("one listening socket", self.home.log.read_text())

    def test_children_do_not_hear_of_the_manager(self):
        heard = self.notify_socket()
        daemon = self.start(str(BUILD / "runwalkd"), NOTIFY_SOCKET=str(self.home.path / "notify"),
                            SECRET_TOKEN="x")
        self.assertEqual(heard.recv(4096), b"READY=1")
        self.home.profile("long", "name: Long\nsteps:\n  - run: 10m\n")
        self.home.start_run("long")
        def engine():
            with open(f"/proc/{daemon.pid}/task/{daemon.pid}/children", encoding="ascii") as file:
                return file.read().split()
        pid = wait_for(engine, "the engine runs")[0]
        # Between fork and exec it still looks like the daemon.
        wait_for(lambda: b"runwalk-engine" in open(f"/proc/{pid}/cmdline", "rb").read(), "exec")
        environment = open(f"/proc/{pid}/environ", "rb").read()
        self.assertNotIn(b"NOTIFY_SOCKET", environment)
        self.assertNotIn(b"SECRET_TOKEN", environment)
        self.assertIn(b"XDG_RUNTIME_DIR", environment)
        def confined():
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                return "NoNewPrivs:\t1" in file.read()
        wait_for(confined, "the engine has given up new rights")
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            self.assertNotIn("control.sock", os.readlink(f"/proc/{pid}/fd/{descriptor}"))

    def test_without_systemd_the_line_of_the_manual_keeps_it_alive(self):
        manual = (ROOT / "docs/service.md").read_text()
        line = re.search(r"## Without systemd.*?```sh\n(.*?)```", manual, re.S).group(1)
        path = f"{BUILD}:{self.home.environment['PATH']}"
        subprocess.run(["sh", "-c", line], env={**self.home.environment, "PATH": path},
                       stdin=subprocess.DEVNULL, timeout=PATIENCE, check=True)
        first = wait_for(self.answering, "it is started")
        self.processes.callback(self.end_all)
        os.kill(first, signal.SIGKILL)
        second = wait_for(lambda: self.answering(first), "it is started again")
        os.kill(second, signal.SIGTERM)
        wait_for(lambda: not os.path.exists(f"/proc/{second}"), "it ends when it is asked to")
        wait_for(lambda: not self.home.socket.exists(), "and stays away")

    def answering(self, other=None):
        try:
            pid = self.home.daemon_pid()
            return pid if pid != other and self.home.status() else None
        except OSError:
            return None

    def end_all(self):
        pid = self.answering()
        if pid:
            os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    unittest.main(verbosity=2)
