#!/usr/bin/python3
"""The command beside a pipeline of 100 workers: a status, a reload, and the live view."""
import json
import os
import pathlib
import pty
import statistics
import subprocess
import tempfile
import threading
import time

LINESHAFT = pathlib.Path("build/bin/lineshaft").resolve()
WORKERS = 100
TICK = os.sysconf("SC_CLK_TCK")


def report(row, unit, values, baseline, baseline_values, **target):
    """As bench/report.hpp does."""
    value, base = statistics.median(values), statistics.median(baseline_values)
    line = {"row": row, "unit": unit, "value": value, "p99": sorted(values)[int(len(values) * 0.99)], "n": len(values),
            "baseline": baseline, "baseline_value": base, "ratio": value / base if base else None}
    if target:
        line |= {"target": target, "met": value <= target["value"]}
    print(json.dumps(line), flush=True)


class Pipeline:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.write("1000")

    def write(self, of_one):
        workers = "".join(f"[worker.w{number}]\ncommand = ['sleep', '{of_one if number == 50 else 1000}']\n"
                          for number in range(WORKERS))
        (self.folder / "pipeline.toml").write_text("[pipeline]\nname = 'bench'\nrun_dir = 'run'\nlog_dir = 'logs'\n" + workers)

    def call(self, *arguments):
        return subprocess.run([LINESHAFT, *arguments], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def milliseconds(self, *arguments, rounds):
        took = []
        for _ in range(rounds):
            began = time.perf_counter()
            self.call(*arguments)
            took.append((time.perf_counter() - began) * 1000)
        return took

    def pids(self):
        return {one["name"]: one["pid"] for one in json.loads(self.call("--json", "status"))["workers"]}


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def shares_of(pids, seconds):
    """Of one processor, in per cent, each."""
    before, began = [cpu_of(pid) for pid in pids], time.perf_counter()
    time.sleep(seconds)
    passed = time.perf_counter() - began
    return [(cpu_of(pid) - then) / passed * 100 for pid, then in zip(pids, before)]


def view_shares(pipeline, interval, seconds=10):
    """The view, and the manager that answers it; what the manager takes without a view is not counted."""
    manager = json.loads(pipeline.call("--json", "status"))["manager"]["pid"]
    idle, = shares_of([manager], seconds)
    ours, its = pty.openpty()
    view = subprocess.Popen([LINESHAFT, "top", "--interval", interval], cwd=pipeline.folder, stdin=its, stdout=its,
                            stderr=its, env=os.environ | {"TERM": "xterm-256color"})
    os.close(its)

    def drain():
        try:
            while os.read(ours, 65536):
                pass
        except OSError:  # EIO: the other end is closed
            pass
    threading.Thread(target=drain, daemon=True).start()
    time.sleep(1)
    child = int(subprocess.run(["pgrep", "-P", str(view.pid)], capture_output=True, text=True, check=True).stdout)
    of_view, of_manager = shares_of([child, manager], seconds)
    os.write(ours, b"q")
    view.wait()
    return of_view, of_manager - idle


def main():
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(folder)
        pipeline.call("up")
        try:
            report("command: status of 100 workers, end to end", "ms", pipeline.milliseconds("status", rounds=50),
                   "lineshaft version", pipeline.milliseconds("version", rounds=50), value=20)
            before = pipeline.pids()
            pipeline.write("1001")
            took = pipeline.milliseconds("reload", rounds=1)
            after = pipeline.pids()
            moved = sum(after[name] != pid for name, pid in before.items())
            report("command: processes that a reload of 100 workers with one change moves", "", [moved],
                   "workers that changed", [1], value=1)
            report("command: that reload, end to end", "ms", took, "lineshaft restart of one",
                   pipeline.milliseconds("restart", "w50", rounds=20))
            often, seldom = view_shares(pipeline, "100ms"), view_shares(pipeline, "1m")
            report("command: top of 100 workers, ten looks a second", "%", [often[0]],
                   "the same, one look a minute", [seldom[0]], value=2)
            report("command: that, and what the manager does for it", "%", [sum(often)],
                   "the same, one look a minute", [sum(seldom)], value=2)
        finally:
            pipeline.call("down")


if __name__ == "__main__":
    main()
