"""Who is measured: how each is set up to keep the same program running at its best, as a folder and a command."""
import os
import signal
import subprocess

PM2 = "pm2@7.0.4"
BUILD = os.path.abspath("build")
WORKER = os.path.join(BUILD, "bin", "peers_worker")
BARE = os.path.join(BUILD, "bin", "peers_bare")
LINESHAFT = os.path.join(BUILD, "bin", "peers_lineshaft")
HERE = os.path.dirname(os.path.abspath(__file__))


class Subject:
    """A supervisor in the foreground. `stop_signal` to it ends everything."""
    stop_signal = signal.SIGTERM
    environment = {}

    def prepare(self, folder, count):
        """Writes what it reads; gives the command."""
        raise NotImplementedError


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def service_folders(folder, count):
    # The program itself in place of a script: nobody pays for a shell.
    for number in range(count):
        os.makedirs(f"{folder}/w{number}")
        os.symlink(WORKER, f"{folder}/w{number}/run")


class S6(Subject):
    name = "s6"
    note = "readiness declared: without, it waits 1 s before each restart"
    environment = {"PEERS_READY_FD": "3"}

    def prepare(self, folder, count):
        service_folders(folder, count)
        for number in range(count):
            write(f"{folder}/w{number}/notification-fd", "3\n")
        return ["s6-svscan", folder]


class Runit(Subject):
    name = "runit"
    note = "of its start, 1 s passes before its first scan"
    stop_signal = signal.SIGHUP

    def prepare(self, folder, count):
        service_folders(folder, count)
        return ["runsvdir", "-P", folder]


class Supervisord(Subject):
    name = "supervisord"
    note = "startsecs=0, no server, no logs of its workers"

    def prepare(self, folder, count):
        write(f"{folder}/supervisord.conf", f"""[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile={folder}/pid
[program:w]
command={WORKER}
numprocs={count}
process_name=w%(process_num)d
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
""")
        return ["/usr/bin/supervisord", "-c", f"{folder}/supervisord.conf"]


class Pm2(Subject):
    name = "PM2"
    note = "pm2-runtime, no interpreter, no logs, no tree to look for"

    def prepare(self, folder, count):
        modules = os.path.join(BUILD, "peers")
        if not os.path.exists(f"{modules}/node_modules/pm2"):
            subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", modules, PM2], check=True)
        write(f"{folder}/ecosystem.config.js", f"""module.exports = {{apps: [{{
  name: 'w', script: '{WORKER}', interpreter: 'none', exec_mode: 'fork', instances: {count}, autorestart: true,
  min_uptime: 0, max_restarts: 1000000, restart_delay: 0, treekill: false, kill_timeout: 5000, vizion: false, pmx: false,
  automation: false, out_file: '/dev/null', error_file: '/dev/null'}}]}};
""")
        self.environment = {"PM2_HOME": f"{folder}/home", "PM2_DISCRETE_MODE": "true"}
        return [f"{modules}/node_modules/.bin/pm2-runtime", "start", f"{folder}/ecosystem.config.js"]


class Python(Subject):
    name = "Python"
    note = "multiprocessing by fork, asyncio, sentinels; its workers are Python, too"

    def prepare(self, folder, count):
        return ["/usr/bin/python3", os.path.join(HERE, "python_manager.py"), str(count)]


def pipeline(name, folder, count, what):
    write(f"{folder}/pipeline.toml", f"""[pipeline]
name = "{name}"
run_dir = "{folder}/run"
[worker.w]
{what}
replicas = {count}
restart = {{ mode = "always", delay = "0ms" }}
""")
    return [LINESHAFT, "-f", f"{folder}/pipeline.toml", "run"]


class BareFork(Subject):
    name = "bare fork"
    note = "no supervisor: fork(2) and wait(2) in a loop, the worker in the copy"

    def prepare(self, folder, count):
        return [BARE, str(count)]


class BareExec(Subject):
    name = "bare exec"
    note = "no supervisor: posix_spawn(3) and wait(2) in a loop, the same program"

    def prepare(self, folder, count):
        return [BARE, str(count), WORKER]


class LineshaftPrograms(Subject):
    name = "Lineshaft, programs"
    note = "the same program as under the others"

    def prepare(self, folder, count):
        return pipeline("peers-programs", folder, count, f'command = ["{WORKER}"]')


class LineshaftClasses(Subject):
    name = "Lineshaft, classes"
    note = "the same as a worker class, with its event loop"

    def prepare(self, folder, count):
        return pipeline("peers-classes", folder, count, 'class = "line_writer"')


ALL = [S6, Runit, Supervisord, Pm2, Python, BareExec, BareFork, LineshaftPrograms, LineshaftClasses]
