"""A real terminal: tmux, by what is on its screen."""
import os
import select
import subprocess
import time

from case import PATIENCE, Case


class Terminal(Case):
    def setUp(self):
        super().setUp()
        self.environment |= {"TMUX_TMPDIR": self.folder.name, "TERM": "screen-256color", "LANG": "C.UTF-8"}

    def open(self, shell):
        # A shell writes its history down after its terminal has gone.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", shell)
        left = os.pidfd_open(int(self.tmux("display-message", "-p", "#{pane_pid}")))
        self.addCleanup(os.close, left)
        self.addCleanup(select.select, [left], [], [], PATIENCE)
        self.addCleanup(self.tmux, "kill-server")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", *arguments], cwd=self.path, env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=True).stdout

    def type(self, *keys):
        self.tmux("send-keys", *keys)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def styled(self):
        """The screen with its control sequences."""
        return self.tmux("capture-pane", "-p", "-e")

    def comes_true(self, holds):
        """What is on the screen has to make it so."""
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, self.screen())

    def sees(self, text):
        """What is on the screen as soon as this is."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            screen = self.screen()
            if text in screen:
                return screen
        self.fail(f"never seen: {text}\n{screen}")
