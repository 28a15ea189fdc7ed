"""`lineshaft run` and what is around it: who reads what it prints, the terminal, its own supervisor, its end."""
import fcntl
import json
import os
import pty
import pwd
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import unittest

from case import LINESHAFT, PATIENCE, Case

SLEEPER = "[worker.a]\ncommand = ['sleep', '1000']\n"


class Run(Case):
    def start(self, output, under=(), after=(), errors=subprocess.PIPE):
        """`run` for people, with this as its standard output."""
        started = subprocess.Popen([*under, LINESHAFT, "run", *after], stdout=output, stderr=errors, text=True,
                                   cwd=self.path, env=self.environment)
        self.addCleanup(self.end, started)
        return started

    def says(self, output, text):
        for line in output:
            if text in line:
                return line
        self.fail(f"never said: {text}")

    def status(self):
        return json.loads(self.call("--json", "status"))

    def becomes_ready(self):
        self.eventually("it can be asked", (self.path / "run/control.sock").exists)
        self.eventually("it is ready", lambda: any(one["ready"] for one in self.status()["workers"]))


class Output(Run):
    def told(self, *arguments):
        """What a run from its start to SIGTERM prints: of the workers, of the manager itself, and on standard error."""
        self.write(SLEEPER)
        started = subprocess.Popen([LINESHAFT, *arguments, "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   cwd=self.path, env=self.environment)
        self.addCleanup(self.end, started)
        said = started.stderr if "--json" in arguments else started.stdout
        before = ""
        while "all workers are ready" not in before:
            line = said.readline()
            self.assertTrue(line, before)
            before += line
        started.send_signal(signal.SIGTERM)
        # Not communicate(): it does not know of what readline() has read ahead.
        after, other = said.read(), (started.stdout if said is started.stderr else started.stderr).read()
        self.assertEqual(started.wait(PATIENCE), 0)
        return (other, before + after, started.pid) if said is started.stderr else (before + after, other, started.pid)

    def own(self, pid):
        return [f"lineshaft: pipeline 'test', 1 worker, process {pid}", "all workers are ready", "SIGTERM: stopping"]

    def test_is_a_line_for_each_event_and_for_what_the_manager_says(self):
        output, errors, pid = self.told()
        events = [line.split("Z ", 1)[1] for line in output.splitlines() if re.match(r"[\d:.]+Z ", line)]
        self.assertEqual(events, ["a.1 starting", "a.1 started", "a.1 ready", "a.1 stopping: stop",
                                  "a.1 exited: stopped by SIGTERM", "a.1 stopped"])
        self.assertEqual([line for line in output.splitlines() if "Z a.1 " not in line], self.own(pid))
        self.assertEqual(errors, "")

    def test_as_json_has_nothing_but_events(self):
        output, errors, pid = self.told("--json")
        events = [json.loads(line) for line in output.splitlines()]
        self.assertEqual([one["event"] for one in events], ["starting", "started", "ready", "stopping", "exited", "stopped"])
        self.assertEqual(set(events[0]), {"seq", "time", "monotonic_ms", "worker", "generation", "event", "cause"})
        self.assertEqual(errors.splitlines(), self.own(pid))


class Readers(Run):
    def test_one_who_has_gone_ends_nothing(self):
        self.write(SLEEPER)
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        started.stdout.close()
        # Each of these is printed.
        self.call("restart", "a")
        started.send_signal(signal.SIGTERM)
        self.assertEqual(started.wait(PATIENCE), 0)

    def deaf_pipe(self):
        """The end for writing of a pipe that is full, and that nobody reads."""
        reads, writes = os.pipe()
        self.addCleanup(os.close, reads)
        self.addCleanup(os.close, writes)
        fcntl.fcntl(writes, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writes, b"." * 4096)
        return writes

    def test_one_who_does_not_read_holds_up_neither_commands_nor_signals(self):
        self.write(SLEEPER)
        started = self.start(self.deaf_pipe())
        self.becomes_ready()
        self.call("restart", "a")
        started.send_signal(signal.SIGTERM)
        self.assertEqual(started.wait(PATIENCE), 0)

    def test_one_who_does_not_read_does_not_hold_up_an_end_that_a_client_has_asked_for(self):
        self.write(SLEEPER)
        started = self.start(self.deaf_pipe())
        self.becomes_ready()
        self.call("down")
        self.assertEqual(started.wait(PATIENCE), 0)


class OwnSupervisor(Run):
    def setUp(self):
        super().setUp()
        self.heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.heard.close)
        self.heard.bind(str(self.path / "notify"))
        self.heard.settimeout(PATIENCE)
        self.environment["NOTIFY_SOCKET"] = str(self.path / "notify")

    def hears(self, word):
        while word not in self.heard.recv(4096).split(b"\n"):
            pass

    def test_hears_of_the_end_when_it_begins(self):
        self.write("[worker.a]\ncommand = ['sh', '-c', 'trap \"while [ ! -e go ]; do sleep 0.01; done; exit 0\" TERM; "
                   "echo up; while :; do sleep 0.01; done']\nstop_timeout = '10m'\n[pipeline]\nrun_dir = 'run'\nstop_timeout = '10m'\n")
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "up")
        self.hears(b"READY=1")
        started.send_signal(signal.SIGTERM)
        self.hears(b"STOPPING=1")
        # The worker leaves only now.
        (self.path / "go").write_text("")
        self.assertEqual(started.wait(PATIENCE), 0)


