"""The files before and after of docs/how-to/migrate.md: what each pair does is the same."""
import ast
import getpass
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import tomllib
import unittest

import yaml

from case import LINESHAFT, PATIENCE, Case

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs/how-to/migrate.md"
FILES = PAGE.with_suffix("")

# Stands for the program of the example: says what it was given, and what ended it.
WEB = """#!/bin/sh
trap 'echo INT >> ended; exit 2' INT
echo "$* TZ=$TZ user=$(id -un) folder=$PWD" >> started
while :; do sleep 0.1; done
"""


def seconds(text):
    """Of a duration of the pipeline file."""
    number, unit = re.fullmatch(r"([\d.]+)(ms|s)", text).groups()
    return float(number) / (1000 if unit == "ms" else 1)


class Migrate(Case):
    def pipeline(self, name):
        return tomllib.loads((FILES / name / "pipeline.toml").read_text())

    def test_the_page_shows_the_files(self):
        shown = re.findall(r"(?m)\]\(migrate/([\w./-]+)\):\n\n```\w+\n(.*?)```", PAGE.read_text(), re.DOTALL)
        self.assertEqual({name for name, _ in shown}, {str(file.relative_to(FILES)) for file in FILES.glob("*/*")})
        for name, text in shown:
            self.assertEqual(text, (FILES / name).read_text(), name)

    def test_all_of_them_are_right(self):
        for file in FILES.glob("*/pipeline.toml"):
            program = os.environ["MARKET_DATA"] if file.parent.name == "python" else LINESHAFT
            # A user that there is.
            self.write(file.read_text().replace('user = "web"', f'user = "{getpass.getuser()}"') + "\n# run_dir")
            ran = subprocess.run([program, "check"], capture_output=True, text=True, cwd=self.path, env=self.environment,
                                 timeout=PATIENCE)
            self.assertEqual(ran.returncode, 0, ran.stderr)

    def here(self, name):
        """A file of the supervisord pair, for a program, a user and folders that there are."""
        text = (FILES / "supervisord" / name).read_text()
        for there, here in (("/usr/bin/web", f"{self.path}/web"), ("/srv/web", str(self.path)), ("user=web", f"user={getpass.getuser()}"),
                            ('user = "web"', f'user = "{getpass.getuser()}"')):
            text = text.replace(there, here)
        return text

    def lives_of(self, *command):
        """What its two processes said of their start and of their end."""
        for name in ("started", "ended"):
            (self.path / name).write_text("")
        supervisor = subprocess.Popen(command, cwd=self.path, env=self.environment, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
        self.addCleanup(supervisor.kill)
        until = time.monotonic() + PATIENCE
        while len((self.path / "started").read_text().splitlines()) < 2:
            self.assertLess(time.monotonic(), until)
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(PATIENCE)
        return (self.path / "started").read_text(), (self.path / "ended").read_text()

    def test_supervisord_and_lineshaft_start_and_stop_the_same(self):
        (self.path / "web").write_text(WEB)
        (self.path / "web").chmod(0o755)
        (self.path / "logs").mkdir()
        self.write(self.here("supervisord.conf"), "supervisord.conf")
        self.write(self.here("pipeline.toml") + "\n# run_dir")
        before = self.lives_of("supervisord", "-c", "supervisord.conf", "-l", "/dev/null", "-j", str(self.path / "pid"))
        after = self.lives_of(LINESHAFT, "run")
        self.assertEqual(before, after)
        self.assertEqual(after[1], "INT\nINT\n")

    def test_pm2(self):
        ask = "console.log(JSON.stringify(require('./ecosystem.config.js').apps))"
        app, = json.loads(subprocess.run(["node", "-e", ask], cwd=FILES / "pm2", capture_output=True, text=True, check=True,
                                         timeout=PATIENCE).stdout)
        worker = self.pipeline("pm2")["worker"][app["name"]]
        self.assertEqual(worker["command"], [app["interpreter"], app["script"]])
        self.assertEqual((worker["replicas"], worker["env"], worker["ready"]), (app["instances"], app["env"], "notify"))
        self.assertEqual(seconds(worker["start_timeout"]), app["listen_timeout"] / 1000)
        self.assertEqual(worker["stop"], [f"SIGINT {app['kill_timeout'] // 1000}s", "SIGKILL"])
        self.assertEqual(seconds(worker["restart"]["delay"]), app["exp_backoff_restart_delay"] / 1000)

    def test_process_compose(self):
        before = yaml.safe_load((FILES / "process-compose/process-compose.yaml").read_text())["processes"]
        after = self.pipeline("process-compose")["worker"]
        self.assertEqual(set(before), set(after))
        self.assertEqual(after["db"]["command"][:3], before["db"]["command"].split())
        worker = before["worker"]
        self.assertEqual(after["worker"]["command"], [worker["command"]])
        self.assertEqual(after["worker"]["after"], {name: "ready" for name, how in worker["depends_on"].items()
                                                    if how["condition"] == "process_healthy"})
        self.assertEqual(after["worker"]["restart"]["delay"], f"{worker['availability']['backoff_seconds']}s")
        self.assertTrue(after["worker"]["restart"]["limit"].startswith(f"{worker['availability']['max_restarts']} in "))
        self.assertEqual(after["worker"]["stop"][0], f"SIGTERM {worker['shutdown']['timeout_seconds']}s")

    def test_the_predecessor(self):
        calls = {node.func.attr: {each.arg: each.value for each in node.keywords}
                 for node in ast.walk(ast.parse((FILES / "python/main.py").read_text()))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
        after = self.pipeline("python")
        started = calls["start_worker"]
        self.assertEqual(set(after["worker"]), {started["name"].value})
        self.assertEqual(after["worker"]["trades"]["options"]["queue"], "local:" + started["queue_name"].value)
        self.assertEqual(after["pipeline"]["stop_timeout"], f"{calls['stop_all']['timeout'].value}s")


if __name__ == "__main__":
    unittest.main(verbosity=2)
