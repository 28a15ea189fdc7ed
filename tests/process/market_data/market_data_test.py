"""The whole pipeline as a user runs it: a generated feed through `market-data`, and the real daily bars."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

BIN = os.environ["LINESHAFT_BIN"]
BARS = os.environ["LINESHAFT_BARS"]


def run(program, *arguments, code=0):
    done = subprocess.run([os.path.join(BIN, program), *arguments], capture_output=True, text=True)
    if done.returncode != code:
        raise AssertionError(f"{program} {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def generated(folder, *arguments):
    feed = os.path.join(folder, "day.ndjson")
    return feed, json.loads(run("market-data-generate", feed, "--totals", *arguments))


class MarketData(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.cache = os.path.join(self.folder.name, "cache")

    def tearDown(self):
        self.folder.cleanup()

    def through(self, feed, *arguments):
        return json.loads(run("market-data", "--feed", "replay:" + feed, "--cache", "lmdb:" + self.cache, "--exit-when-done",
                              "--json", *arguments))

    def test_every_event_is_processed_and_the_leaderboard_is_the_generators(self):
        feed, totals = generated(self.folder.name, "--events", "60000", "--seed", "7")
        report = self.through(feed, "--processors", "2")
        self.assertEqual(report["fed"], totals["events"])
        self.assertEqual(report["processed"], totals["events"])
        self.assertEqual(report["lost"], 0)
        sent = {queue["name"]: queue["sent"] for queue in report["queues"]}
        self.assertEqual(sent, {name: totals[name] for name in ("trades", "aggregate", "quotes", "halts", "unknown")})
        listener = next(worker for worker in report["workers"] if worker["name"] == "listener")
        self.assertEqual((listener["processed"], listener["state"]), (totals["events"], "completed"))
        expected = {(row["symbol"], row["accumulated_volume"]) for row in totals["top_volume"]}
        board = run("lineshaft-cache", "top", self.cache, "leaderboard:top_volume")
        for symbol, volume in expected:
            self.assertRegex(board, rf"{symbol}\s.*\b{volume}\b|\b{volume}\b.*{symbol}")

    def test_a_killed_processor_loses_only_what_is_said_to_be_lost(self):
        feed, totals = generated(self.folder.name, "--events", "120000", "--seed", "8")
        pipeline = subprocess.Popen([os.path.join(BIN, "market-data"), "--feed", "replay:" + feed, "--cache", "lmdb:" + self.cache,
                                     "--exit-when-done", "--json"], stdout=subprocess.PIPE, text=True)
        self.kill_processors(pipeline, 3)
        report = json.loads(pipeline.communicate()[0])
        self.assertEqual(pipeline.returncode, 0)
        self.assertEqual(report["fed"], totals["events"])
        self.assertEqual(report["processed"] + report["lost"], totals["events"])
        self.assertGreater(sum(worker["process_restarts"] for worker in report["workers"]), 0)

    def kill_processors(self, pipeline, times):
        """As soon as one is there; the pipeline cannot have ended before the first."""
        killed = set()
        while len(killed) < times and pipeline.poll() is None:
            for pid in subprocess.run(["pgrep", "-x", "quotes-0"], capture_output=True, text=True).stdout.split():
                parent = subprocess.run(["ps", "-o", "ppid=", "-p", pid], capture_output=True, text=True).stdout.strip()
                if pid not in killed and parent == str(pipeline.pid):
                    os.kill(int(pid), signal.SIGKILL)
                    killed.add(pid)

    def test_the_real_daily_bars_go_through(self):
        if not os.path.exists(BARS):
            self.skipTest("the sample data could not be fetched")
        with open(BARS, encoding="utf-8") as bars:
            rows = sum(1 for line in bars if line.strip()) - 1
        report = self.through(BARS + "?symbol=AAPL")
        self.assertEqual((report["fed"], report["processed"], report["lost"]), (rows, rows, 0))
        self.assertIn("AAPL", run("lineshaft-cache", "top", self.cache, "leaderboard:top_volume"))

    def test_a_feed_that_is_not_there_is_an_error_that_names_it(self):
        done = subprocess.run([os.path.join(BIN, "market-data"), "--feed", "replay:/no/such/feed", "--cache", "lmdb:" + self.cache,
                               "--exit-when-done"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/no/such/feed", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
