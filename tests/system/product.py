"""Runs the built daemon and command line in a home of their own, away from the user's.

A test opens a Home, writes profiles and a configuration into it, starts the daemon and talks to
it, through the real command line (`run`) or straight over the socket (`call`, `events`).
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("RUNWALK_BUILD", ROOT / "build/dev"))

# Far beyond what anything takes, on a busy machine and under a sanitizer.
PATIENCE = 60


def boot_time():
    """Seconds of CLOCK_BOOTTIME, the daemon's wall."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wait_for(condition, what, patience=PATIENCE, interval=0.01):
    """Polls until CONDITION() is true, and returns what it returned."""
    end = time.monotonic() + patience
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} s in vain: {what}")
        time.sleep(interval)


def connect_to(path, patience=PATIENCE):
    """A socket connected to PATH, whose calls end after PATIENCE seconds.

    It connects blocking: one with a timeout of Python's would not wait for a place in a full
    queue of those to be accepted, but fail at once.
    """
    peer = socket.socket(socket.AF_UNIX)
    try:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", patience, 0))
        peer.connect(str(path))
    except BlockingIOError as problem:
        peer.close()
        raise TimeoutError(f"nobody accepts at {path} within {patience} s") from problem
    except OSError:
        peer.close()
        raise
    peer.settimeout(patience)
    return peer


class Refused(Exception):
    """The daemon answered with an error; `reason` is its stable word."""

    def __init__(self, error):
        super().__init__(error.get("message"))
        self.error = error
        self.reason = error.get("data", {}).get("reason")


class Connection:
    """One client of the socket: requests in order, and events as they come."""

    def __init__(self, path):
        self.socket = connect_to(path)
        self.buffer = b""
        self.waiting = []
        self.last_id = 0

    def close(self):
        self.socket.close()

    def _message(self):
        while b"\n" not in self.buffer:
            received = self.socket.recv(65536)
            if not received:
                raise ConnectionError("the daemon closed the connection")
            self.buffer += received
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def call(self, method, **params):
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        while True:
            message = self._message()
            if "id" in message:
                break
            self.waiting.append(message["params"])
        if "error" in message:
            raise Refused(message["error"])
        return message["result"]

    def event(self, wanted):
        """The next event for which WANTED(event) is true; those before it are dropped."""
        while True:
            event = self.waiting.pop(0) if self.waiting else self._message()["params"]
            if wanted(event):
                return event


class Home:
    """Private directories, and the processes that run in them. A context manager."""

    def __init__(self):
        # A short name: the path of a socket has 107 bytes.
        self.path = Path(tempfile.mkdtemp(prefix="rw-"))
        self.runtime = self.path / "run"
        self.config = self.path / "config"
        self.state = self.path / "state"
        for directory in (self.runtime, self.config / "runwalk/profiles", self.state):
            directory.mkdir(mode=0o700, parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color",
            "HOME": str(self.path),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_STATE_HOME": str(self.state),
            "XDG_CACHE_HOME": str(self.path / "cache"),
            "XDG_DATA_HOME": str(self.path / "data"),
            # Not this machine's own.
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.path}/system-bus",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.log = self.path / "runwalkd.log"
        self.last_log = ""
        self.socket = self.runtime / "runwalk/control.sock"
        self.daemon = None
        self.wrapper = []  # a command that runs the daemon
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()
        self.stack.close()
        self.last_log = self.log.read_text(errors="replace")[-8000:] if self.log.exists() else ""
        shutil.rmtree(self.path, ignore_errors=True)

    def configure(self, text):
        (self.config / "runwalk/config.yaml").write_text(text)

    def profile(self, name, text):
        """Writes a profile of that name into the home."""
        path = self.config / f"runwalk/profiles/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def spawn_daemon(self, *arguments):
        """Starts a daemon, and does not wait for it."""
        with self.log.open("a") as log:
            return subprocess.Popen([*self.wrapper, BUILD / "runwalkd", *arguments], env=self.environment,
                                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start_daemon(self, *arguments):
        self.daemon = self.spawn_daemon(*arguments)
        wait_for(self._answers, "the daemon answers")
        return self.daemon

    def _answers(self):
        if self.daemon.poll() is not None:
            raise AssertionError(f"runwalkd ended with {self.daemon.returncode}")
        try:
            self.connect().close()
            return True
        except OSError:
            return False

    def daemon_pid(self):
        """Who listens at the socket, also when a script has started it."""
        with connect_to(self.socket) as peer:
            return struct.unpack("iII", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]

    def stop_daemon(self, number=signal.SIGTERM):
        """Asks the daemon to end and returns its exit status."""
        self.daemon.send_signal(number)
        return self.daemon.wait(PATIENCE)

    def connect(self):
        connection = Connection(self.socket)
        self.stack.callback(connection.close)
        return connection

    def call(self, method, **params):
        """One request on a connection of its own."""
        with contextlib.closing(Connection(self.socket)) as connection:
            return connection.call(method, **params)

    def status(self):
        return self.call("session.status")

    def until(self, condition, what, patience=PATIENCE, interval=0.01):
        """Waits until CONDITION(status) is true, and returns that status."""
        def look():
            status = self.status()
            return status if condition(status) else None
        return wait_for(look, what, patience, interval)

    def start_run(self, profile):
        """Starts a run and waits until its clock goes: speech may have to be prepared first."""
        self.run("start", profile)
        return self.until(lambda status: status["state"] == "running", "the run begins")

    def run(self, *words, expect=0, **options):
        """Runs `runwalk WORDS...`, checks its exit status unless EXPECT is None."""
        result = subprocess.run(
            [str(BUILD / "runwalk"), *map(str, words)], env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=PATIENCE, check=False, **options)
        if expect is not None and result.returncode != expect:
            raise AssertionError(f"runwalk {' '.join(map(str, words))}: exit status "
                                 f"{result.returncode}, not {expect}\n{result.stdout}{result.stderr}")
        return result


class ProductTest(unittest.TestCase):
    """A test with a `home`, whose daemon's log is shown when it fails."""

    def setUp(self):
        self.home = self.enterContext(Home())

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before and self.home.last_log:
            print(f"--- the daemon's log in {self.id()}:\n{self.home.last_log}---")
