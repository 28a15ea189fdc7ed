"""Installs into an empty folder, and builds and runs the complete program of the public contract from there."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ["LINESHAFT_BUILD"]
HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = ["alive", "pid", "processed", "errors", "decoding_errors", "published", "processing_errors", "mdq_connected",
        "mdc_connected", "restarts", "running", "name", "state", "ready", "generation", "process_restarts",
        "uptime_ms", "age_ms", "error", "last_exit", "metrics"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):
    def test_a_program_outside_the_tree_builds_and_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            prefix, build = os.path.join(folder, "prefix"), os.path.join(folder, "build")
            run("cmake", "--install", BUILD, "--prefix", prefix)
            run("cmake", "-G", "Ninja", "-S", os.path.join(HERE, "program"), "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
                "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_LINKER_TYPE=MOLD",
                *os.environ.get("LINESHAFT_OUTSIDE_FLAGS", "").split())
            run("cmake", "--build", build)
            for program in ("outside", "with_connectors"):
                status = json.loads(run(os.path.join(build, program)))
                self.assertEqual(list(status)[:len(KEYS)], KEYS)
                self.assertTrue(status["alive"])
                self.assertEqual(status["state"], "running")
                self.assertGreater(status["processed"], 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