class End(Run):
    def test_a_pipeline_without_a_process_waits_for_the_next_command(self):
        self.write("[worker.b]\ncommand = ['sleep', '1000']\nreplicas = 1\n")
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        self.call("scale", "b", "0")
        self.assertEqual(self.status()["workers"], [])
        self.call("scale", "b", "2")
        self.says(started.stdout, "b-1.1 ready")
        started.send_signal(signal.SIGTERM)
        self.assertEqual(started.wait(PATIENCE), 0)

    @unittest.skipUnless(os.geteuid() == 0, "takes a worker that becomes somebody else")
    def test_comes_though_nothing_ends_a_worker(self):
        for essential, code in (("", 1), ("[worker.e]\ncommand = ['sh', '-c', 'read go < go']\nessential = true\nrestart = 'never'\n", 10)):
            self.write("[pipeline]\nrun_dir = 'run'\nstop_timeout = '100ms'\n"
                       f"[worker.a]\ncommand = ['setpriv', '--reuid', 'nobody', '--clear-groups', 'sleep', '1000']\n{essential}")
            go = self.path / "go"
            if essential:
                os.mkfifo(go)
            # What outlives it, as a fork server does that cannot end the worker either, would keep a pipe open.
            started = self.start(subprocess.DEVNULL, under=("setpriv", "--bounding-set", "-kill"), errors=subprocess.DEVNULL)
            self.becomes_ready()
            pid = next(one["pid"] for one in self.status()["workers"] if one["name"] == "a")
            self.addCleanup(os.kill, pid, signal.SIGKILL)
            nobody = pwd.getpwnam("nobody").pw_uid
            self.eventually("it has become somebody else", lambda: os.stat(f"/proc/{pid}").st_uid == nobody)
            if essential:
                go.write_text("")
            else:
                started.send_signal(signal.SIGTERM)
            self.assertEqual(started.wait(PATIENCE), code)
            os.kill(pid, 0)


@unittest.skipUnless(os.geteuid() == 0, "takes other users")
class OtherUsers(Run):
    def setUp(self):
        super().setUp()
        self.path.chmod(0o711)
        self.write("[control]\nusers = { nobody = 'read' }\n" + SLEEPER)

    def as_user(self, user, *arguments, code=0):
        ran = subprocess.run(["setpriv", "--reuid", user, "--clear-groups", *arguments], capture_output=True, text=True,
                             cwd=self.path, env=self.environment, timeout=PATIENCE)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran.stdout + ran.stderr

    def test_do_what_their_role_allows_and_come_to_nothing_else(self):
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        self.assertRegex(self.as_user("nobody", LINESHAFT, "-f", "pipeline.toml", "status"), r"(?m)^a +running")
        self.assertIn("this needs the role 'operator', and yours is 'read'",
                      self.as_user("nobody", LINESHAFT, "-f", "pipeline.toml", "stop", "a", code=1))
        self.assertIn("who asks is not known here", self.as_user("daemon", LINESHAFT, "-f", "pipeline.toml", "status", code=1))
        self.as_user("nobody", "ls", "run", code=2)
        self.as_user("nobody", "cat", "run/lock", code=1)

    def test_are_kept_out_again_when_they_have_no_role_any_more(self):
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        started.send_signal(signal.SIGTERM)
        self.assertEqual(started.wait(PATIENCE), 0)
        self.write(SLEEPER)
        self.says(self.start(subprocess.PIPE).stdout, "all workers are ready")
        self.assertIn("cannot", self.as_user("nobody", LINESHAFT, "-f", "pipeline.toml", "status", code=1))

    def test_that_no_way_leads_in_for_is_said(self):
        self.path.chmod(0o700)
        started = self.start(subprocess.PIPE)
        said = self.says(started.stdout, "control.users: ")
        self.assertIn(f"nobody else comes to the socket, because '{self.path}' is closed to them", said)
        self.says(started.stdout, "all workers are ready")

    def test_find_a_service_of_the_system_by_its_name(self):
        name = f"test-{os.getpid()}"
        (self.path / "pipeline.toml").write_text(
            f"[pipeline]\nname = '{name}'\n[control]\nusers = {{ nobody = 'read' }}\n{SLEEPER}")
        self.addCleanup(shutil.rmtree, f"/run/lineshaft/{name}", ignore_errors=True)
        self.says(self.start(subprocess.PIPE).stdout, "all workers are ready")
        self.environment["XDG_RUNTIME_DIR"] = "/run/user/65534"
        self.assertRegex(self.as_user("nobody", LINESHAFT, "-p", name, "status"), r"(?m)^a +running")


