"""Scale, drawer, pole display and label printer: the simulators asked as others' programs ask such devices, our labels read
by others' barcode readers, and the udev rules."""

import json
import os
import re
import select
import socket
import subprocess
import time
import tty

from devices_harness import BIN, SOURCE, Simulator, TestCase, need, run, wait_for


class Port:
    """The host's end of a simulated serial device, as a foreign program opens one."""

    def __init__(self, test, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        test.addCleanup(os.close, self.fd)

    def write(self, data):
        os.write(self.fd, data)

    def read_until(self, end, timeout=5):
        data = b""
        limit = time.monotonic() + timeout
        while not data.endswith(end):
            left = limit - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {end!r} within {timeout} s: {data!r}")
            data += os.read(self.fd, 100)
        return data

    def ask(self, question, end):
        self.write(question)
        return self.read_until(end)

    def quiet(self, seconds):
        return not select.select([self.fd], [], [], seconds)[0]


class SerialSimulator(Simulator):
    def __init__(self, test, kind, *args):
        self.path = test.dir / kind
        super().__init__(test, kind, "--pty", self.path, *args)
        test.assertEqual(self.line(), f"serial {self.path}")
        self.port = Port(test, self.path)

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.line())
        if not answer.pop("ok"):
            raise AssertionError(answer["error"])
        return answer


class ScaleTest(TestCase):
    def test_toledo_as_other_counters_ask_it(self):
        # The expressions by which another counter system reads this protocol.
        weight = re.compile(rb"\x02\s*([0-9.]+)N?\r")
        status = re.compile(rb"\x02\s*\?([^\x00])\r")
        scale = SerialSimulator(self, "scale", "--weight", "0.512", "--protocol", "toledo-8217")
        self.assertEqual(weight.fullmatch(scale.port.ask(b"W", b"\r"))[1], b"00.512")
        scale.do("motion on")
        self.assertEqual(status.fullmatch(scale.port.ask(b"W", b"\r"))[1][0] & 0x47, 0x41)
        scale.do("motion off")
        scale.do("overload on")
        self.assertEqual(status.fullmatch(scale.port.ask(b"W", b"\r"))[1][0] & 0x47, 0x42)
        scale.do("overload off")
        scale.do("weight 0.030")
        self.assertTrue(status.fullmatch(scale.port.ask(b"Z", b"\r"))[1][0] & 0x10)
        self.assertEqual(weight.fullmatch(scale.port.ask(b"W", b"\r"))[1], b"00.000")

    def test_cas_is_greeted_and_checked(self):
        scale = SerialSimulator(self, "scale", "--weight", "1.250", "--protocol", "cas")
        self.assertEqual(scale.port.ask(b"\x05", b"\x06"), b"\x06")
        block = scale.port.ask(b"\x11", b"\x03\x04")
        check = 0
        for byte in block[2:-3]:
            check ^= byte
        self.assertEqual((block[:2], block[2:-3], block[-3]), (b"\x01\x02", b"S 01.250kg", check))

    def test_nci_and_sics(self):
        nci = SerialSimulator(self, "scale", "--weight", "2.5", "--protocol", "nci")
        self.assertEqual(nci.port.ask(b"W\r", b"\x03"), b"\n002.500kg\r\n00\r\x03")
        nci.stop()
        sics = SerialSimulator(self, "scale", "--weight", "2.5", "--protocol", "mt-sics")
        self.assertEqual(sics.port.ask(b"SI\r\n", b"\r\n"), b"S S      2.500 kg\r\n")

    def test_streams_unasked_and_ends_in_peace(self):
        scale = SerialSimulator(self, "scale", "--weight", "0.750", "--protocol", "st-gs")
        scale.port.read_until(b"\r\n")
        self.assertEqual(scale.port.read_until(b"\r\n"), b"ST,GS,+  0.750kg\r\n")
        self.assertTrue(scale.stop())
        self.assertFalse(os.path.lexists(scale.path))

    def test_faults(self):
        scale = SerialSimulator(self, "scale", "--weight", "0.5")
        scale.do("mute on")
        scale.port.write(b"W")
        self.assertTrue(scale.port.quiet(0.3))
        scale.do("mute off")
        scale.do("late 400")
        scale.port.write(b"W")
        self.assertTrue(scale.port.quiet(0.2))
        self.assertEqual(scale.port.read_until(b"\r"), b"\x0200.500\r")
        with self.assertRaisesRegex(AssertionError, "no such command"):
            scale.do("dance")
        wrong = run("evertill-devsim", "scale", "--pty", self.dir / "x", "--weight", "much", check=False)
        self.assertEqual(wrong.returncode, 2)


