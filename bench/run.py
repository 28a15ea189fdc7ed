#!/usr/bin/python3
"""./dev bench: runs every benchmark program, prints one table, and keeps it as build/bench.json."""
import json
import os
import platform
import subprocess
import sys

PROGRAMS = ["bench_process"]


def rows_of(program):
    run = subprocess.Popen([os.path.join("build", "bin", program)], stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        row = json.loads(line)
        print(text_of(row), flush=True)
        yield row
    if run.wait() != 0:
        sys.exit(f"bench: {program} failed with {run.returncode}")


def text_of(row):
    # A row without a bound that this machine alone can judge is shown with its ratio, for comparison.
    judged = row["target"] is not None
    bound = f"<= {row['target']:g}" if judged else ""
    verdict = ("met" if row["ratio"] <= row["target"] else "MISSED") if judged else ""
    return (f"{row['row']:<48} {row['value']:>12,.1f} {row['unit']:<4} p99 {row['p99']:>12,.1f}   "
            f"{row['ratio']:>7.2f} x {row['baseline']} ({row['baseline_value']:,.1f}) {bound} {verdict}")


def main():
    load = os.getloadavg()[0]
    print(f"load average {load:.1f} on {os.cpu_count()} cores: compare the ratios, not the times", flush=True)
    rows = [row for program in PROGRAMS for row in rows_of(program)]
    with open("build/bench.json", "w", encoding="utf-8") as file:
        json.dump({"kernel": platform.release(), "cores": os.cpu_count(), "load": load, "rows": rows}, file, indent=1)
    print("written to build/bench.json")


if __name__ == "__main__":
    main()
