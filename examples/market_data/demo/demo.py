"""The market data pipeline on a generated day: run, watched and told what to do by its command alone. One of its processes is
killed half-way, and the accounts are made up at the end. `./dev demo` is this, with what it needs built before."""
import argparse
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile

from pipeline import Pipeline, goes_to_the_console
from screen import Screen

HERE = pathlib.Path(__file__).resolve().parent
VICTIM = "trades-0"
LOOK_EVERY = 0.2  # seconds


def length(text):
    seconds = float(text)
    if not 2 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("expected a number of seconds from 2 to 3600")
    return seconds


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev demo", description="The market data pipeline on a generated day, with one of "
                                     "its processes killed half-way.")
    parser.add_argument("--duration", type=length, default=20, metavar="SECONDS",
                        help="how long the generated day lasts, or another feed is let run (20)")
    parser.add_argument("--feed", metavar="URL", help="another feed instead of the generated day: replay:FILE[?speed=&loop=&symbol=]")
    parser.add_argument("--bars", metavar="FILE", help="a table of real daily prices, fed first if it is there")
    parser.add_argument("--no-chaos", action="store_true", help="kill nothing")
    parser.add_argument("--bin", type=pathlib.Path, default=HERE.parents[2] / "build/bin", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def from_here(feed):
    """The manager has a working directory of its own."""
    scheme, _, rest = feed.partition(":")
    return f"{scheme}:{os.path.abspath(rest)}" if scheme == "replay" else feed


class Feed:
    """What goes through the pipeline: the files that say it, what stands in their variables, and how much it is."""

    def __init__(self, options, folder, screen):
        self.files = [HERE.parent / "pipeline.toml"]
        self.events = None  # not known of another's feed
        if options.feed:
            self.variables = {"FEED": from_here(options.feed)}
            return
        screen.say("generating a day of trading …")
        self.generate(options, folder)
        screen.say(f"{self.events} events of 5,000 stocks: the open of a trading day")
        self.files.append(HERE / "day.toml")
        if options.bars and os.path.exists(options.bars):
            self.files.append(HERE / "bars.toml")
            self.variables["BARS"] = os.path.abspath(options.bars)

    def generate(self, options, folder):
        """The day before into a file of its own, since it is fed at once."""
        whole, before, day = (os.path.join(folder, name) for name in ("whole.ndjson", "before.ndjson", "day.ndjson"))
        told = subprocess.run([options.bin / "market-data-generate", whole, "--seconds", str(options.duration), "--totals"],
                              stdout=subprocess.PIPE, check=True, process_group=0)
        self.events = json.loads(told.stdout)["events"]
        with open(whole, "rb") as lines, open(before, "wb") as first, open(day, "wb") as second:
            for line in lines:
                (first if line.startswith(b'[{"ev":"AM"') else second).write(line)
        self.variables = {"FEED": f"replay:{day}?speed=1", "BEFORE": before}


class Interruption:
    """Whether a signal has asked for the end. No threading.Event: its set() would wait for ever for the lock of a wait() that the
    signal interrupts."""

    def __init__(self, signals):
        self.came, self.told = os.pipe()
        for one in signals:
            signal.signal(one, lambda *_: os.write(self.told, b"!"))

    def is_set(self):
        return self.wait(0)

    def wait(self, seconds):
        return bool(select.select([self.came], [], [], seconds)[0])


class Demo:
    def __init__(self, options, folder, screen, interrupted):
        self.options = options
        self.screen = screen
        self.interrupted = interrupted
        self.feed = Feed(options, folder, screen)
        self.cache = os.path.join(folder, "cache")
        self.pipeline = Pipeline(options.bin / "market-data-command", self.feed.files, folder, CACHE=self.cache, **self.feed.variables)
        self.is_to_kill = not options.no_chaos
        self.killed = None  # the generation, until the next one is there

    def run(self):
        """The exit code."""
        try:
            self.watch()
            # Accounts are exact when nobody is at work any more.
            self.pipeline.tell("stop", "*", "--within", "5s")
            status, queues = self.pipeline.ask("status"), self.pipeline.ask("queues")
        except RuntimeError as wrong:
            return self.fail(f"{wrong}\n")
        finally:
            self.pipeline.end()
        if status is None or queues is None:
            return 1 if self.interrupted.is_set() else self.fail()
        self.screen.show(status["workers"], at_once=True)
        self.show_boards()
        return self.show_account(status["workers"], queues["queues"])

    def watch(self):
        while self.pipeline.is_running() and not self.interrupted.is_set():
            status = self.pipeline.ask("status")
            if status is not None and status["workers"]:
                workers = {one["name"]: one for one in status["workers"]}
                self.screen.show(workers.values())
                self.disturb(workers)
                if workers["listener"]["state"] in ("completed", "stopped") and self.is_drained():
                    return
            self.interrupted.wait(LOOK_EVERY)

    def is_drained(self):
        queues = self.pipeline.ask("queues")
        return queues is None or all(one["depth"] + one["in_flight"] == 0 for one in queues["queues"])

    def disturb(self, workers):
        listener, victim = workers["listener"], workers[VICTIM]
        ran = listener["uptime_ms"] / 1000 if listener["alive"] else 0
        if self.feed.events is None and ran > self.options.duration:
            self.pipeline.tell("stop", "listener")
        if self.is_to_kill and ran > self.options.duration / 2 and victim["alive"]:
            self.is_to_kill, self.killed = False, victim["generation"]
            os.kill(victim["pid"], signal.SIGKILL)
            self.screen.say(f"\nkill -9 {victim['pid']}: that was {VICTIM}. Its queue is held by the manager, its name comes back:")
        elif self.killed and victim["generation"] > self.killed and victim["ready"]:
            self.killed = None
            self.screen.say("\n" + (self.pipeline.tell("why", VICTIM) or ""))

    def show_boards(self):
        for board in ("top_volume", "top_gappers", "top_gainers"):
            read = subprocess.run([self.options.bin / "lineshaft-cache", "top", self.cache, f"leaderboard:{board}", "-n", "5"],
                                  stdout=subprocess.PIPE, text=True, check=False)
            best = [line.split("\t") for line in read.stdout.splitlines()]
            self.screen.say(f"{board:<12}" + "".join(f"  {symbol} {float(score):.{2 if float(score) < 1000 else 0}f}"
                                                     for _, score, symbol in best))

    def show_account(self, workers, queues):
        history = sum(one["processed"] for one in workers if one["name"] == "history")
        was_interrupted = self.interrupted.is_set()
        expected = None if was_interrupted or self.feed.events is None else self.feed.events + history
        text, balanced = account(queues, expected, may_wait=was_interrupted)
        self.screen.say(text)
        return 0 if balanced else 1

    def fail(self, why=""):
        with open(self.pipeline.log, encoding="utf-8", errors="replace") as log:
            told = log.readlines()
        sys.stderr.write("".join([line for line in told if " failed" in line] or told[-20:]))
        sys.stderr.write(f"{why}./dev demo: the pipeline has ended with exit code {self.pipeline.run.returncode}\n")
        return 1


def account(queues, expected, may_wait):
    """In words, and whether it balances: fed = processed + known lost, to the event. Who is interrupted leaves events waiting."""
    fed, done, lost, waiting = (sum(one[name] for one in queues for name in names)
                                for names in (("sent",), ("done",), ("lost",), ("depth", "in_flight")))
    text = f"\nfed {fed} = processed {done} + known lost {lost}" + (f" + still waiting {waiting}" if waiting else "")
    complete = expected is None or fed == expected
    if not complete:
        text += f"\nbut {expected} events were to be fed"
    balanced = complete and fed == done + lost + (waiting if may_wait else 0)
    return text + ("\nthe accounts balance" if balanced else "\nTHE ACCOUNTS DO NOT BALANCE"), balanced


def main():
    options = options_of(sys.argv[1:])
    interrupted = Interruption((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    with tempfile.TemporaryDirectory(prefix="lineshaft-demo-") as folder:
        return Demo(options, folder, Screen(alone=not goes_to_the_console()), interrupted).run()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # whoever read has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
