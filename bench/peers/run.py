#!/usr/bin/python3
"""./dev bench peers [ROUNDS]: one worker program under several supervisors, round robin in one run.

Everything is told by the workers' own first lines and by the kernel: no supervisor is asked how it feels. Prints one
table, and keeps it as build/peers.json and build/peers.svg.
"""
import datetime
import json
import os
import platform
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import processes
import subjects
import table

COUNT = 100
RESTARTS = 10          # in each round
IDLE_SECONDS = 10      # in the first round alone
SETTLED_SECONDS = 1.5  # runit waits 1 s before it restarts what has lived for less
PATIENCE = 60          # a subject that takes longer has failed


class Log:
    """The lines of the workers: (pid, nanoseconds of CLOCK_MONOTONIC)."""

    def __init__(self, path):
        self.path = path
        with open(path, "w", encoding="ascii"):
            pass

    def lines(self):
        with open(self.path, encoding="ascii") as file:
            return [tuple(map(int, line.split())) for line in file]

    def wait_for(self, count):
        give_up = time.monotonic() + PATIENCE
        while len(found := self.lines()) < count:
            if time.monotonic() > give_up:
                raise RuntimeError(f"{len(found)} of {count} lines after {PATIENCE} s")
            time.sleep(0.001)
        return found


class Run:
    """One supervisor, from its start to its end."""

    def __init__(self, subject, folder):
        self.log = Log(f"{folder}/log")
        self.subject = subject
        services = f"{folder}/services"
        os.makedirs(services)
        command = subject.prepare(services, COUNT)
        environment = {**os.environ, **subject.environment, "PEERS_LOG": self.log.path}
        self.began = time.monotonic_ns()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)

    def all_started(self):
        return (max(at for _, at in self.log.wait_for(COUNT)) - self.began) / 1e6

    def workers(self):
        """Those that live."""
        named = {pid for pid, _ in self.log.lines()}
        return [pid for pid in processes.tree_of(self.process.pid) if pid in named]

    def restart(self, number):
        victim = self.workers()[number % COUNT]
        before = len(self.log.lines())
        killed = time.monotonic_ns()
        os.kill(victim, signal.SIGKILL)
        return (self.log.wait_for(before + 1)[-1][1] - killed) / 1e6

    def managers(self):
        workers = set(self.workers())
        return [pid for pid in processes.tree_of(self.process.pid) if pid not in workers]

    def manager_kib(self):
        return sum(map(processes.private_kib, self.managers()))

    def idle_wake_ups(self):
        everybody = processes.tree_of(self.process.pid)
        before = sum(map(processes.wake_ups, everybody))
        time.sleep(IDLE_SECONDS)
        return sum(map(processes.wake_ups, everybody)) - before

    def stop(self):
        """Until the last worker has gone."""
        gone = select.poll()
        handles = [os.pidfd_open(pid) for pid in self.workers()]
        if len(handles) != COUNT:
            raise RuntimeError(f"{len(handles)} workers in place of {COUNT}")
        for handle in handles:
            gone.register(handle, select.POLLIN)
        left = set(handles)
        began = time.monotonic_ns()
        self.process.send_signal(self.subject.stop_signal)
        while left:
            ready = gone.poll(PATIENCE * 1000)
            if not ready:
                raise RuntimeError(f"{len(left)} workers are there after {PATIENCE} s")
            for handle, _ in ready:
                gone.unregister(handle)
                left.discard(handle)
        took = (time.monotonic_ns() - began) / 1e6
        for handle in handles:
            os.close(handle)
        return took

    def end(self):
        """Whatever happened before: nobody of it is left for the next one."""
        everybody = processes.tree_of(self.process.pid)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        for pid in everybody:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def measure(subject, samples, first_round):
    folder = tempfile.mkdtemp(prefix="lineshaft-peers-")
    run = Run(subject, folder)
    try:
        samples["start"].append(run.all_started())
        time.sleep(SETTLED_SECONDS)
        if first_round:
            samples["memory"].append(run.manager_kib())
            samples["wake_ups"].append(run.idle_wake_ups())
        for number in range(RESTARTS):
            samples["restart"].append(run.restart(number))
        time.sleep(SETTLED_SECONDS)
        samples["stop"].append(run.stop())
    finally:
        run.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    everybody = [one() for one in subjects.ALL]
    results = {one.name: {row.key: [] for row in table.ROWS} for one in everybody}
    load = os.getloadavg()[0]
    for number in range(rounds):
        for one in everybody:
            print(f"round {number + 1} of {rounds}: {one.name}", file=sys.stderr, flush=True)
            measure(one, results[one.name], number == 0)
    made = {"date": datetime.date.today().isoformat(), "kernel": platform.release(), "cores": os.cpu_count(),
            "load": [round(load, 1), round(os.getloadavg()[0], 1)], "workers": COUNT, "rounds": rounds,
            "notes": {one.name: one.note for one in everybody}, "samples": results}
    with open("build/peers.json", "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1)
    with open("build/peers.svg", "w", encoding="utf-8") as file:
        file.write(table.plot(made))
    print(table.markdown(made))
    for line in table.verdicts(made):
        print(line)
    print("written to build/peers.json and build/peers.svg")


if __name__ == "__main__":
    main()
