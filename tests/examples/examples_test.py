"""The examples do what their first lines say."""
import concurrent.futures
import json
import os
import pathlib
import socket
import subprocess
import threading
import unittest
import urllib.request

BIN = pathlib.Path(os.environ["LINESHAFT_BIN"])


def run(name, *arguments):
    ended = subprocess.run([BIN / name, *arguments], capture_output=True, text=True, timeout=100)
    return ended.returncode, ended.stdout.splitlines(), ended.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask_until(enough, endpoint):
    """All that was answered, each request by a connection of its own; raises if one is not."""
    answers = set()
    while not enough.is_set():
        with urllib.request.urlopen(f"http://{endpoint}/", timeout=60) as answer:
            answers.add(answer.read().decode())
    return answers


class Examples(unittest.TestCase):
    def test_01_greets_and_shows_its_status(self):
        code, lines, errors = run("01_hello_worker")
        self.assertEqual((code, errors, len(lines)), (0, "", 2), lines)
        # Two processes print, and neither waits for the other.
        self.assertIn("hello mill, from a process of my own", lines)
        status = json.loads(next(line for line in lines if line.startswith("{")))
        self.assertEqual((status["name"], status["alive"], status["state"], status["generation"]), ("a", True, "running", 1))

    def test_02_has_a_task_that_succeeds_and_one_that_says_why_it_does_not(self):
        self.assertEqual(run("02_tasks"), (0, ["whole: completed, finished, processed 100",
                                               "broken: failed, exited 70: the abacus has lost a bead, processed 0"], ""))

    def test_04_answers_every_request_while_its_servers_are_replaced(self):
        endpoint = f"127.0.0.1:{free_port()}"
        with subprocess.Popen([BIN / "04_http_zero_downtime", endpoint, "2"], stdout=subprocess.PIPE, text=True) as server:
            self.assertEqual(server.stdout.readline(), f"serving at http://{endpoint}/\n")
            replaced = threading.Event()
            with concurrent.futures.ThreadPoolExecutor() as pool:
                answers = [pool.submit(ask_until, replaced, endpoint) for _ in range(4)]
                first = server.stdout.readline()
                replaced.set()
            self.assertEqual([first, *server.stdout], ["round 1: both replaced\n", "round 2: both replaced\n"])
            self.assertEqual(server.wait(timeout=60), 0)
        self.assertEqual(set().union(*(one.result() for one in answers)), {"hello from web-0\n", "hello from web-1\n"})


if __name__ == "__main__":
    unittest.main()
