"""The completions in the shells that they are for: what a Tab makes of a line."""
import os
import unittest

from case import LINESHAFT
from terminal import Terminal


class Completion(Terminal):
    def complete_in(self, shell, load):
        self.environment["PATH"] = os.path.dirname(LINESHAFT) + ":" + self.environment["PATH"]
        self.write("[worker.alpha]\ncommand = ['x']\nreplicas = 2\n[worker.beta]\ncommand = ['x']\n")
        self.open(shell)
        self.type(load + "; echo loaded $((40 + 2))" if "fish" not in shell else load + "; echo loaded (math 40 + 2)", "Enter")
        self.sees("loaded 42")
        for typed, line in (("lineshaft comp", "lineshaft completion"), ("lineshaft status be", "lineshaft status beta"),
                            ("lineshaft -f pip", "lineshaft -f pipeline.toml"), ("lineshaft export sys", "lineshaft export systemd"),
                            ("lineshaft stop --wi", "lineshaft stop --within")):
            self.type(typed)
            self.sees(typed)
            self.type("Tab")
            self.sees(line)
            self.type("C-u")  # Ctrl-C would throw away what is typed right behind it
        self.type("lineshaft logs al")
        self.sees("lineshaft logs al")
        # One for what they have in common, and two for the list of them.
        for _ in range(3):
            self.type("Tab")
            self.sees("lineshaft logs alpha")
        self.assertIn("alpha-1", self.sees("alpha-0"))

    def test_bash(self):
        self.complete_in("bash --norc", "source <(lineshaft completion bash)")

    def test_zsh(self):
        self.complete_in("zsh -f", "autoload -U compinit; compinit -u -D; source <(lineshaft completion zsh)")

    def test_fish(self):
        self.complete_in("fish --no-config", "lineshaft completion fish | source")


if __name__ == "__main__":
    unittest.main(verbosity=2)
