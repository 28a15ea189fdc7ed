"""The demo as ./dev runs it: what it shows, that its accounts balance, and that nothing is left of it however it ends."""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

BIN = os.environ["LINESHAFT_BIN"]
BARS = os.environ["LINESHAFT_BARS"]
DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../examples/market_data/demo")
PATIENCE = 120  # a measure of nothing but a hang

sys.path.insert(0, DEMO)
import demo  # noqa: E402


def running_below(folder):
    """The processes that were started for a demo in that folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as environment:
                if f"CACHE={folder}/".encode() in environment.read():
                    found.append(int(pid))
        except OSError:
            pass
    return found


class Interruption(unittest.TestCase):
    def test_may_come_in_the_middle_of_a_wait_for_it(self):
        """Of threading.Event one in some thousand never came back."""
        self.addCleanup(signal.signal, signal.SIGUSR1, signal.getsignal(signal.SIGUSR1))
        one = demo.Interruption((signal.SIGUSR1,))
        self.assertFalse(one.is_set())
        with subprocess.Popen(["sh", "-c", f"for i in $(seq 5000); do kill -USR1 {os.getpid()}; done"]) as sender:
            while sender.poll() is None:
                one.wait(1)
        self.assertTrue(one.is_set())


class Account(unittest.TestCase):
    def test_balances_to_the_event_or_says_that_it_does_not(self):
        for sent, done, lost, depth, in_flight, expected, says, balanced in (
                (9, 9, 0, 0, 0, 9, "fed 9 = processed 9 + known lost 0\nthe accounts balance", True),
                (9, 7, 2, 0, 0, 9, "fed 9 = processed 7 + known lost 2\nthe accounts balance", True),
                (9, 5, 1, 2, 1, None, "+ known lost 1 + still waiting 3\nthe accounts balance", True),
                (9, 5, 1, 2, 1, 9, "+ known lost 1 + still waiting 3\nTHE ACCOUNTS DO NOT BALANCE", False),
                (9, 8, 0, 0, 0, 9, "fed 9 = processed 8 + known lost 0\nTHE ACCOUNTS DO NOT BALANCE", False),
                (9, 9, 0, 0, 0, 10, "\nbut 10 events were to be fed\nTHE ACCOUNTS DO NOT BALANCE", False)):
            queue = {"sent": sent, "done": done, "lost": lost, "depth": depth, "in_flight": in_flight}
            text, held = demo.account([queue, dict.fromkeys(queue, 0)], expected, may_wait=expected is None)
            self.assertIn(says, text)
            self.assertEqual(balanced, held, text)


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(self.kill_what_is_left)

    def kill_what_is_left(self):
        for pid in running_below(self.folder.name):
            os.kill(pid, signal.SIGKILL)

    def start(self, *arguments, **more):
        # Unbuffered where we wait for a line, as the demo flushes each of its own.
        return subprocess.Popen([sys.executable, os.path.join(DEMO, "demo.py"), "--bin", BIN, *arguments],
                                env={**os.environ, "TMPDIR": self.folder.name}, text=True, **more)

    def run_demo(self, *arguments, code=0):
        started = self.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said, wrong = started.communicate(timeout=PATIENCE)
        self.assertEqual(code, started.returncode, said + wrong)
        self.assert_nothing_is_left()
        return said if code == 0 else wrong

    def assert_nothing_is_left(self):
        self.assertEqual([], os.listdir(self.folder.name))
        self.assertEqual([], running_below(self.folder.name))

    def test_shows_a_kill_the_restart_the_boards_and_the_account(self):
        said = self.run_demo("--duration", "3", "--bars", BARS)
        self.assertRegex(said, r"(?m)^worker +state +pid +gen +rate/s +processed +age ms +restarts$")
        self.assertRegex(said, r"(?m)^listener +running +\d+ +1 ")
        pid = re.search(r"(?m)^kill -9 (\d+): that was trades-0\.", said).group(1)
        self.assertRegex(said, rf"(?m)^Generation 1 \(process {pid}\) was killed by SIGKILL, at ")
        self.assertRegex(said, r"(?m)^trades-0 is running now: generation 2, process \d+, for .*, ready\.$")
        self.assertRegex(said, r"(?m)^trades-0 +stopped +- +2 .* 1$")
        for board in ("top_volume", "top_gappers", "top_gainers"):
            self.assertRegex(said, rf"(?m)^{board} +(  \w+ [\d.]+){{5}}$")
        events = int(re.search(r"(?m)^(\d+) events of 5,000 stocks", said).group(1))
        if os.path.exists(BARS):
            with open(BARS, encoding="utf-8") as bars:
                events += sum(1 for line in bars if line.strip()) - 1
        fed, done, lost = map(int, re.search(r"(?m)^fed (\d+) = processed (\d+) \+ known lost (\d+)\nthe accounts balance$",
                                             said).groups())
        self.assertEqual([events, fed], [fed, done + lost])
        self.assertNotIn("\x1b", said)

    def test_another_feed_is_let_run_and_nothing_is_killed(self):
        frame = json.dumps([{"ev": "T", "sym": "A", "x": 5, "i": "1", "z": 2, "p": 5.0, "s": 9, "c": [], "t": 1748957399780, "q": 1}])
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as feed:
            feed.write(frame + "\n")
            feed.flush()
            name = os.path.relpath(feed.name)
            self.assertIn("\nfed 1 = processed 1 + known lost 0\n", self.run_demo("--feed", f"replay:{name}", "--no-chaos"))
            said = self.run_demo("--feed", f"replay:{name}?loop=true&speed=1", "--duration", "2", "--no-chaos")
            self.assertNotIn("kill -9", said)
            self.assertRegex(said, r"(?m)^listener +stopped ")

    def test_a_feed_that_is_not_there_is_said_with_its_name(self):
        said = self.run_demo("--feed", "replay:/no/such/feed", code=1)
        self.assertRegex(said, r"(?m)^[\d:.]+Z listener.1 failed: .*/no/such/feed")
        self.assertIn("./dev demo: the pipeline has ended with exit code 10", said)

    def interrupted(self, with_signal):
        started = self.start("--duration", "60", stdout=subprocess.PIPE)
        for line in started.stdout:
            if line.startswith("listener"):
                break
        os.kill(started.pid, with_signal)
        said = started.communicate(timeout=PATIENCE)[0]
        return started.returncode, said

    def test_a_signal_ends_it_with_what_has_been_fed_by_then(self):
        for one in (signal.SIGINT, signal.SIGTERM):
            code, said = self.interrupted(one)
            self.assertEqual(0, code, said)
            self.assertRegex(said, r"\nfed \d+ = processed \d+ \+ known lost \d+.*\nthe accounts balance\n$")
            self.assert_nothing_is_left()

    def test_its_processes_are_gone_when_it_is_killed(self):
        self.interrupted(signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while running_below(self.folder.name):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)

    def test_a_reader_that_leaves_ends_it(self):
        with self.start("--duration", "60", stdout=subprocess.PIPE) as started:
            started.stdout.readline()
            started.stdout.close()
            self.assertEqual(1, started.wait(PATIENCE))
        self.assert_nothing_is_left()

    def on_a_terminal(self, *arguments):
        """And our end of the terminal."""
        ours, its = pty.openpty()
        os.set_blocking(ours, True)

        def own_terminal():
            os.setsid()
            os.login_tty(its)
        started = self.start(*arguments, preexec_fn=own_terminal, close_fds=True)
        os.close(its)
        return started, ours

    def read_to_the_end(self, ours):
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:  # EIO: nobody has the other end any more, pty(7)
            pass
        os.close(ours)
        return said

    def test_on_a_terminal_the_table_is_drawn_over_the_one_before_and_ctrl_c_ends_it(self):
        started, ours = self.on_a_terminal("--duration", "60")
        said = b""
        while not re.search(rb"\x1b\[\d+A\x1b\[1mworker", said):
            said += os.read(ours, 65536)
        os.write(ours, b"\x03")
        said += self.read_to_the_end(ours)
        self.assertEqual(0, started.wait(PATIENCE), said.decode())
        self.assertIn(b"the accounts balance\r\n", said)
        self.assert_nothing_is_left()

    def test_spans_on_the_terminal_are_lines_of_their_own_and_nothing_is_drawn_over_them(self):
        frame = json.dumps([{"ev": "T", "sym": "A", "x": 5, "i": "1", "z": 2, "p": 5.0, "s": 9, "c": [], "t": 1748957399780, "q": 1}])
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as feed, \
                unittest.mock.patch.dict(os.environ, {"OTEL_TRACES_EXPORTER": "console"}):
            feed.write(frame + "\n")
            feed.flush()
            started, ours = self.on_a_terminal("--feed", f"replay:{feed.name}?loop=true&speed=1", "--duration", "2", "--no-chaos")
            said = self.read_to_the_end(ours).decode()
            self.assertEqual(0, started.wait(PATIENCE), said)
        self.assertNotRegex(said, r"\x1b\[\d+A")
        spans = [line for line in said.split("\r\n") if " trace=" in line]
        for line in spans:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT[\d:.]+Z [\w/.-]+: .* [\d.]+ ms \w+ trace=[0-9a-f]{32} span=[0-9a-f]{16}( .*)?$")
            self.assertEqual(1, line.count(" trace="))
        for name in ("start listener", "worker start", "send frame", "process trades"):
            self.assertTrue([line for line in spans if f": {name} " in line], name)
        self.assertRegex(said, r"\r\n(\x1b\[1m)?worker +state")
        self.assertIn("the accounts balance\r\n", said)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
