"""The verbs that speak to a running manager, against one that `lineshaft up` has started."""
import json
import os
import pathlib
import pty
import re
import signal
import socket
import subprocess
import unittest

from case import LINESHAFT, PATIENCE, Case

PIPELINE = """
[worker.a]
command = ["sh", "-c", "echo from a; exec sleep 1000"]
[worker.b]
command = ["sh", "-c", "echo from b >&2; exec sleep 1000"]
replicas = 2
after = ["a"]
[worker.done]
command = ["sh", "-c", "echo work; exit 0"]
kind = "task"
[worker.fails]
command = ["sh", "-c", "echo about to fail; exit 3"]
restart = { mode = "never" }
ready = "notify"
profiles = ["failing"]
"""


class Running(Case):
    profiles = ()

    def setUp(self):
        super().setUp()
        self.write("log_dir = 'logs'\n" + PIPELINE)
        self.addCleanup(self.kill_manager)

    def lineshaft(self, *arguments, **more):
        profiles = [word for one in self.profiles for word in ("--profile", one)]
        return self.call(*profiles, *arguments, **more)

    def json(self, *arguments, **more):
        return json.loads(self.lineshaft("--json", *arguments, **more))

    def kill_manager(self):
        """The group of a manager that a failed test has left."""
        lock = self.path / "run/lock"
        subprocess.run([LINESHAFT, "down", "--within", "1s"], cwd=self.path, env=self.environment, capture_output=True)
        if lock.exists():
            try:
                os.kill(int(lock.read_text()), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def happened(self, *names):
        """What has happened to these workers, in its order: "stopping a"."""
        events = [json.loads(line) for line in self.lineshaft("--json", "events", *names).splitlines()]
        return [f"{one['event']} {one['worker']}" for one in events]

    def worker(self, name):
        return next(one for one in self.json("status")["workers"] if one["name"] == name)

    def said(self, *arguments, code):
        """What a call that cannot be done says on standard error."""
        ran = subprocess.run([LINESHAFT, *arguments], capture_output=True, text=True, cwd=self.path,
                             env=self.environment, timeout=PATIENCE)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran.stderr


class Up(Running):
    def test_returns_when_all_workers_are_ready_and_down_ends_everything(self):
        said = self.lineshaft("up")
        self.assertRegex(said, r"^test is up: process \d+, 4 of 4 workers ready\n$")
        pid = int(re.search(r"process (\d+)", said).group(1))
        # A task is ready before it has ended.
        self.lineshaft("wait", "done", "--for", "completed")
        status = self.json("status")
        self.assertEqual((status["pipeline"], status["manager"]["pid"]), ("test", pid))
        self.assertEqual([one["state"] for one in status["workers"]], ["running"] * 3 + ["completed"])
        down = self.lineshaft("down", "--within", "8s")
        self.assertRegex(down, r"(?m)^b-1: stopped in \d+ ms$")
        self.assertRegex(down, r"(?m)^done: was not running$")
        self.assertEqual(self.said("status", code=3),
                         "lineshaft: no manager is running for pipeline 'test'\ntry: lineshaft run\n")
        # The answer came when the workers were gone; the manager follows.
        self.assertFalse((self.path / "run/control.sock").exists())

    def test_twice_is_refused_with_who_runs_it(self):
        pid = self.json("up")["pid"]
        self.assertEqual(self.said("up", code=1),
                         f"lineshaft: pipeline 'test' is run by process {pid} already\ntry: lineshaft status\n")

    def test_a_worker_that_fails_is_its_exit_code(self):
        self.profiles = ("failing",)
        said = self.lineshaft("up", code=1)
        self.assertIn("4 of 5 workers ready; failed: fails", said)

    def test_that_does_not_become_ready_in_time_goes_on(self):
        self.write("[worker.a]\ncommand = ['sleep', '1000']\nready = 'notify'\n")
        self.assertRegex(self.said("up", "--within", "100ms", code=1),
                         r"^lineshaft: test is not up within 100 ms: .*; process \d+ goes on\ntry: lineshaft status\n$")
        self.assertEqual(self.worker("a")["state"], "starting")

    def test_a_manager_that_cannot_begin_says_why(self):
        self.write("[control]\nhealth = 'nowhere:1'\n[worker.a]\ncommand = ['true']\n")
        self.assertRegex(self.said("up", code=1), r"nowhere")

    def test_what_the_last_manager_said_is_kept(self):
        pid = self.json("up")["pid"]
        os.kill(pid, signal.SIGKILL)
        self.eventually("it has gone", lambda: not os.path.exists(f"/proc/{pid}"))
        self.lineshaft("up")
        self.assertIn(f"process {pid}", (self.path / "run/manager.log.1").read_text())
        self.assertNotIn(f"process {pid}", (self.path / "run/manager.log").read_text())

    def test_what_it_says_in_a_long_run_is_bounded(self):
        self.lineshaft("up")
        log = self.path / "run/manager.log"
        with log.open("a") as file:
            file.write("of an hour ago\n" * 200_000)
        self.lineshaft("restart", "a")
        self.eventually("it is short again", lambda: log.stat().st_size < 2 * 1024 * 1024)
        self.eventually("the last lines are there", lambda: "a.2 ready" in log.read_text())
        self.assertTrue(log.read_text().startswith("(what is older is not kept)\nof an hour ago\n"))

    def test_without_a_log_dir_output_is_kept_in_the_state_folder_of_the_user(self):
        self.write(PIPELINE)
        self.environment["XDG_STATE_HOME"] = str(self.path / "state")
        self.lineshaft("up")
        self.lineshaft("down")
        self.assertIn("from a", (self.path / "state/lineshaft/test/a.log").read_text())


class Early(Running):
    def test_a_wait_at_a_manager_that_has_just_begun_finds_the_workers_of_the_file(self):
        self.run_pipeline()
        self.eventually("somebody listens", (self.path / "run/control.sock").exists)
        self.lineshaft("wait", "a")


class Commands(Running):
    def setUp(self):
        super().setUp()
        self.lineshaft("up")

    def test_stop_and_start_take_names_families_and_patterns(self):
        self.assertRegex(self.lineshaft("stop", "b"), r"^b-0: stopped in \d+ ms\nb-1: stopped in \d+ ms\n$")
        self.assertRegex(self.lineshaft("start", "b-*", "a"),
                         r"^b-0: runs as process \d+\nb-1: runs as process \d+\na: runs as process \d+\n$")
        self.assertEqual(self.worker("b-0")["generation"], 2)
        self.assertEqual(self.worker("a")["generation"], 1)

    def test_stop_and_start_of_several_go_in_the_order_of_their_dependencies(self):
        self.lineshaft("stop", "a", "b-0")
        self.assertEqual([one for one in self.happened("a", "b-0") if one.startswith(("stopping", "exited"))],
                         ["stopping b-0", "exited b-0", "stopping a", "exited a"])
        # It waits for what is started after it.
        self.assertRegex(self.lineshaft("start", "b-0", "a"), r"^b-0: runs as process \d+\na: runs as process \d+\n$")

    def test_a_day_is_a_budget_too(self):
        self.assertRegex(self.lineshaft("stop", "a", "--within", "24h"), r"^a: stopped in ")

    def test_an_unknown_name_is_said_and_the_others_are_done(self):
        ran = subprocess.run([LINESHAFT, "stop", "dome", "a"], capture_output=True, text=True, cwd=self.path,
                             env=self.environment, timeout=PATIENCE)
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(ran.stderr, "lineshaft: there is no worker 'dome'; did you mean 'done'?\n"
                                     "try: lineshaft status\n")
        self.assertRegex(ran.stdout, r"^a: stopped in \d+ ms\n$")

    def test_a_family_of_replicas_may_be_meant_too(self):
        text = (self.path / "pipeline.toml").read_text()
        self.write(text.replace("worker.b]", "worker.processor]"))
        self.lineshaft("reload")
        self.assertEqual(self.said("stop", "proccessor", code=1),
                         "lineshaft: there is no worker 'proccessor'; did you mean 'processor'?\ntry: lineshaft status\n")

    def test_restart_of_a_family_goes_one_by_one(self):
        before = {one: self.worker(one)["pid"] for one in ("b-0", "b-1")}
        self.assertEqual(self.lineshaft("restart", "b"), "b: 2 processes restarted, one after the other\n")
        for one, pid in before.items():
            self.assertNotEqual(self.worker(one)["pid"], pid)
        answer = self.json("restart", "a")
        self.assertEqual(answer, {"name": "a", "pid": self.worker("a")["pid"], "generation": 2})

    def test_scale_changes_the_number_of_processes(self):
        self.assertEqual(self.lineshaft("scale", "b", "3"), "b: 3 processes\n")
        self.assertEqual(self.worker("b-2")["state"], "running")
        self.assertEqual(self.lineshaft("complete", "--", "stop", "b"), "b\nb-0\nb-1\nb-2\n")
        self.assertEqual(self.said("scale", "b", "many", code=2), "lineshaft: 'many' is no number of processes\n")
        self.assertIn("no worker of that name with replicas", self.said("scale", "a", "3", code=1))

    def test_signal_reaches_the_process(self):
        self.assertEqual(self.lineshaft("signal", "KILL", "a"), "a: got SIGKILL\n")
        self.lineshaft("wait", "a", "--for", "ready")
        self.assertIn("killed by SIGKILL", self.lineshaft("why", "a"))
        self.assertIn("'SIGNONE'", self.said("signal", "SIGNONE", "a", code=2))

    def test_wait_says_whether_it_holds_or_never_will(self):
        self.assertEqual(self.lineshaft("wait"), "")
        self.assertEqual(self.lineshaft("wait", "done", "--for", "completed"), "")
        self.lineshaft("stop", "b-1")
        self.assertEqual(self.lineshaft("wait", "b-1", "--for", "stopped"), "")
        self.assertEqual(self.said("wait", "a", "--for", "stopped", "--within", "50ms", code=1),
                         "lineshaft: not stopped within 50 ms: 'a' is running\n")
        self.assertEqual(self.said("wait", "b-1", code=1),
                         "lineshaft: will not be ready: 'b-1' is stopped\ntry: lineshaft why NAME\n")

    def test_wait_hears_of_what_comes_later(self):
        waiting = subprocess.Popen([LINESHAFT, "wait", "a", "--for", "stopped"], cwd=self.path, env=self.environment)
        self.addCleanup(waiting.kill)
        self.lineshaft("stop", "a")
        self.assertEqual(waiting.wait(PATIENCE), 0)

    def test_reload_moves_only_what_changed(self):
        pid = self.worker("a")["pid"]
        text = (self.path / "pipeline.toml").read_text()
        self.write(text.replace("from b", "other"))
        self.assertEqual(self.lineshaft("reload", "--dry-run"), "replace b-0, b-1 (command)\n")
        self.assertEqual(self.worker("b-0")["generation"], 1)
        self.assertEqual(self.json("reload")["changes"][0]["step"], "replace")
        self.assertEqual(self.lineshaft("reload"), "nothing has changed\n")
        self.assertEqual(self.worker("a")["pid"], pid)
        self.write(text.replace("replicas", "replicsa"))
        said = self.said("reload", code=1)
        self.assertIn("there is no such key; did you mean 'replicas'?", said)
        self.assertEqual(self.worker("a")["pid"], pid)

    def test_a_pipeline_is_found_by_its_name_only_where_it_is_looked_for(self):
        self.assertEqual(self.said("-p", "other", "status", code=3),
                         "lineshaft: no manager is running for pipeline 'other'\ntry: lineshaft run\n")

    def test_a_file_that_cannot_be_read_lets_no_other_pipeline_be_commanded(self):
        self.write("# no run_dir\n[pipeline]\nname = 'usual'\n[worker.a]\ncommand = ['sleep', '1000']\n")
        self.addCleanup(self.lineshaft, "-p", "usual", "down")
        self.lineshaft("up")
        self.write("# no run_dir\n[pipeline\nname = 'another'\n")
        self.assertRegex(self.said("down", code=2),
                         r"^lineshaft: cannot tell which pipeline is meant: pipeline\.toml:2:10: this is no TOML: .*\n"
                         r"try: lineshaft check, or lineshaft -p PIPELINE …\n$")
        self.assertEqual(self.said("-f", "none.toml", "down", code=2),
                         "lineshaft: cannot tell which pipeline is meant: none.toml: cannot be read: No such file or directory\n"
                         "try: lineshaft check, or lineshaft -p PIPELINE …\n")
        (self.path / "pipeline.toml").unlink()
        self.assertIn("usual: 1 of 1 ready", self.lineshaft("status"))

    def test_of_a_pipeline_that_does_not_run_those_that_do_are_told(self):
        self.write("# no run_dir\n[pipeline]\nname = 'usual'\n[worker.a]\ncommand = ['sleep', '1000']\n")
        self.addCleanup(self.lineshaft, "-p", "usual", "down")
        self.lineshaft("up")
        self.assertEqual(self.said("-p", "usua", "status", code=3),
                         "lineshaft: no manager is running for pipeline 'usua'\ntry: lineshaft -p PIPELINE …; there are: usual\n")


class Stubborn(Running):
    """Workers that do not leave when they are told to, or are not there."""

    def test_several_that_hang_are_stopped_inside_one_budget(self):
        self.write("[worker.h]\ncommand = ['sh', '-c', 'trap \"\" TERM; echo up; while :; do sleep 1; done']\nreplicas = 5\n"
                   "stop_timeout = '10m'\n[pipeline]\nname = 'test'\nrun_dir = 'run'\nlog_dir = 'logs'\nstop_timeout = '10m'\n")
        self.lineshaft("up")
        for number in range(5):
            self.eventually("it is up", lambda: (self.path / f"logs/h-{number}.log").exists() and "up" in (self.path / f"logs/h-{number}.log").read_text())
        said = self.lineshaft("stop", "h-*", "--within", "300ms")
        self.assertRegex(said, r"^(h-\d: did not leave in time, killed after .*\n){5}$")
        last = [one for one in self.happened("h") if one.startswith(("stopping", "exited"))]
        self.assertEqual([one.split()[0] for one in last], ["stopping"] * 5 + ["exited"] * 5)

    def test_what_does_not_fit_into_the_time_is_said_of_each(self):
        self.write("[worker.h]\ncommand = ['sh', '-c', 'trap \"\" TERM; echo up; while :; do sleep 1; done']\n"
                   "stop_timeout = '10m'\n[worker.a]\ncommand = ['sleep', '1000']\n"
                   "[pipeline]\nname = 'test'\nrun_dir = 'run'\nlog_dir = 'logs'\nstop_timeout = '10m'\n")
        self.lineshaft("up")
        self.eventually("it is up", lambda: (self.path / "logs/h.log").exists() and "up" in (self.path / "logs/h.log").read_text())
        self.assertEqual(self.said("restart", "h", "a", "--within", "50ms", code=1),
                         "lineshaft: restart of 'h': not done in this time; the manager goes on with it\ntry: lineshaft status\n"
                         "lineshaft: restart of 'a': has not begun, the time was over before\ntry: lineshaft status\n")

    def test_a_name_with_a_number_is_no_family(self):
        self.write("[worker.redis-2]\ncommand = ['sleep', '1000']\n")
        self.lineshaft("up")
        self.assertEqual(self.said("stop", "redis", code=1),
                         "lineshaft: there is no worker 'redis'\ntry: lineshaft status\n")
        self.assertEqual(self.worker("redis-2")["state"], "running")


class Telling(Running):
    profiles = ("failing",)

    def setUp(self):
        super().setUp()
        self.lineshaft("up", code=1)

    def test_status_is_a_table_for_people(self):
        said = self.lineshaft("status", "fails", "b")
        self.assertRegex(said, r"^test: 3 of 5 ready, process \d+, up .*\n"
                               r"WORKER +STATE +PID +GEN +RESTARTS +UPTIME +AGE +PROCESSED +ERRORS\n"
                               r"b-0 +running +\d+ +1 +0 .*\nb-1 +running .*\n"
                               r"fails +failed +- +1 +0 +- +- +0 +0 +exited 3\n$")

    def test_logs_interleave_workers_and_filter(self):
        def lines(*arguments):
            return sorted(self.lineshaft("logs", *arguments).splitlines())
        self.assertEqual([re.sub(" +", " ", one) for one in lines()],
                         ["a | from a", "b-0 ! from b", "b-1 ! from b", "done | work", "fails | about to fail"])
        self.assertEqual(lines("b-0", "fails", "--grep", "^about"), ["fails | about to fail"])
        self.assertEqual(len(lines("-n", "2")), 2)
        self.assertEqual(len(lines("--since", "1h")), 5)
        line = json.loads(self.lineshaft("--json", "logs", "a"))
        self.assertEqual((line["worker"], line["generation"], line["stream"], line["line"]), ("a", 1, "out", "from a"))
        self.assertEqual(self.said("logs", "--grep", "(", code=2), "lineshaft: --grep '(' is no regular expression\n")

    def follow(self, *arguments):
        following = subprocess.Popen([LINESHAFT, *arguments], cwd=self.path, env=self.environment, text=True,
                                     stdout=subprocess.PIPE)
        self.addCleanup(following.communicate)
        self.addCleanup(following.kill)
        return following

    def test_logs_and_events_go_on_with_those_that_come_until_the_manager_ends(self):
        logs = self.follow("logs", "-f", "a")
        events = self.follow("--json", "events", "-f", "a")
        self.assertEqual(logs.stdout.readline(), "a | from a\n")
        self.assertEqual([json.loads(events.stdout.readline())["event"] for _ in range(3)],
                         ["starting", "started", "ready"])
        self.lineshaft("restart", "a")
        self.assertEqual(logs.stdout.readline(), "a | from a\n")
        self.assertEqual([json.loads(events.stdout.readline())["event"] for _ in range(5)],
                         ["stopping", "exited", "starting", "started", "ready"])
        self.lineshaft("down")
        self.assertEqual(logs.wait(PATIENCE), 0)
        self.assertEqual(events.wait(PATIENCE), 0)

    def test_events_are_lines_for_people(self):
        said = self.lineshaft("events", "fails")
        self.assertRegex(said, r"^[\d:.]+Z fails.1 starting\n[\d:.]+Z fails.1 started\n[\d:.]+Z fails.1 exited 3\n[\d:.]+Z fails.1 failed: exited 3\n$")

    def test_why_tells_the_story_of_the_last_death(self):
        self.assertRegex(self.lineshaft("why", "fails"),
                         r"^Generation 1 \(process \d+\) exited 3, at [\dT:.-]+Z, \d+ ms after its start.\n"
                         r"Its last lines:\n  \| about to fail\n"
                         r"fails has failed and is not started again by itself.\nWhy: exited 3\n$")
        self.assertRegex(self.lineshaft("why", "a"), r"^a is running now: .*\nNo process of it has ended yet.\n$")
        self.assertEqual(self.json("why", "fails")["exit"]["code"], 3)


class Flood(Running):
    """More than the memory of the manager holds: the files have the rest."""
    LINES = 200000

    def up(self, output, also=""):
        self.write("log_dir = 'logs'\n[worker.a]\ncommand = ['sh', '-c', 'seq %d; exec sleep 1000']\noutput = { %s }\n%s" %
                   (self.LINES, output, also))
        self.lineshaft("up")
        self.eventually("everything is printed", lambda: self.worker("a")["output"]["lines"] == self.LINES)

    def printed(self, *arguments):
        ran = subprocess.run([LINESHAFT, *arguments], capture_output=True, text=True, cwd=self.path, env=self.environment,
                             timeout=PATIENCE)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout.splitlines(), ran.stderr

    def test_is_told_whole_out_of_old_files_too_and_when_no_manager_runs_any_more(self):
        self.up("rotate_size = '100KiB', rotate_count = 100")
        self.eventually("a file is compressed", lambda: list((self.path / "logs").glob("a.log.*.zst")))
        everything = [f"a | {number + 1}" for number in range(self.LINES)]
        for arguments in (("logs",), ("logs", "--since", "1h")):
            lines, complaints = self.printed(*arguments)
            self.assertEqual((len(lines), complaints), (self.LINES, ""))
            self.assertEqual(lines, everything)
        self.assertEqual(self.printed("logs", "-n", "2")[0], everything[-2:])
        self.assertEqual(self.printed("logs", "--grep", "^77", "-n", "1")[0], ["a | 77999"])
        self.lineshaft("down")
        lines, complaints = self.printed("logs", "a")
        self.assertEqual(complaints, f"lineshaft: no manager is running for pipeline 'test'; these are the files in '{self.path}/logs'\n")
        self.assertEqual(lines, everything)
        self.assertEqual(self.printed("logs", "--grep", "^77", "-n", "1")[0], ["a | 77999"])

    def test_of_which_not_all_is_kept_is_said_to_be_incomplete(self):
        self.up("rotate_size = '100KiB', rotate_count = 1")
        lines, complaints = self.printed("logs", "--since", "1h")
        self.assertEqual(lines[-1], f"a | {self.LINES}")
        self.assertLess(len(lines), self.LINES)
        self.assertRegex(complaints, r"^lineshaft: older lines of 'a' may be gone: its files begin at [\dT:.-]+Z\n$")
        said = [json.loads(line) for line in self.printed("--json", "logs", "--since", "1h")[0]]
        self.assertEqual((said[0]["event"], said[0]["missed"]), ("dropped", None))
        self.assertIn("older lines of 'a'", said[0]["cause"])

    def test_of_one_that_has_no_file_only_the_last_lines_are_there(self):
        self.up("to = 'memory'", "[worker.b]\ncommand = ['sh', '-c', 'echo from b; exec sleep 1000']\n")
        lines, complaints = self.printed("logs", "a")
        self.assertEqual(lines[-1], f"a | {self.LINES}")
        self.assertEqual(complaints, "lineshaft: of 'a' only the last lines are kept, in memory: it has no file\n")
        self.assertEqual(self.printed("logs", "b"), (["b | from b"], ""))


class Files(Running):
    """Logs of a pipeline that does not run, out of files as it would have written them."""

    def setUp(self):
        super().setUp()
        self.write("log_dir = 'kept'\n[worker.a]\ncommand = ['true']\n")
        (self.path / "kept").mkdir()

    def test_are_merged_by_time_with_what_was_lost(self):
        self.write("2026-11-24T13:00:00.001Z a/1 out first\n2026-11-24T13:00:00.003Z a/1 err third\nrest of a torn line\n", "kept/a.log.1")
        self.write("2026-11-24T13:00:00.004Z a/2 lost 12 lines (700 bytes): No space left on device\n"
                   "2026-11-24T13:00:00.006Z a/2 out sixth\n2026-11-24T13:00:00.007Z a/2 out being writ", "kept/a.log")
        self.write("2026-11-24T13:00:00.002Z b-0/1 out second\n2026-11-24T13:00:00.005Z b-0/1 out+ fifth\n", "kept/b-0.log")
        self.assertEqual(self.lineshaft("logs"), "a | first\nb-0 | second\na   ! third\na   ! rest of a torn line\n"
                                                 "… a lost 12 lines (700 bytes): No space left on device\nb-0 | fifth\na   | sixth\n")
        self.assertEqual(self.lineshaft("logs", "b"), "b-0 | second\nb-0 | fifth\n")
        lines = [json.loads(line) for line in self.lineshaft("--json", "logs", "a").splitlines()]
        self.assertEqual(lines[0], {"id": None, "time": "2026-11-24T13:00:00.001Z", "worker": "a", "generation": 1,
                                    "stream": "out", "line": "first"})
        self.assertEqual({key: lines[3][key] for key in ("event", "missed", "worker")}, {"event": "dropped", "missed": 12, "worker": "a"})
        self.assertEqual(self.said("logs", "c", code=1), "lineshaft: there is no worker 'c'\ntry: lineshaft status\n")
        self.assertIn("no manager is running for pipeline 'test'\ntry: lineshaft run\n", self.said("logs", "-f", code=3))

    def test_that_cannot_be_read_are_told(self):
        self.write("no zstd at all\n", "kept/a.log.1.zst")
        self.write("2026-11-24T13:00:00.006Z a/2 out sixth\n", "kept/a.log")
        ran = subprocess.run([LINESHAFT, "logs"], capture_output=True, text=True, cwd=self.path, env=self.environment, timeout=PATIENCE)
        self.assertEqual((ran.returncode, ran.stdout), (0, "a | sixth\n"))
        self.assertIn("cannot read all of 'a.log.1.zst': cannot decompress: ", ran.stderr)

    def test_of_which_there_are_none_leave_it_at_no_manager(self):
        self.assertEqual(self.said("logs", code=3), "lineshaft: no manager is running for pipeline 'test'\ntry: lineshaft run\n")


class Queues(Running):
    def setUp(self):
        super().setUp()
        trades = [{"ev": "T", "sym": "A", "x": 5, "i": str(one), "z": 2, "p": 5.0, "s": 9, "c": [], "t": 1748957399780 + one,
                   "q": one} for one in range(3)]
        self.write("\n".join(json.dumps([one]) for one in trades) + "\n", "day.ndjson")

    def market_data(self, *arguments):
        return subprocess.run([os.environ["MARKET_DATA"], *arguments], capture_output=True, text=True, check=True,
                              cwd=self.path, env=self.environment, timeout=PATIENCE).stdout

    def test_are_accounted_for_to_the_message(self):
        self.write("[worker.listener]\nclass = 'market_data_listener'\nrestart = 'never'\n"
                   f"options = {{ feed = 'replay:{self.path}/day.ndjson', queue = 'local:' }}\n"
                   "[worker.stays]\ncommand = ['sleep', '1000']\n")
        self.market_data("up")
        self.market_data("wait", "listener", "--for", "completed")
        self.assertRegex(self.market_data("queues"),
                         r"^test: sent 3 = done 0 \+ in flight 0 \+ lost 0 \+ waiting 3\n"
                         r"QUEUE +SENT +DONE +IN FLIGHT +LOST +WAITING\n(.*\n)*trades +3 +0 +0 +0 +3\n")
        told = {one.pop("name"): one for one in json.loads(self.market_data("queues", "--json"))["queues"]}
        self.assertEqual(told["trades"], {"sent": 3, "done": 0, "in_flight": 0, "lost": 0, "depth": 3})

    def test_of_a_pipeline_that_has_none_are_said_to_be_none(self):
        self.lineshaft("up")
        self.assertEqual(self.lineshaft("queues"), "test: no worker has opened a local queue\n")


PAGE = (pathlib.Path(__file__).resolve().parents[3] / "docs/reference/command.md").read_text()


def documented(section):
    """What is printed with --json, as its section of the reference has it: {"a", "b": {"c"}, "d": [{"e"}]} as a tree."""
    text = re.search(rf"(?ms)^## {section}$.*?^With `--json`: ([^\n]*)$", PAGE).group(1)
    words = re.findall(r'"\w+"|[\[\]{},:]| or ', text)

    def value(at):
        if words[at] == "[":
            inner, at = value(at + 1)
            return [inner], at + 1
        if words[at] != "{":
            return None, at + 1  # a word that stands for anything
        members, at = {}, at + 1
        while words[at] != "}":
            names = [words[at].strip('"')]
            while words[at + 1] == " or ":
                names.append(words[at + 2].strip('"'))
                at += 2
            at, inner = at + 1, None
            if words[at] == ":":
                if words[at + 1] in "[{" and words[at + 2:at + 3] != ["]"]:
                    inner, at = value(at + 1)
                else:
                    at += 3 if words[at + 1] == "[" else 1
            members[tuple(names)] = inner
            at += words[at] == ","
        return members, at + 1
    return value(0)[0]


class Json(Running):
    def assert_documented(self, shape, said, where):
        if isinstance(shape, list):
            for one in said:
                self.assert_documented(shape[0], one, where)
        elif shape is not None:
            for names, inner in shape.items():
                there = [name for name in names if name in said]
                self.assertEqual(len(there), 1, f"{where}: one of {names} in {said}")
                self.assert_documented(inner, said[there[0]], f"{where}.{there[0]}")
            self.assertEqual(len(shape), len(said), f"{where}: {sorted(said)}")

    def test_of_every_verb_is_what_the_reference_says(self):
        said = {"init": self.json("init", "first"), "up": self.json("up"), "wait": self.json("wait"), "check": self.json("check")}
        for verb, *arguments in (("status",), ("queues",), ("stop", "a"), ("start", "a"), ("restart", "a"), ("scale", "b", "1"),
                                 ("reload",), ("events", "-n", "1"), ("why", "a"), ("signal", "CONT", "a"), ("classes",),
                                 ("export", "systemd"), ("version",)):
            said[verb] = self.json(verb, *arguments)
        said["logs"] = self.json("logs", "-n", "1")
        said["down"] = self.json("down")
        for verb, answer in said.items():
            self.assert_documented(documented(f"`{verb}`"), answer, verb)
        self.assertEqual(set(re.findall(r"(?m)^## `(\w+)`$", PAGE)) - set(said),
                         {"run", "top", "exec", "schema", "completion"}, "those that print something else")
        self.write("[worker.a]\ncommand = ['true']\nkind = 'task'\n")
        for line in self.lineshaft("run", "--json").splitlines():
            self.assert_documented(documented("`events`"), json.loads(line), "run")

    def failures(self, *arguments, code):
        """Each thing that could not be done, as an object; standard error has nothing."""
        ran = subprocess.run([LINESHAFT, "--json", *arguments], capture_output=True, text=True, cwd=self.path,
                             env=self.environment, timeout=PATIENCE)
        self.assertEqual((ran.returncode, ran.stderr), (code, ""), ran.stdout)
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        return [one for one in told if one.get("ok") is False]

    def test_of_what_could_not_be_done_is_an_object_for_each(self):
        shape = documented("What could not be done")
        for arguments, code in ((("status",), 3), (("down",), 3), (("wait",), 3), (("logs",), 3), (("top",), 2), ((), 2),
                                (("frobnicate",), 2), (("stop",), 2), (("-f", "none.toml", "status"), 2), (("exec", "x", "true"), 1)):
            told = self.failures(*arguments, code=code)
            self.assertEqual(len(told), 1, arguments)
            self.assert_documented(shape, told[0], arguments)
        self.lineshaft("up")
        for arguments, code, errors in (
                (("stop", "nobody", "none"), 1, ["there is no worker 'nobody'", "there is no worker 'none'"]),
                (("start", "nobody"), 1, ["there is no worker 'nobody'"]), (("why", "nobody"), 1, ["there is no worker 'nobody'"]),
                (("wait", "a", "--for", "stopped", "--within", "10ms"), 1, ["not stopped within 10 ms: 'a' is running"]),
                (("signal", "SIGNONE", "a"), 2, None), (("scale", "a", "2"), 1, None), (("scale", "a", "x"), 2, None),
                (("logs", "--grep", "("), 2, ["--grep '(' is no regular expression"]), (("up",), 1, None), (("run",), 1, None)):
            told = self.failures(*arguments, code=code)
            for one in told:
                self.assert_documented(shape, one, arguments)
            self.assertTrue(told, arguments)
            self.assertIn(errors, (None, [one["error"].partition(";")[0] for one in told]), arguments)
        self.write("[worker.a]\ncomand = ['x']\n")
        told = self.failures("check", code=2)[0]
        self.assertEqual((told["error"], told["try"], len(told["faults"])), ("2 faults in the pipeline file; nothing was done", None, 2))
        self.write("[worker.a]\ncommand = ['sleep', '9']\nready = 'notify'\n[pipeline]\nname = 'late'\nrun_dir = 'late'\n")
        self.assertIn("late is not up within 50 ms", self.failures("up", "--within", "50ms", code=1)[0]["error"])
        self.lineshaft("down")
        self.write("")


class OnATerminal(Running):
    def on_terminal(self, *arguments, **environment):
        """What a call writes to a terminal."""
        ours, its = pty.openpty()
        with os.fdopen(ours, "rb", buffering=0) as screen:
            started = subprocess.Popen([LINESHAFT, *arguments], cwd=self.path, stdin=its, stdout=its, stderr=its,
                                       env=self.environment | {"TERM": "xterm"} | environment)
            os.close(its)
            said = b""
            try:
                while piece := screen.read(4096):
                    said += piece
            except OSError:  # EIO: nobody has the other end any more, pty(7)
                pass
            started.wait(PATIENCE)
        return said.decode()

    def test_up_shows_its_progress_in_a_line_that_is_gone_in_the_end(self):
        said = self.on_terminal("up")
        self.assertRegex(said, r"\r\x1b\[K\d of 4 workers ready")
        self.assertRegex(said, r"\r\x1b\[Ktest is up: process \d+, 4 of 4 workers ready\r\n$")

    def test_colours_are_for_terminals_that_want_them(self):
        self.lineshaft("up")
        green = "\x1b[32mrunning\x1b[0m"
        self.assertIn(green, self.on_terminal("status"))
        self.assertNotIn("\x1b", self.on_terminal("status", NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_terminal("status", TERM="dumb"))
        self.assertNotIn("\x1b", self.on_terminal("--color", "never", "status"))
        self.assertNotIn("\x1b", self.lineshaft("status"))
        self.assertIn(green, self.lineshaft("--color", "always", "status"))
        a, b = (re.search(rf"\x1b\[(\d+)m{name} [|!] ", self.on_terminal("logs", name)) for name in ("a", "b-0"))
        self.assertTrue(a and b)


class Api(Running):
    def test_the_file_says_who_may_ask_what(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        token = "a-token-of-the-test-alone"
        self.write(f"[control]\ntcp = '127.0.0.1:{port}'\ntokens = {{ read = '${{TOKEN}}' }}\n"
                   "[worker.a]\ncommand = ['sleep', '1000']\n")
        self.environment["TOKEN"] = token
        self.lineshaft("up")

        def curl(*arguments):
            return subprocess.run(["curl", "-s", "-o", str(self.path / "body"), "-w", "%{http_code}", *arguments],
                                  capture_output=True, text=True, timeout=PATIENCE).stdout
        url = f"http://127.0.0.1:{port}/v1/"
        self.assertEqual(curl(url + "status"), "401")
        self.assertEqual(curl("-H", f"Authorization: Bearer {token}", url + "status"), "200")
        self.assertEqual(curl("-H", f"Authorization: Bearer {token}", "-X", "POST", url + "workers/a/stop"), "403")


if __name__ == "__main__":
    unittest.main(verbosity=2)
