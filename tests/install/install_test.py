"""Installs into an empty folder, and builds and runs programs from there: that of the public contract, and the tutorial's."""
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import tomllib
import unittest

BUILD = os.environ["LINESHAFT_BUILD"]
HERE = os.path.dirname(os.path.abspath(__file__))
TUTORIAL = os.path.join(HERE, "../../docs/tutorial/first-worker.md")
KEYS = ["alive", "pid", "processed", "errors", "decoding_errors", "published", "processing_errors", "mdq_connected",
        "mdc_connected", "restarts", "running", "name", "state", "ready", "generation", "process_restarts",
        "uptime_ms", "age_ms", "error", "last_exit", "metrics"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def build(source, folder, prefix):
    run("cmake", "-G", "Ninja", "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_LINKER_TYPE=MOLD",
        *os.environ.get("LINESHAFT_OUTSIDE_FLAGS", "").split())
    run("cmake", "--build", folder)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.prefix = os.path.join(cls.folder.name, "prefix")
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)


class Install(Installed):
    def test_a_program_outside_the_tree_builds_and_runs(self):
        folder = os.path.join(self.folder.name, "program")
        build(os.path.join(HERE, "program"), folder, self.prefix)
        status = json.loads(run(os.path.join(folder, "outside")))
        self.assertEqual(list(status)[:len(KEYS)], KEYS)
        self.assertTrue(status["alive"])
        self.assertEqual(status["state"], "running")
        self.assertGreater(status["processed"], 0)

        events = os.path.join(folder, "events.ndjson")
        with open(events, "w", encoding="utf-8") as file:
            file.write('[{"ev":"T","sym":"A"},{"ev":"T","sym":"B"}]\n[{"ev":"T","sym":"C"}]\n')
        cache = os.path.join(folder, "cache")
        status = json.loads(run(os.path.join(folder, "with_connectors"), f"replay:{events}", "local:trades", f"lmdb:{cache}"))
        self.assertEqual(("completed", 3, ""), (status["state"], status["processed"], status["error"]))
        self.assertEqual('{"ev":"T","sym":"C"}\n', run(os.path.join(self.prefix, "bin/lineshaft-cache"), "get", cache, "last"))

        wanted = os.environ | {"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "otlp",
                               "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "grpc"}
        traced = subprocess.run(os.path.join(folder, "outside"), env=wanted, capture_output=True, text=True, check=True)
        self.assertNotIn("plug-in", traced.stderr)  # installed where the program looks for them

    def test_a_program_with_the_command_in_it_watches_and_views_its_own_pipeline(self):
        command = os.path.join(self.prefix, "bin/lineshaft")
        run(command, "init", os.path.join(self.folder.name, "first"))
        folder = os.path.join(self.folder.name, "first/build")
        build(os.path.join(self.folder.name, "first"), folder, self.prefix)
        own = [os.path.join(folder, "first"), "-f", os.path.join(self.folder.name, "first/pipeline.toml")]
        up = json.loads(run(*own, "--json", "up"))
        try:
            workers = json.loads(run(*own, "--json", "status"))["workers"]
            self.assertEqual({one["class"] for one in workers}, {"", "ticker"})
            self.assertTrue(up["ready"])
            # Any of them can ask after it, by the run folder in its file.
            self.assertIn("ticker", run(command, *own[1:], "status"))
            # The view finds its plug-in, and no manager loads what only the view needs.
            with open(f"/proc/{up['pid']}/maps", encoding="utf-8") as maps:
                self.assertNotIn("ftxui", maps.read())
            viewed = subprocess.run(["script", "-qec", f"{' '.join(own)} top", "/dev/null"], input="q", text=True,
                                    capture_output=True, env=os.environ | {"TERM": "xterm"}, check=True)
            self.assertNotIn("plug-in", viewed.stdout)
        finally:
            run(*own, "down")

    def test_the_program_of_the_tutorial_is_what_it_says(self):
        with open(TUTORIAL, encoding="utf-8") as page:
            text = page.read()
        source = os.path.join(self.folder.name, "greeter")
        os.mkdir(source)
        for name, language in (("CMakeLists.txt", "cmake"), ("main.cpp", "cpp")):
            with open(os.path.join(source, name), "w", encoding="utf-8") as file:
                file.write(re.search(f"```{language}\n(.*?)```", text, re.DOTALL)[1])
        folder = os.path.join(source, "build")
        build(source, folder, self.prefix)
        self.assertRegex(run(os.path.join(folder, "greeter"), "Ada"), r"hello Ada\n(.*\n)*goodbye Ada\n")
        self.assertIn("exited 70: there is nobody to greet", run(os.path.join(folder, "greeter"), ""))


class SupervisedPipeline(Installed):
    """docs/tutorial/supervised-pipeline.md, as somebody types it."""

    def setUp(self):
        with open(os.path.join(HERE, "../../docs/tutorial/supervised-pipeline.md"), encoding="utf-8") as page:
            self.page = page.read()
        self.here = self.folder.name

    def type(self, line, code=0):
        """Into a shell, which must not have the line among its own arguments: `pgrep -f` would find it."""
        done = subprocess.run(["bash"], input=line, cwd=self.here, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def blocks(self):
        plain = re.sub(r"```toml\n.*?```", "", self.page, flags=re.DOTALL)
        return [re.sub(r"\bPREFIX\b", self.prefix, block) for block in re.findall("```\n(.*?)```", plain, re.DOTALL)]

    def follow(self, line, until):
        """Ends what goes on for ever when it has said that."""
        started = subprocess.Popen(shlex.split(line), cwd=self.here, stdout=subprocess.PIPE, text=True)
        self.addCleanup(started.communicate)
        self.addCleanup(started.kill)
        for said in started.stdout:
            if until in said:
                return started
        self.fail(f"{line}: never said {until}")

    def test_the_tutorial_runs_as_it_is_written(self):
        build_it, init, make, check, run_it, kill, look_on = self.blocks()
        self.assertIn("cmake --install build --prefix", build_it)  # what setUpClass has done
        self.type(init)
        self.here = os.path.join(self.here, "first")
        with open(os.path.join(self.here, "pipeline.toml"), encoding="utf-8") as file:
            written = file.read()
        shown = tomllib.loads(re.search("```toml\n(.*?)```", self.page, re.DOTALL)[1])
        self.assertEqual(shown["worker"], tomllib.loads(written)["worker"])
        self.type("export CMAKE_GENERATOR=Ninja CMAKE_CXX_COMPILER_LAUNCHER=ccache\n" + make)
        self.assertIn("A stop of everything takes at most", self.type(check))
        self.change(written, "[worker.clock]", '[worker.clock]\nstop_timout = "5s"')
        self.assertRegex(self.type(check, code=2), r"pipeline.toml:\d+:1: worker.clock.stop_timout: .*did you mean 'stop_timeout'")
        self.change(written, "", "")

        running = self.follow(run_it, "clock.1 ready")
        self.type(kill.replace("pgrep ", f"pgrep -P {running.pid} "))  # this one's alone: others may run the same
        for said in running.stdout:
            if "clock.2 ready" in said:
                break
        running.send_signal(signal.SIGINT)
        self.assertEqual(re.findall(r" (\w+)\.\d exited", running.stdout.read()), ["clock", "ticker"])
        self.assertEqual(running.wait(), 0)

        self.type(re.search("`(build/first up)` does the same", self.page)[1])
        self.addCleanup(self.type, "build/first down || true")
        for line in look_on.splitlines():
            if line.endswith(" top"):
                self.type(f"echo q | TERM=xterm script -qec '{line}' /dev/null")
            elif line.endswith(" -f"):
                self.follow(line, "tick")
            elif not line.endswith(" down"):
                self.type(line)
        self.change(written, "# replicas = 2", "replicas = 3")
        self.assertIn("ticker", self.type(re.search("`(build/first reload --dry-run)`", self.page)[1]))
        self.type("build/first reload && build/first wait ticker-2 && build/first down")

    def change(self, written, old, new):
        with open(os.path.join(self.here, "pipeline.toml"), "w", encoding="utf-8") as file:
            file.write(written.replace(old, new, 1))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
