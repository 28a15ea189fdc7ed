"""`lineshaft top` in a real terminal: tmux, by what is on its screen."""
import os
import signal
import subprocess
import time
import unittest

from case import LINESHAFT, PATIENCE, Case


class Top(Case):
    def setUp(self):
        super().setUp()
        self.environment |= {"TMUX_TMPDIR": self.folder.name, "TERM": "screen-256color", "LANG": "C.UTF-8"}
        self.write("log_dir = 'logs'\n[worker.a]\ncommand = ['sh', '-c', 'echo hello from a; exec sleep 1000']\n"
                   "[worker.b]\ncommand = ['sleep', '1000']\nreplicas = 2\nafter = ['a']\n")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sh")
        self.addCleanup(self.tmux, "kill-server")

    def view_running_pipeline(self):
        self.call("up")
        self.addCleanup(self.call, "down")
        self.type(f"{LINESHAFT} top; echo ended with $?", "Enter")
        self.sees("3 of 3 ready")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", *arguments], cwd=self.path, env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=True).stdout

    def type(self, *keys):
        self.tmux("send-keys", *keys)

    def sees(self, text):
        """What is on the screen as soon as this is."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            screen = self.tmux("capture-pane", "-p")
            if text in screen:
                return screen
        self.fail(f"never seen: {text}\n{screen}")

    def assert_usual_terminal(self):
        self.type("clear; stty -a | grep -o ' -\\?echo '; echo $((40 + 2))", "Enter")
        screen = self.sees("42")
        self.assertIn(" echo", screen)
        self.assertEqual(self.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"), "0 1 0\n")

    def test_workers_are_shown_and_commanded_by_keys(self):
        self.view_running_pipeline()
        screen = self.sees("a ")
        self.assertRegex(screen, r"(?m)^WORKER +STATE +PID +RATE/S +AGE +CPU% +MEM +RES$")
        self.assertRegex(screen, r"(?m)^b-1 +running +\d+")
        self.assertTrue(all(len(line) <= 80 for line in screen.splitlines()))
        self.type("x")
        self.sees("stop a? (y/n)")
        self.type("y")
        self.sees("stop a: done")
        self.assertRegex(self.sees("2 of 3 ready"), r"(?m)^a +stopped")
        self.type("s")
        self.sees("3 of 3 ready")
        self.type("Enter")
        self.assertIn("hello from a", self.sees("OUTPUT"))
        self.type("Escape")
        self.sees("RATE/S")  # a key right behind it would be a sequence with it
        self.type("t")
        self.assertRegex(self.sees("WHO WAITS FOR WHOM"), r"(?m)^a running\n├─ b-0 running\n└─ b-1 running$")
        self.type("q")
        self.sees("ended with 0")
        self.assert_usual_terminal()

    def test_a_killed_view_leaves_the_terminal_as_it_was_and_the_pipeline_running(self):
        self.view_running_pipeline()
        pane = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        command = self.child_of(pane)
        os.kill(self.child_of(command), signal.SIGKILL)
        self.assertIn("the view was ended by signal 9; the pipeline goes on", self.sees("ended with 1"))
        self.assert_usual_terminal()
        self.assertEqual(self.call("wait"), "")

    def child_of(self, pid):
        return int(subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True).stdout.split()[0])

    def test_run_with_a_view_ends_the_pipeline_when_the_view_is_left(self):
        self.type(f"{LINESHAFT} run --view; echo ended with $?", "Enter")
        self.sees("3 of 3 ready")
        self.type("q")
        self.assertRegex(self.sees("ended with 0"), r"(?m)^b-1: stopped in ")
        self.assert_usual_terminal()
        self.assertFalse((self.path / "run/control.sock").exists())

    def test_without_a_terminal_it_says_so(self):
        self.assertEqual(self.call("top", code=2), "lineshaft: the view needs a terminal\ntry: lineshaft status\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
