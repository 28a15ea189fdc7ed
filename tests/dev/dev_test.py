"""./dev exec gives the command the caller's environment, descriptors and signals, and leaves with its exit code.

From ctest these run inside the build environment already, where ./dev goes straight to the verb; called by hand from
outside (python3 tests/dev/dev_test.py) they also go through the entry."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEV = os.path.join(ROOT, "dev")


def dev(*arguments, **options):
    return subprocess.run([DEV, *arguments], capture_output=True, text=True, **options)


def key_of(root):
    """The key of the build environment that a checkout asks for."""
    done = subprocess.run(["bash", "-c", 'here=$1; source "$1/tools/environment.sh"; echo "$environment_key"', "key", root],
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Exec(unittest.TestCase):
    def test_passes_the_exit_code_through(self):
        for code in (0, 1, 3, 125, 255):
            self.assertEqual(code, dev("exec", "sh", "-c", f"exit {code}").returncode)

    def test_dies_of_the_signal_that_the_command_died_of(self):
        code = dev("exec", "sh", "-c", "kill -KILL $$").returncode
        self.assertIn(code, (-signal.SIGKILL, 128 + signal.SIGKILL))

    def test_passes_a_signal_on_to_the_command(self):
        quiet, loud = os.pipe()   # never written to: the command waits in read until the signal comes
        command = f"trap 'echo seen; exit 9' TERM; echo ready; read -r _ <&{quiet}"
        try:
            with subprocess.Popen([DEV, "exec", "bash", "-c", command], stdout=subprocess.PIPE,
                                  text=True, pass_fds=[quiet]) as running:
                self.assertEqual("ready\n", running.stdout.readline())
                running.send_signal(signal.SIGTERM)
                self.assertEqual("seen\n", running.stdout.readline())
                self.assertEqual(9, running.wait(timeout=20))
        finally:
            os.close(quiet)
            os.close(loud)

    def test_passes_descriptors_environment_arguments_and_folder(self):
        read, write = os.pipe()
        with tempfile.TemporaryDirectory() as folder:
            done = dev("exec", "bash", "-c", f'echo "by descriptor" >&{write}; cat; echo "$SEEN|$1|$PWD"', "name", "two  words *",
                       input="by input\n", pass_fds=[write], cwd=folder, env={**os.environ, "SEEN": "a b"})
            os.close(write)
            with os.fdopen(read) as file:
                self.assertEqual("by descriptor\n", file.read())
            self.assertEqual(f"by input\na b|two  words *|{os.path.realpath(folder)}\n", done.stdout)
            self.assertEqual("", done.stderr)

    def test_needs_a_command(self):
        done = dev("exec")
        self.assertEqual(2, done.returncode)
        self.assertIn("exec needs a command", done.stderr)


class Verbs(unittest.TestCase):
    def test_an_unknown_verb_is_wrong_usage_and_names_those_there_are(self):
        done = dev("fly")
        self.assertEqual((2, ""), (done.returncode, done.stdout))
        self.assertIn("there is no verb fly", done.stderr)
        self.assertIn("./dev VERB", done.stderr)

    def test_help_is_asked_for(self):
        self.assertEqual(0, dev("help").returncode)
        self.assertIn("./dev VERB", dev("help").stdout)


class Environment(unittest.TestCase):
    def test_another_package_list_is_another_root_and_a_comment_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            for part in ("tools", "packaging"):
                shutil.copytree(os.path.join(ROOT, part), os.path.join(folder, part))
            self.assertEqual(key_of(ROOT), key_of(folder))
            with open(os.path.join(folder, "packaging", "build-packages.txt"), "a", encoding="utf-8") as file:
                file.write("\n# a comment\n")
            self.assertEqual(key_of(ROOT), key_of(folder))
            with open(os.path.join(folder, "packaging", "build-packages.txt"), "a", encoding="utf-8") as file:
                file.write("strace\n")
            self.assertNotEqual(key_of(ROOT), key_of(folder))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
