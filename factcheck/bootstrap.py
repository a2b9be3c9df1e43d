"""Make the virtual environment that everything else runs in: `python3 factcheck/bootstrap.py [dev]`.

Standard library only, and in words an old Python can still read, so that it gets as far as saying so.
"""

import errno
import hashlib
import os
import re
import subprocess
import sys
import time

NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
TESTS_OF_A_PYTHON = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"


class CannotStart(Exception):
    """A reason not to go on, as one sentence that says what to do."""


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


def main(kind="run"):
    """Leave an environment with the packages of this kind behind, or raise CannotStart."""
    if sys.version_info < NEEDED:
        newer = other_python() if "PYTHON" not in os.environ else None
        if newer:
            os.execv(newer, [newer, os.path.abspath(__file__), kind])
        check_version(sys.version_info)
    place = os.path.join(ROOT, ".venv")
    if is_current(place, kind):
        return
    check_writable(ROOT)
    check_venv_module()
    with open(os.path.join(ROOT, LOCKS[kind])) as lock:
        wait_for_the_other(lock)
        if is_current(place, kind):
            return
        if not is_usable(place):
            make(place)
        install(place, kind)


def check_version(version):
    if tuple(version[:2]) < NEEDED:
        raise CannotStart(
            "This needs Python 3.11 or newer and found %d.%d: install a newer one (python.org, or your system's"
            " packages) and run make again, or name it: make run PYTHON=/path/to/python3.11" % tuple(version[:2])
        )


def other_python():
    """Find a newer Python on the search path, or None."""
    for name in NEWER:
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK) and succeeds([path, "-c", TESTS_OF_A_PYTHON]):
                return path
    return None


def check_venv_module():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise CannotStart(
            "This Python comes without its venv module: install it (on Debian and Ubuntu:"
            " sudo apt install python3-venv) and run make again."
        )


def check_writable(folder):
    """Refuse a folder in which nothing can be written; tried rather than asked, since root may on paper."""
    trial = os.path.join(folder, ".writable-%d" % os.getpid())
    try:
        if not os.path.isdir(folder):
            os.makedirs(folder)
        os.close(os.open(trial, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.remove(trial)
    except (IOError, OSError) as refusal:  # noqa: UP024
        if refusal.errno == errno.ENOSPC:
            raise CannotStart("The disk that holds %s is full: free some space and run make again." % folder)
        raise CannotStart(
            "The folder %s cannot be written to: copy the project to a folder of your own and run make there." % folder
        )


def python_of(place):
    if os.name == "nt":
        return os.path.join(place, "Scripts", "python.exe")
    return os.path.join(place, "bin", "python")


def lock_digest(kind):
    with open(os.path.join(ROOT, LOCKS[kind]), "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def stamp_of(place, kind):
    return os.path.join(place, "installed-" + kind)


def stamp_text(place, kind):
    # The place too: scripts inside an environment name it, so a moved folder is made anew.
    return lock_digest(kind) + " " + os.path.abspath(place) + "\n"


def is_current(place, kind):
    """Say whether this environment holds what the lock files of today ask for; dev holds run."""
    for stamped in ["run", "dev"] if kind == "run" else ["dev"]:
        try:
            with open(stamp_of(place, stamped)) as stamp:
                if stamp.read() == stamp_text(place, stamped):
                    return succeeds([python_of(place), "-c", TESTS_OF_A_PYTHON])
        except (IOError, OSError):  # noqa: UP024
            pass
    return False


def is_usable(place):
    """Say whether packages can be installed into what is there: not after an install that was cut short."""
    if os.path.exists(unfinished(place)):
        return False
    return succeeds([python_of(place), "-c", "import pip._internal.commands.install; " + TESTS_OF_A_PYTHON])


def unfinished(place):
    return os.path.join(place, "installing")


def succeeds(command):
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except (IOError, OSError):  # noqa: UP024
        return False


def wait_for_the_other(lock):
    """Let one of two makes install; the lock goes with the process, however it ends."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (IOError, OSError):  # noqa: UP024
        say("Another make is installing here; waiting for it ...")
        fcntl.flock(lock, fcntl.LOCK_EX)


def make(place):
    say("Making a virtual environment in .venv (Python %d.%d) ..." % sys.version_info[:2])
    if os.path.islink(place):
        raise CannotStart("The folder .venv is a link to somewhere else: remove the link and run make again.")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", place], capture_output=True, text=True)
    if made.returncode:
        words = (made.stdout + made.stderr).strip().splitlines() or ["no reason given"]
        raise CannotStart(
            "The virtual environment could not be made (%s): remove .venv and run make again." % words[-1]
        )


def install(place, kind):
    with open(os.path.join(ROOT, LOCKS[kind])) as lock:
        count = len(re.findall(r"(?m)^[A-Za-z0-9][^ ]*==", lock.read()))
    say("Installing %d packages, about a minute with a good line ..." % count)
    began = time.time()
    open(unfinished(place), "w").close()
    log_path = os.path.join(place, "install.log")
    command = [python_of(place), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-color", "-r", os.path.join(ROOT, LOCKS[kind])]
    env = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONWARNINGS="ignore")
    problems = []
    with open(log_path, "w") as log:
        pip = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, universal_newlines=True
        )
        looked, shown = 0, began
        for line in pip.stdout or ():
            log.write(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                looked += 1
            if line.startswith("ERROR:"):
                problems.append(line[7:].strip())
            if line.startswith("Installing collected packages"):
                say("  downloaded, unpacking ...")
                looked = 0
            elif time.time() - shown > 4 and looked:
                shown = time.time()
                say("  %d of %d" % (looked, count))
        pip.wait()
    if pip.returncode:
        reason = problems[-1] if problems else "pip ended with %d" % pip.returncode
        raise CannotStart(
            "The packages could not be installed (%s): check the network connection and the space on the disk, then"
            " run make again; all that pip said is in %s" % (reason.rstrip("."), os.path.relpath(log_path, ROOT))
        )
    os.remove(unfinished(place))
    with open(stamp_of(place, kind), "w") as stamp:
        stamp.write(stamp_text(place, kind))
    say("  done in %d s." % (time.time() - began))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except CannotStart as reason:
        sys.stderr.write("%s\n" % reason)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; run make again to go on where this left off.\n")
        sys.exit(130)
