"""Runs fuzzers: each for its time, as many at once as there are processors. What one finds is kept, and is the exit code.

    ./dev fuzz [--short] [NAME…]
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build-fuzz"
SHORT, LONG = 60, 600  # seconds each


def names():
    return sorted(path.stem for path in (ROOT / "fuzz").glob("*.cpp"))


def run(name, seconds):
    grown = BUILD / "corpus" / name  # what is found on the way: not in the tree
    findings = BUILD / "findings" / name
    seeds = ROOT / "fuzz/corpus" / name
    for folder in (grown, findings):
        folder.mkdir(parents=True, exist_ok=True)
    command = [BUILD / "bin" / f"fuzz_{name}", f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
               "-print_final_stats=1", f"-artifact_prefix={findings}/", grown]
    ran = subprocess.run(command + ([seeds] if seeds.is_dir() else []), capture_output=True, text=True)
    done = re.search(r"stat::number_of_executed_units: *(\d+)", ran.stderr)
    covered = re.findall(r"cov: (\d+)", ran.stderr)
    return name, ran.returncode, int(done.group(1)) if done else 0, int(covered[-1]) if covered else 0, ran.stderr


def main():
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=f"Runs fuzzers, {LONG} s each.")
    parser.add_argument("--short", action="store_true", help=f"{SHORT} s each")
    parser.add_argument("name", nargs="*", choices=[[], *names()], help=", ".join(names()))
    asked = parser.parse_args()
    seconds = SHORT if asked.short else LONG
    wanted = asked.name or names()
    print(f"{len(wanted)} fuzzers, {seconds} s each", flush=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, code, executed, covered, said in pool.map(lambda one: run(one, seconds), wanted):
            print(f"{name:<16} {executed:>12,} inputs, {covered:>6,} edges: {'ok' if code == 0 else 'FOUND SOMETHING'}",
                  flush=True)
            if code != 0:
                failed = True
                print(said[-4000:], file=sys.stderr)
    if failed:
        print(f"what was found is in {(BUILD / 'findings').relative_to(ROOT)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
