"""Runs one command for each of many files, some at a time, and remembers by content what passed."""
import concurrent.futures
import hashlib
import os
import subprocess

from project import Finding


class Passed:
    """Empty files named by the hash of everything that a verdict depends on."""

    def __init__(self, project, check_of):
        self._project = project
        self._check_of = check_of
        self._folder = project.path(os.path.join("build", "lint"))
        os.makedirs(self._folder, exist_ok=True)

    def key(self, name, command):
        digest = hashlib.sha256(repr((self._check_of(name), command)).encode())
        for part in self._project.closure(name):
            with open(self._project.path(part), "rb") as file:
                digest.update(part.encode() + b"\0" + hashlib.sha256(file.read()).digest())
        return os.path.join(self._folder, digest.hexdigest()[:32])


def run_each(project, check_of, names, command_of, findings_of):
    """check_of(name) → what else the verdict depends on; command_of(name) → argv; findings_of(name, output) → what
    is wrong, for a command that failed."""
    passed = Passed(project, check_of)

    def one(name):
        command = command_of(name)
        key = passed.key(name, command)
        if os.path.exists(key):
            return []
        done = subprocess.run(command, cwd=project.root, capture_output=True, text=True)
        if done.returncode == 0:
            open(key, "w").close()
            return []
        return findings_of(name, done.stdout + done.stderr) or [Finding(name, 1, (done.stdout + done.stderr).strip()[-2000:])]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(one, names):
            yield from found
