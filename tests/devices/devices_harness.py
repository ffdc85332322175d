"""Starts device simulators for tests and reads what came out of them.

Standard library only. Programs are found through EVERTILL_BIN (the build's bin directory).
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ.get("EVERTILL_BIN", "build/bin")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
NPM = SOURCE / "tests" / "npm"


class TestCase(unittest.TestCase):
    """A test with a directory of its own; whatever it starts ends with it."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="evertill-device-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def printer(self, *args, **kwargs):
        return Printer(self, self.dir / f"paper-{len(list(self.dir.glob('paper-*')))}", *args, **kwargs)


def need(program, package=None):
    """The path of a program of others. A test that cannot have it fails: skipping would prove nothing."""
    found = shutil.which(program)
    if not found:
        raise AssertionError(f"{program} is missing: apt-get install {package or program} (packaging/test does that)")
    return found


def npm_package(name):
    """The directory of an npm package of tests/npm."""
    path = NPM / "node_modules" / name
    if not (path / "package.json").exists():
        raise AssertionError(f"npm package {name} is missing: cd tests/npm && npm ci --ignore-scripts "
                             "(packaging/test does that)")
    return path


def run(*command, stdin=None, check=True, timeout=60, text=True, **kwargs):
    """Runs any program to its end. A name without a slash that the build has made is taken from there."""
    command = [str(part) for part in command]
    if "/" not in command[0] and (BIN / command[0]).exists():
        command[0] = str(BIN / command[0])
    done = subprocess.run(command, input=stdin, capture_output=True, text=text, timeout=timeout, **kwargs)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} exited {done.returncode}: {done.stderr}")
    return done


def node(script, *args, **kwargs):
    """Runs JavaScript that may require() the packages of tests/npm."""
    return run(need("node", "nodejs"), "-e", script, "--", *args, cwd=NPM, **kwargs)


def wait_for(condition, what, timeout=15):
    """Waits until `condition` gives something true, and returns that."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {timeout} s in vain for {what}")


class Simulator:
    """A running evertill-devsim. Its first line says where it listens."""

    def __init__(self, test, *args):
        self.test = test
        self.process = subprocess.Popen([str(BIN / "evertill-devsim"), *map(str, args)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        test.addCleanup(self.stop)

    def line(self):
        """The next line that it says."""
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"evertill-devsim ended: {self.process.stderr.read()}")
        return line.rstrip("\n")

    def stop(self):
        """Ends it as an operator would. True when it went in peace."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        return self.process.returncode == 0


class Job:
    """One receipt of the printer simulator."""

    def __init__(self, file):
        self.name = file.stem
        self.png = file.with_suffix(".png")
        self.bytes = file.with_suffix(".bin").read_bytes()
        self.facts = json.loads(file.read_text(encoding="utf-8"))

    def __getitem__(self, key):
        return self.facts[key]


class Printer(Simulator):
    """The receipt printer simulator: takes jobs by TCP (and at `serial`), turns each into bytes, PNG and JSON."""

    def __init__(self, test, path, *args, listen="127.0.0.1:0", serial=None):
        self.path = path
        more = ["--pty", serial] if serial else []
        super().__init__(test, "printer", "--listen", listen, "--control", "127.0.0.1:0", "--out", path, *more, *args)
        self.host, port = re.fullmatch(r"listening (\S+):(\d+)", self.line()).groups()
        self.port = int(port)
        self.address = f"tcp://{self.host}:{self.port}"
        if serial:
            self.test.assertEqual(self.line(), f"serial {serial}")
        self.commands = socket.create_connection(
            re.fullmatch(r"control (\S+):(\d+)", self.line()).groups(), timeout=20)
        self.answers = self.commands.makefile("r", encoding="utf-8")
        test.addCleanup(self.commands.close)
        test.addCleanup(self.answers.close)

    def do(self, command):
        """Does something to the printer ("paper out", "cover open", "drawer closed", "stall on", "late 500",
        "disconnect", "power off", "garbage", "status": see evertill-devsim printer --help). Returns how it then is."""
        self.commands.sendall(command.encode() + b"\n")
        answer = json.loads(self.answers.readline())
        if not answer.pop("ok"):
            raise AssertionError(answer["error"])
        return answer

    def status(self):
        return self.do("status")

    def jobs(self):
        """What was printed so far. A job's JSON is written last: what is listed is whole."""
        return [Job(file) for file in sorted(self.path.glob("job-*.json"))]

    def wait_jobs(self, count, timeout=15):
        return wait_for(lambda: len(jobs := self.jobs()) >= count and jobs, f"{count} jobs", timeout)
