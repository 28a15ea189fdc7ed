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


STUB = """#!/bin/bash
# In place of mmdebstrap: says that it runs, makes a root, and waits to be let go on.
made=${@: -2:1}
mkdir -p "$made/usr" "$made/dev"
[ ! -w /proc/sys/kernel ] || mount -t tmpfs none "$made/dev" 2>/dev/null
echo started >>"$STUB_LOG"
read -r _ <"$STUB_GO_ON"
"""


class Root(unittest.TestCase):
    """How the root is made, with another program in place of mmdebstrap."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.cache = os.path.join(self.folder.name, "cache", "lineshaft")
        self.log = os.path.join(self.folder.name, "log")
        self.go_on = os.path.join(self.folder.name, "go_on")
        self.tools = os.path.join(self.folder.name, "tools")
        os.mkfifo(self.go_on)
        os.mkdir(self.tools)
        for name in os.listdir("/usr/bin"):
            if name not in ("bwrap", "mmdebstrap", "newuidmap", "sudo"):
                os.symlink(os.path.join("/usr/bin", name), os.path.join(self.tools, name))

    def tool(self, name, text):
        path = os.path.join(self.tools, name)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def with_tools(self):
        self.tool("mmdebstrap", STUB)
        self.tool("bwrap", "#!/bin/sh\n")

    def prepare(self, **options):
        script = 'here=$1; source "$1/tools/environment.sh"; is_native() { false; }; debian_mirror() { echo mirror; }; prepare_environment'
        environment = {**os.environ, "PATH": self.tools, "XDG_CACHE_HOME": os.path.dirname(self.cache), "STUB_LOG": self.log,
                       "STUB_GO_ON": self.go_on}
        return subprocess.Popen(["/usr/bin/bash", "-c", "set -eu; " + script, "prepare", ROOT], stderr=subprocess.PIPE, text=True,
                                env=environment, **options)

    def wait_for_stub(self, times):
        # Opened for writing when the stub reads: then it has begun.
        with open(self.go_on, "w", encoding="utf-8") as go_on:
            with open(self.log, encoding="utf-8") as log:
                self.assertEqual(["started\n"] * times, log.readlines())
            return go_on.write("go on\n")

    def roots(self):
        return sorted(name.split("-")[0] + (".making" if ".making" in name else "")
                      for name in os.listdir(self.cache) if name.startswith("root-"))

    def test_two_calls_at_once_make_one(self):
        self.with_tools()
        with self.prepare() as first:
            while "making the build environment" not in first.stderr.readline():
                pass
            with self.prepare() as second:
                while "another call is making" not in second.stderr.readline():
                    pass
                self.wait_for_stub(1)
                second.communicate()
            first.communicate()
        self.assertEqual((0, 0), (first.returncode, second.returncode))
        self.assertEqual(["root"], self.roots())

    def test_one_that_is_killed_half_way_leaves_nothing_that_harms_the_next(self):
        self.with_tools()
        with self.prepare(start_new_session=True) as killed:
            while "making the build environment" not in killed.stderr.readline():
                pass
            while not os.path.exists(self.log):   # the stub says it before it waits
                pass
            os.killpg(killed.pid, signal.SIGKILL)
        self.assertEqual(["root.making"], self.roots())
        with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
            self.assertNotIn(self.cache, mounts.read(), "what it had mounted is gone with it")
        with self.prepare() as again:
            self.wait_for_stub(2)
            again.communicate()
        self.assertEqual(0, again.returncode)
        self.assertEqual(["root"], self.roots())

    def test_without_root_and_sudo_one_command_for_all_that_is_missing_is_printed(self):
        self.tool("id", "#!/bin/sh\necho 1000\n")
        self.tool("dpkg-query", "#!/bin/sh\n")   # nothing is installed
        with self.prepare() as refused:
            _, told = refused.communicate()
        self.assertEqual(1, refused.returncode)
        commands = [line.split() for line in told.splitlines() if line.startswith("    ")]
        self.assertEqual(1, len(commands), told)
        self.assertEqual(["bubblewrap", "mmdebstrap", "uidmap"], commands[0][2:])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
