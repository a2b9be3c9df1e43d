"""R37 at its full size: jobs looked at while workers, broker and database are killed at random.

    .venv/bin/python bench/kills.py [JOBS] [KILLS] [SEED]        (1000, 50 and any)

The jobs are first done undisturbed, then again in an empty database under kills, and the two must come to the same:
every job done once or given up, none lost, none done twice. Exits with 1 where they do not. All that is killed was
started here: a broker, workers, sweeps and, where PostgreSQL's programs are found, a cluster of its own (else SQLite,
whose writers die in the middle of their transactions). Takes some minutes; no part of `make test` or `make bench`.
"""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) + [Path(p).parent for p in [shutil.which("initdb")] if p]


class Cluster:
    """A PostgreSQL cluster of our own in a folder, that can lose its power."""

    def __init__(self, folder: Path) -> None:
        self.data, self.programs = folder / "cluster", PROGRAMS[-1]
        self.log = (folder / "cluster.log").open("ab")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        # The server refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.data.mkdir()
        if self.user:
            os.chown(self.data, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
            for place in (folder, *folder.parents[:-1]):
                if not place.stat().st_mode & 0o001:
                    place.chmod(place.stat().st_mode | 0o011)
        self.run("initdb", "-D", str(self.data), "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), *words]
        subprocess.run(command, check=True, stdout=self.log, stderr=self.log, cwd="/", **self.user)

    def start(self) -> None:
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port), "-k", str(self.data)]
        self.process = subprocess.Popen(
            [*command, "-c", "listen_addresses=127.0.0.1"],
            stdout=self.log, stderr=self.log, cwd="/", start_new_session=True, **self.user,
        )  # fmt: skip

    def kill(self) -> None:
        """End the server and all its processes at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    @property
    def url(self) -> str:
        return f"postgres://desk@127.0.0.1:{self.port}/postgres"


def asked(question):
    """Ask the database until it answers."""
    from django.db import Error, connection

    while True:
        try:
            return question()
        except Error:
            connection.close()
            time.sleep(0.1)


class Run:
    """The jobs of one run, and who does them."""

    def __init__(self, plant, cluster: Cluster | None, jobs: int, seed: int) -> None:
        self.plant, self.cluster, self.jobs, self.chance = plant, cluster, jobs, random.Random(seed)

    def begin(self) -> None:
        from sources.models import Snapshot, Source, SourceCheck
        from tests.faults.plant import due

        for model in (SourceCheck, Snapshot, Source):
            model.objects.all().delete()
        self.plant.broker.say("FLUSHALL")
        due(*(self.plant.site.url(f"/job/{number}") for number in range(self.jobs)))
        self.workers = [self.plant.worker(name, processes=2) for name in ("one", "two")]
        self.sweep = next((one for one in self.plant.processes if one.name == "sweep"), None) or self.sweeper()
        self.plant.ticking = True

    def sweeper(self):
        from tests.faults.plant import Process

        command = ["manage.py", "sweep", "--loop"]
        made = Process("sweep", command, self.plant.env, self.plant.folder)
        self.plant.processes.append(made)
        return made.start()

    def looks(self) -> int:
        from sources.models import SourceCheck
        from tests.faults.plant import pass_waits

        asked(pass_waits)
        return asked(SourceCheck.objects.count)

    def kill_one(self) -> str:
        """Kill one of those who do the work, or what they stand on, and start it again."""
        who = self.chance.choice(["worker", "worker", "sweep", "broker", "broker, emptied", "database"])
        if who == "worker":
            worker = self.chance.choice(self.workers)
            worker.kill()
            worker.start()
        elif who == "database" and self.cluster is not None:
            self.cluster.kill()
            self.cluster.start()
        elif who.startswith("broker"):
            self.plant.broker.kill()
            self.plant.broker.start(empty="emptied" in who)
        else:
            who = "sweep"
            self.sweep.kill()
            self.sweep.start()
        for each in (*self.workers, self.sweep):  # as a supervisor does: one that ended by itself is started again
            if not each.is_running():
                each.start()
        return who

    def finish(self) -> dict[str, tuple]:
        """Wait until all is done or given up, and return what each job came to."""
        from sources.models import Source

        while asked(Source.objects.given_up().count) + self.looks() < self.jobs:
            for each in (*self.workers, self.sweep):
                if not each.is_running():
                    each.start()
            time.sleep(0.3)
        self.plant.ticking = False
        for each in (*self.workers, self.sweep):
            each.kill()
        return {source.url: came_to(source) for source in Source.objects.prefetch_related("checks", "snapshots")}


def came_to(source) -> tuple:
    """What a job came to, its times and tries aside; a job done twice shows twice."""
    looks = tuple((check.outcome, check.page_class, check.has_changed) for check in source.checks.all())
    texts = tuple(snapshot.text_sha256 for snapshot in source.snapshots.all())
    return (source.link_state, source.attempts_without_outcome, looks, texts)


def main(jobs: int, kills: int, seed: int) -> int:
    """Do it, and say how it went."""
    folder = Path(tempfile.mkdtemp(prefix="kills"))
    cluster = Cluster(folder) if PROGRAMS else None
    os.environ["DATABASE_URL"] = cluster.url if cluster else f"sqlite:///{folder / 'kills.sqlite3'}"
    os.environ["FACTCHECK_VAR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from sources.models import Source
    from tests.faults.plant import TEXT, Plant

    plant = Plant(folder, os.environ["DATABASE_URL"])
    try:
        asked(lambda: call_command("migrate", verbosity=0))
        plant.broker.start()
        for number in range(jobs):
            plant.site.says(f"/job/{number}", TEXT, f"Berth {number} is open.")
        plant.tick()
        plant.tick()
        run = Run(plant, cluster, jobs, seed)
        began = time.monotonic()
        run.begin()
        undisturbed = run.finish()
        print(f"undisturbed: {len(undisturbed)} jobs in {time.monotonic() - began:.0f} s", flush=True)
        began, killed = time.monotonic(), Counter()
        run.begin()
        for count in range(1, kills + 1):
            until = time.monotonic() + 15  # a plant that is being killed makes little headway: the next kill comes
            while run.looks() < count * jobs // (kills + 1) and time.monotonic() < until:
                time.sleep(0.05)
            killed[run.kill_one()] += 1
        ended = run.finish()
        dead = set(Source.objects.given_up().values_list("url", flat=True))
    finally:
        plant.end()
        if cluster is not None:
            cluster.kill()
    differs = {url for url in undisturbed if url not in dead and ended.get(url) != undisturbed[url]}
    twice = sum(len(looks) > 1 or len(texts) > 1 for _, _, looks, texts in ended.values())
    said = ", ".join(f"{count} {who}" for who, count in killed.most_common())
    print(f"{kills} kills in {time.monotonic() - began:.0f} s: {said}")
    print(
        f"{len(ended)} jobs of {jobs}: {len(ended) - len(dead) - len(differs)} as undisturbed, {len(dead)} given up, "
        f"{len(differs)} otherwise, {twice} done twice"
    )
    for url in sorted(differs)[:5]:
        print(f"  {url}: {ended.get(url)} for {undisturbed[url]}")
    if not differs and not twice:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if differs or twice or len(ended) != jobs else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:4]]
    sys.exit(main(*given, *(1000, 50, random.randrange(10_000))[len(given) :]))
