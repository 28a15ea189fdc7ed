#!/usr/bin/python3
"""./dev bench: runs every benchmark program, prints one table, and keeps it as build/bench.json."""
import json
import os
import platform
import subprocess
import sys

PROGRAMS = [*(f"build/bin/bench_{name}" for name in ("process", "queue", "pipeline", "output", "control", "telemetry")),
            "bench/command_bench.py"]


def rows_of(program):
    run = subprocess.Popen([program], stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        row = json.loads(line)
        print(text_of(row), flush=True)
        yield row
    if run.wait() != 0:
        sys.exit(f"bench: {program} failed with {run.returncode}")


def verdict_of(row):
    # A row without a bound that this machine alone can judge is shown with its ratio, for comparison.
    if "target" not in row:
        return ""
    (kind, most), = row["target"].items()
    return f"<= {most:,g}{' x' if kind == 'ratio' else ''}: {'met' if row['met'] else 'MISSED'}"


def text_of(row):
    ratio = "" if row["ratio"] is None else f"{row['ratio']:,.2f} x "
    return (f"{row['row']:<58} {row['value']:>12,.1f} {row['unit']:<4} p99 {row['p99']:>12,.1f}   "
            f"{ratio:>11}{row['baseline']} ({row['baseline_value']:,.1f}) {verdict_of(row)}")


def main():
    load = os.getloadavg()[0]
    print(f"load average {load:.1f} on {os.cpu_count()} cores: compare the ratios, not the times", flush=True)
    rows = [row for program in PROGRAMS for row in rows_of(program)]
    with open("build/bench.json", "w", encoding="utf-8") as file:
        json.dump({"kernel": platform.release(), "cores": os.cpu_count(), "load": load, "rows": rows}, file, indent=1)
    print("written to build/bench.json")


if __name__ == "__main__":
    main()
