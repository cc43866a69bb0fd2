"""Other sound servers than PulseAudio, private like it: PipeWire and JACK, and how ALSA reaches them.

Two servers do not fit beside one another on a machine, and one that is installed may displace the
user's. So Debian's packages of these are only unpacked, by `scripts/test`, and run from there.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from sound import PATIENCE, wait_for

UNPACKED = Path(__file__).resolve().parents[2] / "build/servers/root"

# What a user's installation does for the hardware of the machine: none of that here.
WITHOUT_HARDWARE = ("alsa", "v4l2", "libcamera", "bluez")
# A bus on which nobody else is, and nothing is started.
BUS = """<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""
ENABLED = 'load_module("metadata")\ndefault_access.enable()\ndevice_defaults.enable()\n'


def library_folder():
    """Where the unpacked libraries are: lib/x86_64-linux-gnu, or another architecture's."""
    found = list(UNPACKED.glob("usr/lib/*/pipewire-0.3"))
    if not found:
        raise AssertionError(f"{UNPACKED} does not have PipeWire and JACK: scripts/test unpacks them")
    return found[0].parent


def have_own_memory():
    """Begins this program anew with a /dev/shm of its own. JACK has a table there of all servers of
    the machine, eight of them, and those that are killed stay in it."""
    if os.environ.get("RUNWALK_OWN_MEMORY"):
        return
    words = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--user", "--map-root-user"]),
             "sh", "-c", 'mount -t tmpfs tmpfs /dev/shm && exec "$0" "$@"']
    if subprocess.run([*words, "true"], check=False, timeout=PATIENCE).returncode != 0:
        raise SystemExit("Without a namespace of mounts JACK would leave its traces on this machine.")
    os.environ["RUNWALK_OWN_MEMORY"] = "yes"
    os.execvp(words[0], [*words, *sys.orig_argv])


class Server:
    """Processes in a directory of their own; `environment` is what clients need. A context manager."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="rwo-"))
        self.run = self.path / "run"
        self.run.mkdir(mode=0o700)
        libraries = library_folder()
        self.own = {
            "PATH": f"{UNPACKED}/usr/bin:{os.environ['PATH']}",
            "LD_LIBRARY_PATH": str(libraries),
            "HOME": str(self.path),
            "XDG_RUNTIME_DIR": str(self.run),
            "XDG_STATE_HOME": str(self.path),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        }
        self.libraries = libraries
        # Nobody's PulseAudio, unless this is one.
        self.environment = {"PULSE_SERVER": f"unix:{self.run}/none",
                            "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        self.configuration = self.path / "asound.conf"
        self.processes = []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.path, ignore_errors=True)

    def spawn(self, *words):
        self.processes.append(subprocess.Popen(
            words, env=self.own, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL))

    def ask(self, *words):
        """What a client of the server prints, or None when it fails."""
        result = subprocess.run(words, env=self.own, text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                timeout=PATIENCE, check=False)
        return result.stdout if result.returncode == 0 else None

    def alsa(self, text):
        """From now on ALSA knows this configuration and no other."""
        self.configuration.write_text(text)
        self.environment["ALSA_CONFIG_PATH"] = str(self.configuration)

    def start(self):
        """Starts the server and returns when it plays."""
        raise NotImplementedError

    def hears(self):
        """Whether somebody plays."""
        raise NotImplementedError

    def kill(self):
        """Ends it at once, as a crash does."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            process.wait()
        self.processes = []


