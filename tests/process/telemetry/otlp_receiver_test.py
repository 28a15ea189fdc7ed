"""What stands in for a collector lets go of all that it has."""
import os
import socket
import stat
import unittest

from otlp_receiver import BlackHole, Tap


def open_sockets():
    found = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISSOCK(os.stat(int(fd)).st_mode):
                found.add(int(fd))
        except OSError:  # that of the listing itself
            pass
    return found


class Receivers(unittest.TestCase):
    def test_tap_that_is_closed_holds_neither_side_open(self):
        hole = BlackHole()
        self.addCleanup(hole.close)
        before = open_sockets()
        tap = Tap(hole)
        with socket.create_connection(tap.socket.getsockname()) as client, hole.accept() as beyond:
            tap.close()
            self.assertEqual(open_sockets() - before, {client.fileno(), beyond.fileno()})


if __name__ == "__main__":
    unittest.main()
