"""The players that runwalk is compared with, each running privately in a folder of its own.

They are set up as somebody would who wants them frugal: no database, no video, no terminal, no
configuration of the user's. Over their sockets they are told what to do.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess

from product import PATIENCE, wait_for


class Peer:
    """A process with a socket. A context manager; SOUND is the sound server, or None."""

    def __init__(self, folder, sound=None):
        self.folder = folder
        folder.mkdir(parents=True)
        self.socket = folder / "control"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8",
                            "XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder),
                            "XDG_CACHE_HOME": str(folder),
                            **(sound.environment if sound else {})}
        self.sound = sound
        self.process = None
        self.connection = None

    def __enter__(self):
        try:
            self.spawn()
            wait_for(self.answers, f"{self.name} answers")
            self.connection = self.open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.connection:
            self.connection.close()
            self.connection = None
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def spawn(self):
        """Starts the process and returns at once."""
        self.process = subprocess.Popen(self.command(), env=self.environment, cwd=self.folder,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def answers(self):
        """True when a first request is answered."""
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}")
        try:
            with contextlib.closing(self.open()) as connection:
                return self.exchange(connection, self.STATUS)
        except (OSError, ConnectionError):
            return False

    def open(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(str(self.socket))
            self.greeted(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def greeted(self, connection):
        pass

    def exchange(self, connection, request):
        """Sends one request and returns the bytes of its answer."""
        connection.sendall(request)
        return self.answer(connection)

    def pids(self):
        return [self.process.pid]


class Mpd(Peer):
    name = "mpd"
    STATUS = b"status\n"
    END = b"OK\n"

    def command(self):
        output = 'type "null"' if self.sound is None else 'type "pulse"'
        (self.folder / "mpd.conf").write_text(
            f'music_directory "{self.folder}"\nbind_to_address "{self.socket}"\n'
            f'zeroconf_enabled "no"\nlog_level "warning"\nlog_file "{self.folder}/log"\n'
            f'audio_output {{\n {output}\n name "bench"\n}}\n')
        return ["mpd", "--no-daemon", str(self.folder / "mpd.conf")]

    def greeted(self, connection):
        connection.recv(4096)

    def answer(self, connection):
        received = b""
        while not received.endswith(self.END) and not received.startswith(b"ACK"):
            part = connection.recv(65536)
            if not part:
                raise ConnectionError("mpd closed the connection")
            received += part
        return received

    def order(self, words):
        answer = self.exchange(self.connection, words.encode() + b"\n")
        if answer.startswith(b"ACK"):
            raise AssertionError(f"mpd refuses “{words}”: {answer.decode().strip()}")
        return answer

    def load(self, path):
        """Makes PATH what is played, without playing it yet."""
        self.order("clear")
        self.order(f'add "file://{path}"')

    def play(self):
        self.order("play")

    def pause(self):
        self.order("pause 1")

    def resume(self):
        self.order("pause 0")

    def stop(self):
        """Closes the stream; the file can be played again."""
        self.order("stop")

    def seek(self, seconds):
        self.order(f"seekcur {seconds}")

    def position(self):
        for line in self.order("status").decode().splitlines():
            if line.startswith("elapsed: "):
                return float(line.partition(" ")[2])
        return 0.0


class Mpv(Peer):
    name = "mpv"
    STATUS = b'{"command":["get_property","pause"]}\n'
    END = b"\n"

    def command(self):
        return ["mpv", "--no-config", "--idle=yes", "--no-video", "--no-terminal",
                f"--ao={'null' if self.sound is None else 'pulse'}", "--gapless-audio=no",
                f"--input-ipc-server={self.socket}"]

    def answer(self, connection):
        received = b""
        while True:
            *lines, rest = received.split(b"\n")
            for line in lines:
                if b'"event"' not in line:
                    return line
            part = connection.recv(65536)
            if not part:
                raise ConnectionError("mpv closed the connection")
            received = rest + part

    def order(self, *words):
        line = json.dumps({"command": list(words)}).encode() + b"\n"
        answer = json.loads(self.exchange(self.connection, line))
        if answer.get("error") != "success":
            raise AssertionError(f"mpv refuses {words}: {answer}")
        return answer.get("data")

    def load(self, path):
        self.path = path
        self.pause()
        self.order("loadfile", str(path))
        wait_for(lambda: self.order("get_property", "idle-active") is False, "mpv has the file")

    def play(self):
        self.order("set_property", "pause", False)

    resume = play

    def pause(self):
        self.order("set_property", "pause", True)

    def stop(self):
        """Closes the stream; the file can be played again."""
        self.order("stop")
        self.load(self.path)

    def seek(self, seconds):
        self.order("seek", seconds, "absolute+exact")

    def position(self):
        return float(self.order("get_property", "time-pos"))


PEERS = (Mpd, Mpv)
