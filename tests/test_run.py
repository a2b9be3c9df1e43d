"""The one command, for real: it starts, keeps running what dies, ends whole, and says why it cannot start."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from factcheck.bootstrap import CannotStart, check_version, check_writable
from factcheck.run import last_touched
from factcheck.supervise import Part, end_leftovers, running, started_at

HOME = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.xdist_group("run")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_for(question, seconds: float, what: str):
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{what} took more than {seconds} s"
        time.sleep(0.1)
    return answer


class Desk:
    """One `python -m factcheck.run` in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder, self.port, self.output = folder, free_port(), folder / "output"
        self.process: subprocess.Popen | None = None

    def start(self):
        env = {**os.environ, "PORT": str(self.port), "DEMO_PORT": str(free_port()), "FACTCHECK_VAR": str(self.folder)}
        with self.output.open("w") as output:
            command = [sys.executable, "-m", "factcheck.run"]
            self.process = subprocess.Popen(command, cwd=HOME, env=env, stdout=output, stderr=output)
        self.says("Ctrl-C ends everything", 90)

    def says(self, words: str, seconds: float):
        def said():
            assert self.process.poll() is None or words in self.output.read_text(), self.output.read_text()
            return words in self.output.read_text()

        wait_for(said, seconds, f"Saying {words!r}")

    def pid(self, name: str) -> int:
        with suppress(OSError, ValueError):
            return json.loads((self.folder / "run" / f"{name}.pid").read_text())["pid"]
        return 0

    def left(self) -> list[str]:
        folder = os.fsencode(self.folder)
        mine = []
        for one in running():
            with suppress(OSError):
                if folder in Path(f"/proc/{one.pid}/environ").read_bytes() and b"factcheck" in one.command.encode():
                    mine.append(one.command)
        return mine

    def healthy(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        return False

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        end_leftovers(self.folder / "run")


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "var")
    made.folder.mkdir()
    yield made
    made.end()


def test_what_dies_comes_back_and_ctrl_c_ends_all_of_it(desk):
    desk.start()
    assert desk.healthy()
    second = subprocess.run(
        [sys.executable, "-m", "factcheck.run"],
        cwd=HOME, env={**os.environ, "FACTCHECK_VAR": str(desk.folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"already running from this folder, at http://127.0.0.1:{desk.port}/" in second.stdout

    for name in ("broker", "web", "worker", "worker-now", "timetable", "sources"):
        os.kill(desk.pid(name), signal.SIGKILL)
    for name in ("broker", "web", "worker", "worker-now", "timetable"):
        desk.says(f"{name} is back.", 40)
    assert desk.healthy()

    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(15) == 0
    assert desk.left() == []


def test_a_killed_supervisor_starts_again_and_ends_what_it_left(desk):
    desk.start()
    kept = desk.pid("worker")
    desk.process.kill()
    desk.process.wait()
    (desk.folder / "beat").write_bytes(b"no timetable")
    assert started_at(kept)

    desk.start()

    assert not started_at(kept)
    assert desk.healthy()


def run_with(**env) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "factcheck.run"]
    return subprocess.run(command, cwd=HOME, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def test_a_busy_port_is_a_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = run_with(PORT=str(port), FACTCHECK_VAR=str(tmp_path))
    assert answer.returncode == 1
    assert f"Port {port} is in use by another program" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "８０"])
def test_a_port_that_is_none_is_a_sentence(port, tmp_path):
    answer = run_with(PORT=port, FACTCHECK_VAR=str(tmp_path))
    assert answer.returncode == 1
    assert "PORT must be a number from 1 to 65535" in answer.stdout


def test_a_read_only_folder_is_a_sentence():
    answer = run_with(FACTCHECK_VAR="/proc/factcheck")
    assert answer.returncode == 1
    assert "cannot be written to" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr
    with pytest.raises(CannotStart, match="cannot be written to"):
        check_writable("/proc/factcheck")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_a_sentence(version):
    with pytest.raises(CannotStart, match=rf"needs Python 3.11 or newer and found {version[0]}\.{version[1]}"):
        check_version(version)


def test_a_part_that_gives_no_sign_of_work_is_started_again(tmp_path):
    pulse = tmp_path / "pulse"
    (tmp_path / "run").mkdir()
    command = ["sh", "-c", f"touch {pulse}; exec sleep 60"]
    part = Part("sleeper", lambda: command, pulse.exists, dict(os.environ), tmp_path, tmp_path)
    part.sign, part.silence = partial(last_touched, pulse), 1.0
    part.start()
    try:
        first = part.process.pid

        wait_for(lambda: part.tend() or part.process.pid != first, 20, "the next start")

        assert not started_at(first)
        assert part.alive()
    finally:
        part.end_now()


def test_a_number_alone_does_not_end_a_stranger(tmp_path):
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        (tmp_path / "web.pid").write_text(json.dumps({"pid": stranger.pid, "started": "some other time"}))
        assert end_leftovers(tmp_path) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
