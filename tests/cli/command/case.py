"""The built `lineshaft` and a folder of its own for each test."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

LINESHAFT = os.environ["LINESHAFT"]
PATIENCE = 120  # a measure of nothing but a hang


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "XDG_RUNTIME_DIR": self.folder.name}

    def write(self, text, name="pipeline.toml"):
        text = text if "run_dir" in text or name != "pipeline.toml" else f"[pipeline]\nname = 'test'\nrun_dir = 'run'\n{text}"
        (self.path / name).write_text(text)

    def call(self, *arguments, code=0, **more):
        ran = subprocess.run([LINESHAFT, *arguments], capture_output=True, text=True, cwd=self.path, env=self.environment,
                             timeout=PATIENCE, **more)
        self.assertEqual(ran.returncode, code, f"{arguments}\n{ran.stdout}{ran.stderr}")
        return ran.stdout if code == 0 or ran.stdout else ran.stderr

    def run_pipeline(self, *arguments):
        started = subprocess.Popen([LINESHAFT, *arguments, "run", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, cwd=self.path, env=self.environment)
        self.addCleanup(self.end, started)
        return started

    def eventually(self, what, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.001)

    @staticmethod
    def end(started):
        if started.poll() is None:
            started.kill()
        started.communicate()

    def event(self, started, kind, worker=None):
        """The next event of that kind."""
        for line in started.stdout:
            one = json.loads(line)
            if one["event"] == kind and worker in (None, one["worker"]):
                return one
        self.fail(f"no event {kind}: {started.stderr.read()}")
