"""Drives the built `lineshaft` as a person would: by its words, its signals, its exit codes."""
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import tomllib
import unittest

import jsonschema

from case import LINESHAFT, PATIENCE, Case


class Usage(Case):
    def test_the_man_page_is_set_without_complaint(self):
        page = pathlib.Path(__file__).resolve().parents[3] / "docs/reference/lineshaft.1"
        ran = subprocess.run(["man", "--warnings=all", "-l", str(page)], capture_output=True, text=True, timeout=PATIENCE,
                             env=self.environment | {"MANROFFOPT": "", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertIn("restart", ran.stdout)

    def test_no_verb_is_wrong_usage_and_shows_the_help(self):
        said = self.call(code=2)
        self.assertIn("usage: lineshaft [-f FILE]… [-p PIPELINE] VERB …", said)
        self.assertEqual(said, self.call("--help"))

    def test_every_verb_has_a_help(self):
        for verb in ("init", "check", "run", "exec", "classes", "schema", "export", "completion", "version"):
            self.assertIn(f"usage: lineshaft {verb}", self.call(verb, "--help"))

    def test_what_is_wrong_is_said_with_a_next_step(self):
        for arguments, expected in (
                (["chekc"], "lineshaft: there is no verb 'chekc'; did you mean 'check'?\ntry: lineshaft --help\n"),
                (["check", "--frobnicate"], "lineshaft: '--frobnicate' is not expected here\ntry: lineshaft check --help\n"),
                (["completion", "tcsh"], "lineshaft: 'tcsh' is not expected here: bash, zsh or fish\ntry: lineshaft completion --help\n"),
                (["check"], "lineshaft: there is no pipeline.toml here, and no file was named\n"
                            "try: lineshaft -f FILE …, or lineshaft init for a first one\n"),
                (["-f", "none.toml", "check"], "none.toml: cannot be read: No such file or directory\n"
                                               "lineshaft: 1 fault in the pipeline file; nothing was done\n")):
            self.assertEqual(self.call(*arguments, code=2), expected)

    def test_version(self):
        self.assertRegex(self.call("version"), r"^lineshaft \d+\.\d+\.\d+\n$")
        self.assertEqual(self.call("--version"), self.call("version"))
        self.assertIn("version", json.loads(self.call("version", "--json")))


class Check(Case):
    def test_says_what_the_pipeline_would_do(self):
        self.write("[worker.a]\ncommand = ['sleep', '1']\nstop_timeout = '2s'\n"
                   "[worker.b]\ncommand = ['true']\nreplicas = 3\nafter = ['a']\nrestart = { limit = '2 in 60s' }\n")
        self.assertEqual(self.call("check"), """\
WORKER  RUNS   PROCESSES  AFTER  RESTARTED AFTER           STOPS WITHIN
a       sleep  1          -      500 ms, 1 s, 2 s … 30 s   2 s, from 10 s on
b       true   3          a      500 ms, 1 s, then failed  10 s

test: 2 workers, 4 processes. A stop of everything takes at most 10 s, its budget: the 12 s of the workers one after the \
other are shortened in proportion.
""")
        told = json.loads(self.call("check", "--json"))
        self.assertEqual([told["ok"], told["pipeline"], told["stop"]], [True, "test", {"at_most_ms": 12000, "budget_ms": 10000}])
        self.assertEqual(told["workers"][1]["retries_ms"], [500, 1000])
        self.assertEqual([one["fails_after"] for one in told["workers"]], [None, 2])

    def test_says_all_faults_of_all_files_with_exit_code_2(self):
        self.write("[worker.a]\ncomand = ['x']\nnice = 99\n")
        self.write("[worker.a]\nreplicas = 'many'\n", "more.toml")
        said = self.call("-f", "pipeline.toml", "-f", "more.toml", "check", code=2)
        self.assertEqual(said, """\
pipeline.toml:4:9: worker.a: it says neither what class it is nor what command it runs; class = "…" or command = ["…"] is expected
pipeline.toml:5:1: worker.a.comand: there is no such key; did you mean 'command'?
pipeline.toml:6:8: worker.a.nice: 99 is out of range; a whole number from -20 to 19 is expected
more.toml:2:12: worker.a.replicas: "many" has the wrong type; a whole number from 0 to 10000 is expected
lineshaft: 4 faults in the pipeline file; nothing was done
""")
        told = json.loads(self.call("-f", "pipeline.toml", "check", "--json", code=2))
        self.assertEqual([told["ok"], told["faults"][1]["line"], told["faults"][1]["key"]], [False, 5, "worker.a.comand"])

    def test_colours_are_there_on_demand_alone(self):
        self.write("[worker.a]\ncommand = ['x']\n")
        self.assertNotIn("\x1b", self.call("check"))
        self.assertIn("\x1b[1mWORKER", self.call("check", "--color", "always"))


class Classes(Case):
    def market_data(self, *arguments):
        return subprocess.run([os.environ["MARKET_DATA"], *arguments], capture_output=True, text=True, check=True,
                              cwd=self.path, env=self.environment, timeout=PATIENCE).stdout

    def test_of_a_program_are_told_with_their_options(self):
        said = self.market_data("classes")
        self.assertIn('market_data_listener\n  feed = ""\n', said)
        told = {one["name"]: one["options"] for one in json.loads(self.market_data("--json", "classes"))["classes"]}
        self.assertEqual(set(told["market_data_processor"]), {"queue", "cache"})
        self.assertIn("no worker classes", self.call("classes"))

    def test_are_in_the_schema_with_their_options(self):
        schema = json.loads(self.market_data("schema"))
        jsonschema.Draft202012Validator.check_schema(schema)
        file = pathlib.Path(__file__).resolve().parents[3] / "examples/market_data/pipeline.toml"
        pipeline = tomllib.loads(file.read_text())
        jsonschema.validate(pipeline, schema)
        pipeline["worker"]["listener"]["options"] = {"fead": "x"}
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(pipeline, schema)
        pipeline["worker"]["listener"]["options"] = {"feed": 5}
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(pipeline, schema)


class Schema(Case):
    def test_accepts_what_the_parser_accepts(self):
        schema = json.loads(self.call("schema"))
        jsonschema.Draft202012Validator.check_schema(schema)
        good = {"pipeline": {"name": "a", "stop_timeout": "10s"}, "group": {"g": {"restart_limit": "5 in 60s"}},
                "worker": {"a": {"command": ["x"], "after": {"b": "ready"}, "restart": "always", "limits": {"nofile": 5},
                                 "stop": ["SIGTERM 5s"], "umask": "0027", "env": {"A": "${B:-x}"}},
                           "b": {"class": "x", "options": {"any": 1}, "restart": {"delay": "${DELAY:-1s}"}}}}
        jsonschema.validate(good, schema)
        for bad in ({"workers": {}}, {"worker": {"a": {}}}, {"worker": {"a": {"command": ["x"], "class": "y"}}},
                    {"worker": {"a": {"command": ["x"], "stop_timeout": "5 sec"}}},
                    {"worker": {"a": {"command": ["x"], "nice": 99}}}, {"worker": {"a": {"command": []}}},
                    {"worker": {"a": {"command": ["x"], "restart": "sometimes"}}}, {"worker": {"a b": {"command": ["x"]}}}):
            with self.assertRaises(jsonschema.ValidationError, msg=bad):
                jsonschema.validate(bad, schema)


class Starter(Case):
    def test_init_writes_a_pipeline_and_overwrites_nothing(self):
        self.call("init", "first")
        self.assertEqual(sorted(file.name for file in (self.path / "first").iterdir()), ["CMakeLists.txt", "main.cpp", "pipeline.toml"])
        self.assertIn("is there already; nothing was written", self.call("init", "first", code=1))
        said = self.call("-f", "first/pipeline.toml", "check", code=2)
        self.assertIn("this program has no worker class 'ticker'; it has none at all: call the program whose classes these are", said)

    def test_init_says_why_it_cannot_write(self):
        self.write("a file", "first")
        self.assertRegex(self.call("init", "first/sub", code=1), r"^lineshaft: cannot make the folder 'first/sub': ")
        self.assertEqual(self.call("init", "x" * 300, code=1),
                         f"lineshaft: cannot look for '{'x' * 300}/pipeline.toml': File name too long\n")

    def test_in_a_folder_that_is_gone_it_says_so(self):
        for arguments, code, expected in ((["-f", "x.toml", "check"], 2, r"^x.toml: cannot be read: No such file or directory\n"),
                                          (["complete", "--", "-f", "x.toml", "status", ""], 1, r"(?m)^lineshaft: cannot do 'complete': .*No such file")):
            ran = subprocess.run(["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"', LINESHAFT, *arguments],
                                 capture_output=True, text=True, cwd=self.path, env=self.environment, timeout=PATIENCE)
            self.assertEqual(ran.returncode, code)
            self.assertRegex(ran.stderr, expected)

    def test_exec_runs_in_the_environment_and_folder_of_a_worker(self):
        self.write("[worker.a]\ncommand = ['x']\nreplicas = 2\nenv = { COLOUR = 'blue' }\nworking_directory = 'run'\n")
        (self.path / "run").mkdir()
        said = self.call("exec", "a-1", "--", "sh", "-c", "echo $LINESHAFT_WORKER $COLOUR $(basename $PWD) $1", "sh", "--json")
        self.assertEqual(said, "a-1 blue run --json\n")
        self.assertEqual(self.call("exec", "b", "true", code=1), "lineshaft: there is no worker 'b'\n")
        self.call("exec", "a", "--", "sh", "-c", "exit 7", code=7)

    def test_export_systemd_gives_a_unit_that_systemd_accepts(self):
        self.write("[worker.a]\ncommand = ['sleep', '100']\n")
        unit = self.path / "test.service"
        unit.write_text(self.call("export", "systemd"))
        ran = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual([line for line in ran.stderr.splitlines() if "test.service" in line], [])
        # Of the machine's other units it may complain, and then has another code; of a line that is wrong it does.
        unit.write_text(unit.read_text().replace("Type=notify", "Type=nothing"))
        ran = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=PATIENCE)
        self.assertIn("test.service", ran.stderr)

    def unit(self, *arguments):
        lines = self.call("export", "systemd", *arguments).splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def test_export_systemd_says_what_a_service_has_to_know(self):
        (self.path / "pipeline.toml").write_text(
            "[pipeline]\nname = 'one'\nstop_timeout = '20s'\n[worker.a]\ncommand = ['x']\nstart_timeout = '5s'\n"
            "[worker.b]\ncommand = ['x']\nstart_timeout = '1500ms'\n")
        unit = self.unit("--user", "somebody")
        self.assertEqual(unit, {
            "Description": "Lineshaft pipeline one", "After": "network-online.target", "Wants": "network-online.target",
            "Type": "notify", "NotifyAccess": "main", "ExecStart": f"{LINESHAFT} -f {self.path}/pipeline.toml run",
            "ExecReload": "/bin/kill -HUP $MAINPID", "WorkingDirectory": str(self.path), "User": "somebody",
            "RuntimeDirectory": "lineshaft/one", "KillMode": "mixed", "TimeoutStartSec": "17", "TimeoutStopSec": "30",
            "WatchdogSec": "30", "Restart": "on-failure", "RestartSec": "1", "RestartPreventExitStatus": "2",
            "Delegate": "yes", "WantedBy": "multi-user.target"})
        self.assertNotIn("User", self.unit())

    def test_export_systemd_leaves_a_declared_place_as_it_is(self):
        self.write("[worker.a]\ncommand = ['x']\n")
        self.assertNotIn("RuntimeDirectory", self.unit())

    def complete(self, *words):
        return [line.split("\t")[0] for line in self.call("complete", "--", *words).splitlines()]

    def test_completions_know_the_workers_of_the_pipeline_that_is_meant(self):
        self.write("[worker.alpha]\ncommand = ['x']\nreplicas = 2\n[worker.beta]\ncommand = ['x']\nprofiles = ['full']\n")
        self.write("[worker.gamma]\ncommand = ['x']\n", "more.toml")
        self.assertEqual(self.complete("status", ""), ["alpha", "alpha-0", "alpha-1"])
        self.assertEqual(self.complete("--profile", "full", "stop", "b"), ["beta"])
        self.assertEqual(self.complete("-f", "more.toml", "logs", "-f", ""), ["gamma"])
        self.assertEqual(self.complete("-f", "none.toml", "logs", ""), [])

    def test_bash_completes_by_asking_the_program(self):
        self.write("[worker.alpha]\ncommand = ['x']\nreplicas = 2\n")
        ask = "\n_lineshaft lineshaft; echo ${COMPREPLY[@]}\n"
        asked = self.call("completion", "bash") + "COMP_WORDS=(lineshaft ch); COMP_CWORD=1" + ask + \
            "COMP_WORDS=(lineshaft exec al); COMP_CWORD=2" + ask + "COMP_WORDS=(lineshaft -f pip); COMP_CWORD=2" + ask
        path = os.path.dirname(LINESHAFT) + ":" + self.environment["PATH"]
        ran = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, cwd=self.path, env={**self.environment, "PATH": path})
        self.assertEqual(ran.stdout, "check\nalpha alpha-0 alpha-1\npipeline.toml\n", ran.stderr)


class Documentation(Case):
    def test_pipeline_files_of_the_how_tos_are_right(self):
        pages = pathlib.Path(__file__).resolve().parents[3] / "docs/how-to"
        files = [block for page in sorted(pages.glob("*.md")) for block in re.findall("```toml\n(.*?)```", page.read_text(), re.DOTALL)]
        self.assertGreater(len(files), 4)
        for text in files:
            (self.path / "pipeline.toml").write_text(text)
            faults = [] if "class =" not in text else json.loads(self.call("check", "--json", code=2))["faults"]
            if not faults:
                self.call("check")
            for fault in faults:
                self.assertIn("this program has no worker class", fault["message"], text)


class Run(Case):
    def test_sigterm_stops_in_order_and_leaves_with_0(self):
        self.write("[worker.a]\ncommand = ['sleep', '1000']\n[worker.b]\ncommand = ['sleep', '1000']\nafter = ['a']\n")
        started = self.run_pipeline()
        self.event(started, "ready", "b")
        started.send_signal(signal.SIGTERM)
        self.assertEqual(self.event(started, "exited")["worker"], "b")
        self.assertEqual(self.event(started, "exited")["worker"], "a")
        self.assertEqual(started.wait(PATIENCE), 0)

    def test_a_second_sigterm_hurries(self):
        self.write("[pipeline]\nrun_dir = 'run'\nstop_timeout = '10m'\n[worker.a]\n"
                   "command = ['sh', '-c', 'trap \"\" TERM; echo up; while :; do sleep 1; done']\nstop_timeout = '10m'\n")
        started = self.run_pipeline()
        while "up" not in started.stdout.readline():
            pass
        started.send_signal(signal.SIGTERM)
        for line in started.stdout:
            if '"stopping"' in line:
                break
        started.send_signal(signal.SIGINT)
        self.assertEqual(started.wait(PATIENCE), 0)
        self.assertIn("a: did not leave in time, killed after", started.stderr.read())

    def test_ends_by_itself_with_the_code_that_says_how(self):
        for worker, code in (("command = ['true']\nkind = 'task'", 0), ("command = ['false']\nrestart = 'never'", 1),
                             ("command = ['false']\nrestart = 'never'\nessential = true", 10)):
            self.write(f"[worker.a]\n{worker}\n")
            self.assertEqual(self.run_pipeline().wait(PATIENCE), code, worker)

    def test_an_invalid_file_starts_nothing(self):
        self.write("[worker.a]\ncommand = ['touch', 'ran']\nnicer = 1\n")
        self.call("run", code=2)
        self.assertFalse((self.path / "ran").exists())

    def test_there_is_one_manager_for_a_pipeline(self):
        self.write("[worker.a]\ncommand = ['sleep', '1000']\n")
        started = self.run_pipeline()
        self.event(started, "ready")
        run = self.path / "run"
        self.assertEqual(stat.S_IMODE(run.stat().st_mode), 0o700)
        said = self.call("run", code=1)
        self.assertEqual(said, f"lineshaft: pipeline 'test' is run by process {started.pid} already (lock '{run}/lock')\n")
        started.kill()
        started.wait()
        again = self.run_pipeline()
        self.event(again, "ready")

    def test_sighup_reads_the_file_again_and_a_wrong_one_changes_nothing(self):
        self.write("[worker.a]\ncommand = ['sleep', '1000']\n")
        started = self.run_pipeline()
        self.event(started, "ready")
        self.write("[worker.a]\nnicer = 1\n")
        started.send_signal(signal.SIGHUP)
        said = ""
        while "nothing was changed" not in said:
            said = started.stderr.readline()
            self.assertNotEqual(said, "")
        self.assertIsNone(started.poll())

    def test_says_ready_to_its_own_supervisor(self):
        import socket
        self.write("[worker.a]\ncommand = ['sleep', '1000']\n")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(str(self.path / "notify"))
            heard.settimeout(PATIENCE)
            self.environment["NOTIFY_SOCKET"] = str(self.path / "notify")
            self.run_pipeline()
            while b"READY=1" not in heard.recv(4096):
                pass

    def test_paths_are_meant_from_the_folder_of_the_file(self):
        (self.path / "sub").mkdir()
        (self.path / "sub/pipeline.toml").write_text("[pipeline]\nrun_dir = 'run'\n[worker.a]\ncommand = ['touch', 'here']\nkind = 'task'\n")
        self.assertEqual(self.run_pipeline("-f", "sub/pipeline.toml").wait(PATIENCE), 0)
        self.assertTrue((self.path / "sub/here").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