class PipeWire(Server):
    """PipeWire with its session manager, its PulseAudio side, and a sink that is no hardware."""

    def __init__(self, through_pulse):
        super().__init__()
        manager = self.path / "wireplumber"
        shutil.copytree(UNPACKED / "usr/share/wireplumber", manager)
        for script in (manager / "main.lua.d").iterdir():
            if any(word in script.name for word in WITHOUT_HARDWARE):
                script.unlink()
        (manager / "main.lua.d/90-enable-all.lua").write_text(ENABLED)
        configuration = manager / "wireplumber.conf"
        configuration.write_text("".join(
            line for line in configuration.read_text().splitlines(True) if "bluetooth" not in line))
        bus = f"unix:path={self.run}/bus"
        (self.path / "bus.conf").write_text(BUS.format(address=bus))
        self.own.update({
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "DBUS_SYSTEM_BUS_ADDRESS": bus,
            "PIPEWIRE_RUNTIME_DIR": str(self.run),
            "PIPEWIRE_CONFIG_DIR": str(UNPACKED / "usr/share/pipewire"),
            "PIPEWIRE_MODULE_DIR": str(self.libraries / "pipewire-0.3"),
            "WIREPLUMBER_CONFIG_DIR": str(manager),
            "WIREPLUMBER_DATA_DIR": str(manager),
            "WIREPLUMBER_MODULE_DIR": str(self.libraries / "wireplumber-0.4"),
            "PULSE_SERVER": f"unix:{self.run}/pulse/native",
        })
        if through_pulse:
            self.environment["PULSE_SERVER"] = self.own["PULSE_SERVER"]
            self.alsa("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        else:
            for name in ("PIPEWIRE_RUNTIME_DIR", "PIPEWIRE_CONFIG_DIR", "PIPEWIRE_MODULE_DIR"):
                self.environment[name] = self.own[name]
            plugin = self.libraries / "alsa-lib/libasound_module_pcm_pipewire.so"
            self.alsa(f'pcm_type.pipewire {{ lib "{plugin}" }}\n'
                      'pcm.!default { type pipewire playback_node "-1" capture_node "-1" }\n')

    def start(self):
        for name in ("bus", "pipewire-0", "pipewire-0.lock", "pulse/native"):
            (self.run / name).unlink(missing_ok=True)
        self.spawn("dbus-daemon", f"--config-file={self.path}/bus.conf", "--nofork", "--nopidfile")
        wait_for((self.run / "bus").exists, "the bus listens")
        self.spawn("pipewire")
        wait_for((self.run / "pipewire-0").exists, "PipeWire listens")
        self.spawn("wireplumber")
        self.spawn("pipewire-pulse")
        wait_for(lambda: self.ask("pactl", "info"), "its PulseAudio side answers", interval=0.1)
        wait_for(lambda: self.ask("pactl", "load-module", "module-null-sink", "sink_name=test"),
                 "the sink is made", interval=0.1)
        wait_for(lambda: "Default Sink: test" in (self.ask("pactl", "info") or ""),
                 "the sink is the default", interval=0.1)

    def hears(self):
        return bool(self.ask("pactl", "list", "short", "sink-inputs"))


class Jack(Server):
    """JACK, whose card is a clock; `through_alsa`: the voice goes through ALSA's plugin for it."""

    def __init__(self, through_alsa):
        super().__init__()
        # Its sockets and memory are found by name, by all programs of a user.
        self.name = f"rw-{uuid.uuid4().hex[:12]}"
        self.own.update({"JACK_DRIVER_DIR": str(self.libraries / "jack"),
                         "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"})
        self.environment["JACK_DEFAULT_SERVER"] = self.name
        if through_alsa:
            self.alsa("pcm.!default {\n  type plug\n  slave.pcm {\n    type jack\n"
                      "    playback_ports { 0 system:playback_1 1 system:playback_2 }\n  }\n}\n")
        else:
            self.alsa("pcm.!default { type null }\n")

    def start(self):
        self.spawn("jackd", "-n", self.name, "--no-realtime", "--no-mlock", "-d", "dummy",
                   "-r", "48000", "-p", "1024")
        wait_for(lambda: "system:playback_1" in (self.ask("jack_lsp") or ""), "JACK plays",
                 interval=0.1)

    def hears(self):
        # Below each port, indented, those that it is connected with.
        _, _, after = (self.ask("jack_lsp", "-c") or "").partition("system:playback_1\n")
        return after.startswith(" ")


class Nameless(Jack):
    """ALSA knows not even the name of a device, until it is told the way to JACK."""

    def __init__(self):
        super().__init__(through_alsa=True)
        self.told_later = self.configuration.read_text()

    def __enter__(self):
        self.configuration.write_text("")
        return self

    def start(self):
        super().start()
        self.configuration.write_text(self.told_later)
