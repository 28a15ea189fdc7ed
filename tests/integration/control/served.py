"""A manager with a control server, as another program sees it."""
import json
import os
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

TOKEN = "a-token-for-this-test-alone"


class Served(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.program = subprocess.Popen([os.environ["CONTROL_PROGRAM"], self.path("control.sock"), TOKEN],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.tcp, self.health = map(int, self.program.stdout.readline().split())

    def tearDown(self):
        self.program.communicate()
        self.assertEqual(self.program.returncode, 0)
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def ask(self, method, path, body=None):
        """Status, content type and text of the answer."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.tcp}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers.get_content_type(), answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers.get_content_type(), refused.read().decode()