class DrawerAndPoleTest(TestCase):
    def test_drawer_opens_at_its_trigger_only(self):
        drawer = SerialSimulator(self, "drawer", "--trigger", "pulse")
        drawer.port.write(b"hello\a")
        self.assertEqual(drawer.port.ask(b"?", b"c"), b"c")
        drawer.port.write(b"\x1bp\x00\x19\xfa")
        self.assertEqual(drawer.line(), "opened 1")
        self.assertEqual(drawer.port.ask(b"?", b"o"), b"o")
        self.assertEqual(drawer.do("close"), {"open": False, "pulses": 1})

    def test_pole_tells_what_it_shows(self):
        pole = SerialSimulator(self, "pole", "--page", "20")
        pole.port.write(b"\x1b@\x0c\x1bQA" + "น้ำปลา         35.00".encode("cp874") + b"\r")
        pole.port.write(b"\x1bQBTotal         234.00\r")
        lines = [pole.line(), pole.line()]
        if lines[1] == "|" + " " * 20 + "|":  # came in two parts
            lines = [pole.line(), pole.line()]
        self.assertEqual(lines[1], "|Total         234.00|")
        self.assertTrue(lines[0].startswith("|น้ำปลา "), lines)
        self.assertEqual(pole.do("off")["top"], " " * 20)


class LabelTest(TestCase):
    def test_zpl_of_a_foreign_host(self):
        """zint draws a code, Python writes it as plain hexadecimal ZPL, zbarimg reads the label."""
        pbm = self.dir / "code.gif"
        run(need("zint"), "--barcode=58", "--scale=4", "--data=foreign host", f"--output={pbm}")
        bits = run(need("convert", "imagemagick"), pbm, "-monochrome", "-negate", "-depth", "1", "gray:-", text=False).stdout
        width, height = map(int, run("identify", "-format", "%w %h", pbm).stdout.split())
        row = (width + 7) // 8
        self.assertEqual(len(bits), row * height)
        out = self.dir / "labels"
        printer = Simulator(self, "label", "--listen", "127.0.0.1:0", "--out", out)
        port = int(printer.line().rsplit(":", 1)[1])
        job = (f"^XA^PW400^LL240^FO40,30^GFA,{len(bits)},{len(bits)},{row},".encode() + bits.hex().upper().encode() +
               b"^FS^PQ2^XZ")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as host:
            host.sendall(job[:1000])
            time.sleep(0.1)
            host.sendall(job[1000:])
            self.assertEqual(printer.line(), "label-0001 400x240 copies=2")
            host.sendall(b"~HS")
            self.assertTrue(host.recv(200).startswith(b"\x02030,0,0,"))
        facts = json.loads((out / "label-0001.json").read_text())
        self.assertEqual((facts["copies"], facts["unknown"]), (2, 0))
        read = run(need("zbarimg", "zbar-tools"), "-q", "--raw", out / "label-0001.png")
        self.assertEqual(read.stdout.strip(), "foreign host")

    def test_our_labels_are_read_by_others(self):
        program = BIN.parent / "tests" / "test_devices_label"
        subprocess.run([program, "[label]"], check=True, capture_output=True, timeout=120,
                       env={**os.environ, "EVERTILL_LABEL_PICTURES": str(self.dir)})
        pictures = sorted(self.dir.glob("*-*x*-*.png"))
        self.assertEqual(len(pictures), 15)
        for picture in pictures:
            text = {"th": "8850581111112", "vi": "8934567890120"}.get(picture.name[:2], "EV1:6000123456789012:ABCDEF")
            with self.subTest(picture.name):
                read = run(need("zbarimg", "zbar-tools"), "-q", "--raw", picture)
                self.assertEqual(read.stdout.strip(), text)
                second = run(need("ZXingReader", "zxing-cpp-tools"), picture, check=False)
                self.assertIn(text, second.stdout)


class UdevTest(TestCase):
    RULES = SOURCE / "packaging" / "udev" / "65-evertill.rules"
    KEYS = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "GOTO", "LABEL", "SYMLINK", "GROUP", "MODE", "TAG", "ENV",
            "ATTR", "ATTRS"}

    def test_every_rule_is_well_formed(self):
        """udevadm of Debian 12 cannot verify a file: the grammar of udev(7) here instead."""
        part = re.compile(r'([A-Z]+)(?:\{([A-Za-z_]+)\})?(==|!=|\+=|:=|=)"([^"]*)"')
        labels, gotos = set(), set()
        for number, line in enumerate(self.RULES.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            with self.subTest(line=number):
                parts = line.split(", ")
                matched = [part.fullmatch(one) for one in parts]
                self.assertTrue(all(matched), line)
                for one in matched:
                    key, inner, operator, value = one.groups()
                    self.assertIn(key, self.KEYS)
                    self.assertEqual(inner is not None, key in ("ENV", "ATTR", "ATTRS"), line)
                    if key in ("SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "ACTION", "ATTR", "ATTRS"):
                        self.assertIn(operator, ("==", "!="), line)
                    if key in ("SYMLINK", "TAG"):
                        self.assertEqual(operator, "+=", line)
                    if key == "LABEL":
                        labels.add(value)
                    if key == "GOTO":
                        gotos.add(value)
        self.assertEqual(gotos, labels)

    def test_each_role_has_its_name(self):
        text = self.RULES.read_text(encoding="utf-8")
        for name in ("printer", "label", "scanner", "scale", "drawer", "display"):
            self.assertIn(f'SYMLINK+="evertill/{name}"', text)
