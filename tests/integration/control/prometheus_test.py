"""What Prometheus says of /metrics: its linter, and a server that scrapes."""
import json
import os
import socket
import subprocess
import time
import unittest
import urllib.parse
import urllib.request

from served import Served


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus(Served):
    def metrics(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/metrics", timeout=60) as answer:
            return answer.read().decode()

    def test_its_linter_finds_nothing(self):
        text = "".join(line + "\n" for line in self.metrics().splitlines() if "kuhl_haus" not in line)
        lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        self.assertEqual((lint.returncode, lint.stdout + lint.stderr), (0, ""))

    def test_its_server_scrapes_every_worker(self):
        port = free_port()
        with open(self.path("prometheus.yml"), "w", encoding="utf-8") as file:
            file.write("scrape_configs: [{job_name: lineshaft, scrape_interval: 200ms, scrape_timeout: 200ms, "
                       f"static_configs: [{{targets: ['127.0.0.1:{self.health}']}}]}}]\n")
        log = open(self.path("prometheus.log"), "w", encoding="utf-8")
        server = subprocess.Popen(["prometheus", f"--config.file={self.path('prometheus.yml')}",
                                   f"--storage.tsdb.path={self.path('data')}", f"--web.listen-address=127.0.0.1:{port}"],
                                  stdout=log, stderr=log)
        try:
            workers = self.eventually(server, lambda: self.query(port, "lineshaft_worker_up"), 4)
            self.assertEqual({(one["metric"]["worker"], one["metric"].get("class", "")) for one in workers},
                             {("listener", "counts"), ("processor-0", "consumes"), ("processor-1", "consumes"), ("program", "")})
            self.assertEqual({one["value"][1] for one in workers}, {"1"})
            self.assertGreater(float(self.query(port, "lineshaft_worker_processed_total{worker='listener'}")[0]["value"][1]), 0)
            self.assertEqual(len(self.query(port, "kuhl_haus_mdp_processor_alive")), 4)
        finally:
            server.terminate()
            server.wait()
            log.close()

    def query(self, port, what):
        url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": what})
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]["result"]
        except OSError:
            return []

    def eventually(self, server, look, count):
        until = time.monotonic() + 60
        while time.monotonic() < until and server.poll() is None:
            if len(found := look()) == count:
                return found
            time.sleep(0.05)
        with open(self.path("prometheus.log"), encoding="utf-8") as log:
            self.fail(f"prometheus does not have {count} series: {log.read()[-2000:]}")


if __name__ == "__main__":
    unittest.main()