class Place(Run):
    def test_is_the_folder_that_systemd_has_made_for_the_service(self):
        place = self.path / "made/lineshaft/one"
        place.mkdir(parents=True)
        (self.path / "pipeline.toml").write_text("[pipeline]\nname = 'one'\n" + SLEEPER)
        self.environment["RUNTIME_DIRECTORY"] = str(place)
        self.says(self.start(subprocess.PIPE).stdout, "all workers are ready")
        self.assertTrue((place / "control.sock").is_socket())
        self.assertEqual(stat.S_IMODE(place.stat().st_mode), 0o700)
        self.assertEqual(self.status()["pipeline"], "one")


class Reload(Run):
    def test_sighup_changes_what_has_changed_and_says_it(self):
        self.write(SLEEPER)
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        self.write(SLEEPER + "[worker.b]\ncommand = ['sleep', '1000']\n")
        started.send_signal(signal.SIGHUP)
        self.says(started.stdout, "reload: start b (new)")
        self.assertEqual([one["generation"] for one in self.status()["workers"]], [1, 1])
        started.send_signal(signal.SIGHUP)
        self.says(started.stdout, "reload: nothing has changed")

    def test_says_what_holds_for_all_and_what_only_a_new_manager_takes_over(self):
        self.write(SLEEPER)
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "all workers are ready")
        self.write("[pipeline]\nname = 'test'\nrun_dir = 'run'\nstop_timeout = '3s'\nlog_dir = 'logs'\n"
                   "[control]\nhealth = '127.0.0.1:0'\n[worker.a]\ncommand = ['sleep', '1000']\nstop_timeout = '3s'\n")
        said = "adopt a (stop_timeout)\nadopt pipeline.stop_timeout\n" \
               "only a new start of the manager takes over pipeline.log_dir, control.health\n"
        self.assertEqual(self.call("reload", "--dry-run"), said)
        started.send_signal(signal.SIGHUP)
        self.says(started.stdout, "reload: adopt a (stop_timeout)")
        self.says(started.stdout, "adopt pipeline.stop_timeout")
        self.says(started.stdout, "only a new start of the manager takes over pipeline.log_dir, control.health")
        told = json.loads(self.call("--json", "reload"))
        self.assertEqual(told, {"changes": [], "settings": [], "later": ["pipeline.log_dir", "control.health"]})

    def test_a_stop_overrules_one_that_comes_after_it(self):
        slow = "[worker.a]\ncommand = ['sh', '-c', 'trap \"while [ ! -e go ]; do sleep 0.01; done; exit 0\" TERM; " \
               "echo up; while :; do sleep 0.01; done']\nstop_timeout = '10m'\n[pipeline]\nrun_dir = 'run'\nstop_timeout = '10m'\n"
        self.write(slow)
        started = self.start(subprocess.PIPE)
        self.says(started.stdout, "up")
        started.send_signal(signal.SIGTERM)
        self.says(started.stdout, "SIGTERM: stopping")
        self.write(slow + "[worker.b]\ncommand = ['sleep', '1000']\n")
        started.send_signal(signal.SIGHUP)
        self.says(started.stdout, "reload: everything is being stopped; nothing was changed")
        (self.path / "go").write_text("")
        self.assertNotIn("b.1", started.stdout.read())
        self.assertEqual(started.wait(PATIENCE), 0)

    def test_a_log_dir_of_the_call_is_no_change(self):
        self.write(SLEEPER)
        started = self.start(subprocess.PIPE, after=("--log-dir", str(self.path / "logs")))
        self.says(started.stdout, "all workers are ready")
        self.assertEqual(self.call("reload"), "nothing has changed\n")


class Terminal(Run):
    def test_ctrl_c_stops_all_workers_in_order(self):
        self.write("[worker.a]\ncommand = ['sleep', '1000']\n[worker.b]\ncommand = ['sleep', '1000']\nafter = ['a']\n")
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.path)
            os.execve(LINESHAFT, [LINESHAFT, "run"], self.environment | {"TERM": "xterm"})
        self.addCleanup(os.close, terminal)
        said = self.reads(terminal, "all workers are ready")
        self.assertIn("\x1b[32mready\x1b[0m", said)
        os.write(terminal, b"\x03")
        said = self.reads(terminal, "")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        plain = "".join(part for part in said.split("\r\n"))
        self.assertIn("SIGINT: stopping", plain)
        self.assertLess(plain.index("\x1b[1mb.1\x1b[0m stopped"), plain.index("\x1b[1ma.1\x1b[0m stopped"))

    def reads(self, terminal, text):
        """Until that is there; without: until the other side has gone."""
        said = ""
        while not text or text not in said:
            self.assertTrue(select.select([terminal], [], [], PATIENCE)[0], said)
            try:
                said += os.read(terminal, 4096).decode()
            except OSError:
                break
        return said


if __name__ == "__main__":
    unittest.main(verbosity=2)
