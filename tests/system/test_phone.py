"""Every command that docs/phone.md has a phone send, sent over a real SSH server."""

import os
import pwd
import re
import signal
import socket
import subprocess
import unittest

from product import BUILD, PATIENCE, ROOT, ProductTest, wait_for
from terminal import Terminal

PAGE = (ROOT / "docs/phone.md").read_text()
QUICKSTART = "name: Quickstart\nsteps:\n  - run: 5m\n  - walk: 5m\n"


def commands():
    """The lines that the page gives for buttons, in its order."""
    blocks = re.findall(r"^```phone\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SshServer:
    """An sshd on a port of the loopback, with keys of its own, that leads into HOME."""

    def __init__(self, home):
        self.home = home
        self.folder = home.path / "ssh"
        self.folder.mkdir(mode=0o700)
        for key in ("host", "phone"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / key],
                           check=True, stdin=subprocess.DEVNULL)
        self.authorize("")
        user, port = pwd.getpwuid(os.getuid()).pw_name, free_port()
        programs = f"{BUILD}:{os.environ['PATH']}"
        variables = {**home.environment, "PATH": programs, "RUNWALK_BUILD": str(BUILD)}
        settings = " ".join(f'"{name}={value}"' for name, value in variables.items())
        (self.folder / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {self.folder}/host\n"
            f"AuthorizedKeysFile {self.folder}/authorized_keys\nPidFile none\nStrictModes no\n"
            f"UsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nSetEnv {settings}\n")
        (self.folder / "config").write_text(
            f"Host runner\n  HostName 127.0.0.1\n  Port {port}\n  User {user}\n"
            f"  IdentityFile {self.folder}/phone\n  IdentitiesOnly yes\n  BatchMode yes\n"
            f"  UserKnownHostsFile {self.folder}/known_hosts\n  StrictHostKeyChecking accept-new\n")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/sshd", "-D", "-e", "-f", self.folder / "sshd_config"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        home.stack.callback(self.close)
        wait_for(lambda: self.listens(port), "sshd listens")

    def listens(self, port):
        if self.process.poll() is not None:
            raise AssertionError(f"sshd ended:\n{(self.folder / 'log').read_text()}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def authorize(self, options):
        """Lets the phone's key in, with OPTIONS as docs/phone.md writes them before a key."""
        key = (self.folder / "phone.pub").read_text()
        (self.folder / "authorized_keys").write_text(f"{options} {key}".lstrip())

    def command(self, *words):
        return ["ssh", "-F", str(self.folder / "config"), *words]

    def send(self, line):
        """What happens when a button with this line is pressed."""
        return subprocess.run(self.command("runner", line), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                              check=False)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Phone(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\n')
        self.home.profile("quickstart", QUICKSTART)
        self.server = SshServer(self.home)

    def press(self, line):
        result = self.server.send(line)
        self.assertEqual(result.returncode, 0, f"{line}: {result.stdout}{result.stderr}")
        return result

    def press_all(self):
        lines = commands()
        self.assertGreater(len(lines), 6)
        for line in lines:
            if line == "runwalk choose quickstart":
                self.home.until(lambda status: status["state"] in ("idle", "done", "stopped"),
                                "the run before is over")
            self.press(line)
            self.home.until(lambda status: status["state"] not in ("preparing", "armed"), "it is done")

    def test_every_command_of_the_page_works_with_an_ordinary_key(self):
        self.home.start_daemon()
        self.press_all()

    def test_every_command_works_with_the_restricted_key_and_starts_the_daemon(self):
        forced = re.search(r'^restrict,command="\S*/(scripts/\S+)"', PAGE, re.MULTILINE)
        self.server.authorize(f'restrict,command="{ROOT / forced[1]}"')
        self.assertFalse(self.home.socket.exists())
        self.addCleanup(lambda: os.kill(self.home.daemon_pid(), signal.SIGTERM))
        self.press_all()

    def test_the_restricted_key_can_do_nothing_else(self):
        self.server.authorize(f'restrict,command="{ROOT}/scripts/phone-command"')
        self.home.start_daemon()
        for line in ("sh", "cat /etc/passwd", "runwalk say hello", "runwalk status; id",
                     "runwalk status $(id)", "runwalk start /etc/passwd", "runwalk start ../x",
                     "runwalk choose ~/x", "runwalk render quickstart out.wav", "status `id`",
                     "start *", ""):
            with self.subTest(line=line):
                result = self.server.send(line)
                self.assertEqual(result.returncode, 2, result.stdout)
                self.assertEqual(result.stdout, "")

    def test_the_restricted_key_reads_suggestions_and_saves_none(self):
        self.server.authorize(f'restrict,command="{ROOT}/scripts/phone-command"')
        self.assertIn("walk", self.press("runwalk suggest --pace 11:30").stdout)
        for option in ("--save quickstart", "--save=quickstart", "--out run.yaml", "--force"):
            with self.subTest(option=option):
                result = self.server.send(f"runwalk suggest --pace 11:30 {option}")
                self.assertEqual((result.returncode, result.stdout), (2, ""))

    def test_the_restricted_key_can_follow_a_plan(self):
        self.server.authorize(f'restrict,command="{ROOT}/scripts/phone-command"')
        self.home.start_daemon()
        self.press("runwalk plan start beginner-9-week")
        self.assertIn("week 1", self.server.send("runwalk plan status").stdout)
        self.press("runwalk start next")

    def test_the_start_delay_of_the_page_works(self):
        self.home.start_daemon()
        line = re.search(r"`(runwalk start [^`]*--in [^`]*)`", PAGE)[1]
        self.press(line)
        self.home.until(lambda status: status["state"] == "armed", "the countdown to the start")

    def test_the_live_view_opens_and_leaves_the_run_going(self):
        self.home.start_daemon()
        self.home.start_run("quickstart")
        line = re.search(r"^ssh (-t runner runwalk watch)$", PAGE, re.MULTILINE)[1]
        with Terminal(self.server.command(*line.split()), self.home.environment) as view:
            view.expect("Quickstart")
            view.type(b"q")
            self.assertEqual(view.wait(), 0)
        self.assertEqual(self.home.status()["state"], "running")


if __name__ == "__main__":
    unittest.main(verbosity=2)
