"""`lineshaft run` as the main process of a container: PID 1 of a PID namespace of its own."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

from case import LINESHAFT, PATIENCE, Case

UNSHARE = ["unshare", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"]


def can_unshare():
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


@unittest.skipUnless(can_unshare(), "this machine allows no PID namespace")
class MainProcess(Case):
    def start(self, workers):
        self.write(workers)
        os.mkfifo(self.path / "go")
        self.container = subprocess.Popen([*UNSHARE, LINESHAFT, "run"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                          text=True, cwd=self.path, env=self.environment)
        self.addCleanup(self.end, self.container)
        self.says("all workers are ready")
        self.manager = self.children_of(self.container.pid)[0]

    def go(self):
        (self.path / "go").write_text("now\n")

    def says(self, text):
        for line in self.container.stdout:
            if text in line:
                return line
        self.fail(f"never said: {text}")

    @staticmethod
    def stat_of(pid):
        try:
            name, _, rest = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")
            return name, *rest.split()[:2]
        except OSError:
            return "", "gone", "0"

    def children_of(self, pid):
        all_pids = (int(one.name) for one in pathlib.Path("/proc").iterdir() if one.name.isdigit())
        return [one for one in all_pids if self.stat_of(one)[2] == str(pid)]

    def comes_true(self, what, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, what)

    def test_reaps_the_orphans_of_others(self):
        # One that left group and session, and ends only when its parents are long gone.
        orphan = "setsid sh -c 'read line < go; touch went'"
        self.start(f"[worker.a]\ncommand = ['sh', '-c', \"({orphan} &); exec sleep 1000\"]\n")
        self.go()
        self.comes_true("the orphan ends", (self.path / "went").exists)
        self.comes_true("it is reaped", lambda: all(self.stat_of(one)[1] != "Z" for one in self.children_of(self.manager)))

    def test_sigterm_stops_everything_in_order_and_leaves_with_0(self):
        self.start("[worker.a]\ncommand = ['sleep', '1000']\n[worker.b]\ncommand = ['sleep', '1000']\nafter = ['a']\n")
        os.kill(self.manager, signal.SIGTERM)
        self.says("b.1 stopped")
        self.says("a.1 stopped")
        self.assertEqual(self.container.wait(PATIENCE), 0)

    def test_the_end_of_an_essential_worker_is_its_exit_code(self):
        self.start("[worker.a]\ncommand = ['sh', '-c', 'read line < go; exit 3']\n"
                   "restart = 'never'\nessential = true\n[worker.b]\ncommand = ['sleep', '1000']\n")
        self.go()
        self.assertEqual(self.container.wait(PATIENCE), 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
