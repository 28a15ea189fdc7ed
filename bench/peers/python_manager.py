"""A plain manager of multiprocessing and asyncio, done well: it forks, waits for sentinels and never polls.

python_manager.py COUNT: as many workers, each a process with an event loop; one that dies is started again at once.
"""
import asyncio
import multiprocessing
import os
import signal
import sys
import time


def write_line():
    log = os.open(os.environ["PEERS_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    os.write(log, f"{os.getpid()} {time.monotonic_ns()}\n".encode())
    os.close(log)


async def work():
    write_line()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


def worker():
    signal.set_wakeup_fd(-1)
    asyncio.run(work())


class Manager:
    def __init__(self, count):
        self.loop = asyncio.get_running_loop()
        self.fork = multiprocessing.get_context("fork")
        self.stopping = False
        self.left = self.loop.create_future()
        self.workers = {}
        for _ in range(count):
            self.start()

    def start(self):
        process = self.fork.Process(target=worker)
        process.start()
        self.workers[process.sentinel] = process
        self.loop.add_reader(process.sentinel, self.ended, process)

    def ended(self, process):
        self.loop.remove_reader(process.sentinel)
        del self.workers[process.sentinel]
        process.join()
        if not self.stopping:
            self.start()
        elif not self.workers:
            self.left.set_result(None)

    def stop(self):
        self.stopping = True
        for process in self.workers.values():
            process.terminate()


async def main():
    manager = Manager(int(sys.argv[1]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, manager.stop)
    await manager.left


asyncio.run(main())
