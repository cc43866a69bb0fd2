"""The voice over the network, as docs/phone.md sets it up: the daemon's sound goes back through
SSH to a sound server on the phone, here another PulseAudio at the loopback's other end."""

import re
import subprocess

import script
import sound
from product import ROOT, ProductTest, wait_for
from test_phone import SshServer, free_port

PAGE = (ROOT / "docs/phone.md").read_text()
PROFILE = "name: Far\ncues: {halfway: no}\nsteps:\n  - run: 4s\n  - walk: 3s\n"


class PhoneSound(ProductTest):
    @sound.once_more_if_disturbed
    def test_a_session_is_heard_on_the_phone(self):
        home = self.home
        ssh = SshServer(home)
        server = self.enterContext(sound.SoundServer())
        on_phone, on_device = free_port(), free_port()
        arguments = re.search(r'--load="(module-native-protocol-tcp [^"]*)"', PAGE)[1]
        loaded = server.control("load-module", *arguments.split(), f"port={on_phone}")
        self.assertEqual(loaded.returncode, 0, loaded.stdout)

        tunnel, port = re.search(r"^ssh (-N -R (\d+):127\.0\.0\.1:\2 runner)$", PAGE, re.M).groups()
        words = tunnel.replace(f"{port}:127.0.0.1:{port}", f"{on_device}:127.0.0.1:{on_phone}")
        process = subprocess.Popen(ssh.command(*words.split()), stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        wait_for(lambda: ssh.listens(on_device), "the tunnel is open")

        variable, value = re.search(r"^(PULSE_SERVER)=(\S+) ", PAGE, re.M).groups()
        home.environment.update(server.environment)
        home.environment[variable] = value.replace(port, str(on_device))
        home.profile("far", PROFILE)
        expected = script.Script(home, "far")
        home.start_daemon()
        home.start_run("far")
        script.until_recorded(home, server.recording, expected)
        heard = script.follow(server.recording.samples(), expected)
        script.tell(heard)
        self.assertEqual(len(heard), len(expected.cues))


if __name__ == "__main__":
    sound.main()
