"""A reader who follows the feed while writers write and web server, worker and a writer are killed ends in step."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from examples.follow_changes import Copy
from tests.journeys.service import HOME, Service, wait_for

STORIES = 12  # of each of two writers


class Reader(threading.Thread):
    """The example program's loop, run on until it is told how far it should come."""

    def __init__(self, service: Service, path):
        super().__init__(daemon=True)
        self.url, self.path, self.until = f"{service.url}/api/v1", str(path), None
        self.troubles, self.seen = 0, 0

    def run(self):
        copy = Copy(self.path, self.url)
        while self.until is None or (copy.seq or 0) < self.until:
            try:
                self.seen += copy.step(wait=2)
            except OSError:  # the server is being killed
                self.troubles += 1
                time.sleep(0.2)
        self.claims = {row[0]: [row[1], json.loads(row[2])] for row in copy.db.execute("SELECT * FROM claim")}
        self.seq = copy.seq


def test_a_reader_is_in_step_whatever_is_killed_while_writers_write(running, tmp_path):
    service = running("")
    web = service.processes[0].args
    worker = service.processes[1].args
    reader = Reader(service, tmp_path / "copy.sqlite3")
    reader.start()

    def writer(seed):
        command = [sys.executable, str(HOME / "tests/journeys/writing.py"), "write", str(seed), str(STORIES)]
        return subprocess.Popen(command, cwd=HOME, env=service.env, start_new_session=True)

    def kill(process):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    writers = [writer(seed) for seed in (1, 2)]
    for number in range(3):
        goal = (number + 1) * 6
        wait_for(lambda goal=goal: reader.seen >= goal, name=f"{goal} changes to be read", seconds=90)
        kill(service.processes[0])
        if number == 1:
            kill(service.processes[1])
            kill(writers[0])
            writers[0] = writer(3)
            service.run(*worker)
            service.processes[1] = service.processes.pop()
        service.run(*web)
        service.processes[0] = service.processes.pop()
        wait_for(service.answers, name="the web server")
    for process in writers:
        assert process.wait(120) == 0

    asked = subprocess.run(
        [sys.executable, str(HOME / "tests/journeys/writing.py"), "told"],
        cwd=HOME, env=service.env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(asked.stdout)
    reader.until = told["next"] - 1
    reader.join(60)
    assert reader.seq == told["next"] - 1 == reader.seen - 1
    assert reader.claims == told["claims"] and len(told["claims"]) >= 2 * STORIES
