"""What the demo shows while it runs: a table that is drawn again and again on a terminal, plain lines elsewhere, and where
others print as well: they would be drawn over."""
import os
import sys
import time

COLOURS = {"running": "32", "completed": "36", "failed": "31"}
RATE_OVER = 0.5      # seconds, so that it can be read
LINES_EVERY = 2.0    # seconds: where lines stay, fewer of them are worth reading


class Screen:
    def __init__(self, out=sys.stdout, alone=True):
        self.out = out
        self.terminal = out.isatty() and alone
        self.colour = out.isatty() and "NO_COLOR" not in os.environ
        self.drawn = 0      # lines of the table that is on the screen
        self.next = 0.0     # without a terminal: not again before
        self.samples = {}

    def say(self, line):
        """One line that stays."""
        self.out.write(("\x1b[K" if self.terminal else "") + line + "\n")
        self.out.flush()
        self.drawn = 0

    def show(self, workers, at_once=False):
        """The table of all workers; on a terminal over the one before."""
        now = time.monotonic()
        if not self.terminal and not at_once and now < self.next:
            return
        self.next = now + LINES_EVERY
        head = f"{'worker':<12} {'state':<9} {'pid':>8} {'gen':>4} {'rate/s':>9} {'processed':>10} {'age ms':>7} {'restarts':>8}"
        rows = [self.painted("1", head), *(self.row(one, now) for one in workers)]
        up = f"\x1b[{self.drawn}A" if self.drawn else ""
        end = "\x1b[K\n" if self.terminal else "\n"
        self.out.write((up if self.terminal else "") + "".join(row + end for row in rows))
        self.out.flush()
        self.drawn = len(rows)

    def row(self, one, now):
        state = self.painted(COLOURS.get(one["state"], "33"), f"{one['state']:<9}")
        age = one["age_ms"] if one["alive"] else "-"
        return (f"{one['name']:<12} {state} {one['pid'] or '-':>8} {one['generation']:>4} {self.rate_of(one, now):>9.0f} "
                f"{one['processed']:>10} {age:>7} {one['process_restarts']:>8}")

    def rate_of(self, one, now):
        processed, at, rate = self.samples.get(one["name"], (0, now, 0.0))
        if one["processed"] < processed:  # the next generation counts from 0
            processed = 0
        if now - at >= RATE_OVER:
            processed, at, rate = one["processed"], now, (one["processed"] - processed) / (now - at)
        self.samples[one["name"]] = (processed, at, rate)
        return rate

    def painted(self, code, text):
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
