"""Plugs a recorded scanner in and out again among umockdev's devices, around a running program. To be run by
umockdev-wrapper: replug.py FOLDER PROGRAM ARGUMENTS…; FOLDER holds scanner.umockdev, scanner.ioctl, scanner.events."""

import pathlib
import subprocess
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

folder = pathlib.Path(sys.argv[1])
node = "/dev/input/event7"


def plug(bed):
    bed.add_from_file(str(folder / "scanner.umockdev"))
    bed.load_ioctl(node, str(folder / "scanner.ioctl"))
    bed.load_evemu_events(node, str(folder / "scanner.events"))


def main():
    bed = UMockdev.Testbed.new()
    program = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    syspath = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-7/input/input7/event7"

    def until(word):
        for line in program.stdout:
            print(line, end="", flush=True)
            if line.startswith(word):
                return
        sys.exit("the program ended")

    until("absent")
    plug(bed)
    until("ready")
    until("scan")
    bed.remove_device(syspath)
    until("absent")
    program.stdin.close()
    program.wait(timeout=10)


main()
