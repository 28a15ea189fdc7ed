"""`lineshaft run` as a child, and what it is asked through the other verbs, whose --json says all that there is to know."""
import json
import os
import signal
import subprocess

NO_MANAGER = 3  # the exit code of a verb that finds nobody to speak to


def goes_to_the_console():
    """Whether spans, metrics or log records are to be printed where we print as well."""
    words = {word.strip().lower() for name, value in os.environ.items() if name.startswith("OTEL_") and name.endswith("_EXPORTER")
             for word in value.split(",")}
    return "console" in words


class Pipeline:
    def __init__(self, command, files, folder, **variables):
        self.command = [command, *(word for file in files for word in ("-f", str(file)))]
        self.log = os.path.join(folder, "run.log")
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), **variables}
        # What the manager tells is told here by other means; spans that go to a terminal are asked for.
        with open(self.log, "wb") as log:
            # Should we die of SIGKILL, it hears of it (prctl(2), PR_SET_PDEATHSIG).
            self.run = self.start(["setpriv", "--pdeathsig", "TERM", *self.command, "run"],
                                  stdout=None if goes_to_the_console() else log)

    def start(self, words, **more):
        """A group of its own: the Ctrl-C of a terminal is for us."""
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, env=self.environment, process_group=0, **more)

    def is_running(self):
        return self.run.poll() is None

    def tell(self, *verb):
        """What a verb says; nothing while, or since, there is no manager."""
        asked = self.start([*self.command, *verb], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said, wrong = asked.communicate()
        if asked.returncode == NO_MANAGER:
            return None
        if asked.returncode != 0:
            raise RuntimeError(wrong.strip())
        return said

    def ask(self, *verb):
        said = self.tell("--json", *verb)
        return None if said is None else json.loads(said)

    def end(self):
        """Returns when nothing of it is left."""
        if self.is_running():
            self.run.send_signal(signal.SIGTERM)
        return self.run.wait()
