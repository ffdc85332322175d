"""Barcode scanners: keyboards played by umockdev, serial lines as ptys, codes that zint made."""

import subprocess
import time
import unittest

import devices_harness as harness

PROBE = harness.BIN.parent / "tests" / "scanner_probe"
NODE = "/dev/input/event7"


def record(folder, *lines, options=()):
    harness.run("evertill-devsim", "scanner", "--record", folder, *options, stdin="\n".join(lines) + "\n")


def play(folder, device, *arguments, seconds=4):
    """What the probe prints while the recording is played."""
    command = [harness.need("umockdev-run", "umockdev"), "-d", folder / "scanner.umockdev",
               "-i", f"{NODE}={folder / 'scanner.ioctl'}", "-e", f"{NODE}={folder / 'scanner.events'}",
               "--", PROBE, device, *arguments]
    with subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as program:
        time.sleep(seconds)
        return program.communicate(timeout=20)[0].split("\n")


class KeyboardScanner(harness.TestCase):
    def test_keys_are_a_us_keyboards_whatever_they_are(self):
        everything = "".join(chr(c) for c in range(32, 127) if chr(c) != "\\") + "\\\\"
        record(self.dir, "8850999320014", r"]C10109506000134352172612\x1d10AB-1", everything)
        lines = play(self.dir, "05e0:1200")
        self.assertIn("scan 8850999320014", lines)
        self.assertIn("scan ]C10109506000134352172612\x1d10AB-1".encode(), [line.encode() for line in lines])
        self.assertIn("scan " + everything[:-1], lines)

    def test_ten_scans_in_half_a_second_are_ten(self):
        record(self.dir, *["8850999320014"] * 10, options=("--key-gap-ms", "1", "--scan-gap-ms", "30"))
        self.assertEqual(play(self.dir, NODE).count("scan 8850999320014"), 10)

    def test_a_keyboard_is_not_held_unless_told(self):
        record(self.dir, "8850999320014", options=("--full-keyboard",))
        lines = play(self.dir, NODE, seconds=2)
        self.assertTrue(any(line.startswith("attention scanner_is_keyboard") for line in lines), lines)
        self.assertFalse(any(line.startswith("scan") for line in lines), lines)
        self.assertIn("scan 8850999320014", play(self.dir, NODE, "allow"))

    def test_it_is_held_when_it_comes_and_missed_when_it_goes(self):
        record(self.dir, "8850999320014")
        done = subprocess.run([harness.need("umockdev-wrapper", "umockdev"), "/usr/bin/python3", "-B",
                               str(harness.SOURCE / "tests/devices/replug.py"), str(self.dir), str(PROBE), NODE],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("scan 8850999320014"), 1, done.stdout)


class SerialScanner(harness.TestCase):
    def test_each_line_is_a_scan(self):
        port = self.dir / "ttyACM0"
        device = harness.Simulator(self, "scanner", "--pty", port, "--prefix", r"\x02", "--suffix", r"\r\n")
        self.assertEqual(device.line(), f"listening {port}")
        with subprocess.Popen([str(PROBE), f"serial:{port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as program:
            while not program.stdout.readline().startswith("ready"):
                pass
            for _ in range(10):
                print("]E08850999320014", file=device.process.stdin, flush=True)
            for _ in range(10):
                self.assertEqual(program.stdout.readline(), "scan ]E08850999320014\n")
            program.communicate(timeout=20)


if __name__ == "__main__":
    unittest.main()
