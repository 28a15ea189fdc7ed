"""`lineshaft top` in a real terminal: tmux, by what is on its screen."""
import json
import os
import re
import signal
import subprocess
import unittest

from case import LINESHAFT
from terminal import Terminal


class Top(Terminal):
    def setUp(self):
        super().setUp()
        self.write("log_dir = 'logs'\n[worker.a]\ncommand = ['sh', '-c', 'echo hello from a; exec sleep 1000']\n"
                   "[worker.b]\ncommand = ['sleep', '1000']\nreplicas = 2\nafter = ['a']\n")
        self.open("sh")

    def view_running_pipeline(self, *options):
        self.call("up")
        self.addCleanup(self.call, "down")
        self.type(" ".join([LINESHAFT, *options, "top; echo ended with $?"]), "Enter")
        self.sees("3 of 3 ready")

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

    def test_keys_restart_and_scale_after_a_question(self):
        self.view_running_pipeline()
        before = self.pid("a")
        self.type("r")
        self.sees("restart a? (y/n)")
        self.type("n")
        self.sees("? help  q quit")
        self.assertEqual(self.pid("a"), before)
        self.type("r")
        self.sees("restart a? (y/n)")
        self.type("y")
        self.sees("restart a: done")
        self.assertNotEqual(self.pid("a"), before)
        self.shows(rf"(?m)^a +running +{self.pid('a')} ")
        self.type("Down")
        self.type("+")
        self.sees("scale b to 3? (y/n)")
        self.type("y")
        self.shows(r"(?m)^b-2 +running")
        self.type("-")
        self.sees("scale b to 2? (y/n)")
        self.type("y")
        self.sees("3 of 3 ready")
        self.assertNotRegex(self.screen(), r"(?m)^b-2 ")

    def test_keys_filter_sort_and_help(self):
        self.view_running_pipeline()
        self.type("/")
        self.sees("filter: ")
        self.type("b-1")
        self.sees("filter: b-1")
        self.type("Enter")
        screen = self.sees("by name  /b-1")
        self.assertRegex(screen, r"(?m)^b-1 +running")
        self.assertNotRegex(screen, r"(?m)^(a|b-0) +running")
        # A family is what it is, however little of it is shown.
        self.type("+")
        self.sees("scale b to 3? (y/n)")
        self.type("n")
        self.type("Escape")
        self.gone("/b-1")
        for order in ("rate", "cpu", "memory", "restarts", "state", "name"):
            self.type("o")
            self.sees(f"by {order}")
        self.type("?")
        self.assertIn("its details: counters, exits, what it prints", self.sees("KEYS"))
        self.type("?")
        self.sees("RATE/S")
        self.type("j")
        self.type("t")
        self.sees("WHO WAITS FOR WHOM")
        self.assertIn("\x1b[7m├─ b-0", self.styled())
        self.type("j")
        self.comes_true(lambda: "\x1b[7m└─ b-1" in self.styled())

    def test_colours_are_those_of_the_terminal_and_never_a_background_so_that_a_light_theme_shows_them(self):
        self.view_running_pipeline()
        self.assertIn("\x1b[32mrunning", self.styled())
        for code in self.codes():
            self.assertIn(code, {0, 1, 2, 7, 22, 27, 39, *range(30, 38)} - {30, 37}, "black, white, or a colour of its own")
        self.type("q")
        self.sees("ended with 0")

    def test_without_colour_it_is_told_apart_by_words(self):
        self.environment["NO_COLOR"] = "1"
        self.tmux("set-environment", "-g", "NO_COLOR", "1")
        self.type("export NO_COLOR=1", "Enter")
        self.view_running_pipeline()
        self.assertRegex(self.sees("a "), r"(?m)^a +running")
        self.assertLessEqual(self.codes(), {0, 1, 7, 22, 27, 39, 49})
        self.type("q")
        self.sees("ended with 0")
        self.type("clear; unset NO_COLOR; ", f"{LINESHAFT} --color never top; echo ended again", "Enter")
        self.sees("3 of 3 ready")
        self.assertLessEqual(self.codes(), {0, 1, 7, 22, 27, 39, 49})

    def shows(self, pattern):
        self.comes_true(lambda: re.search(pattern, self.screen()))

    def codes(self):
        """Of all the styles on the screen."""
        return {int(code) for sequence in re.findall("\x1b\\[([0-9;]*)m", self.styled()) for code in sequence.split(";") if code}

    def pid(self, name):
        return next(one["pid"] for one in json.loads(self.call("--json", "status"))["workers"] if one["name"] == name)

    def gone(self, text):
        self.comes_true(lambda: text not in self.screen())

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

    def test_looks_no_more_often_than_it_makes_sense(self):
        self.assertEqual(self.call("top", "--interval", "0", code=2),
                         "lineshaft: --interval 0 ms is too short: 50 ms at least is expected\n")

    def test_without_a_terminal_it_says_so(self):
        self.assertEqual(self.call("top", code=2), "lineshaft: the view needs a terminal\ntry: lineshaft status\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
