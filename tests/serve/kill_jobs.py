"""A service that is killed again and again while it has jobs, and what must hold of them.

    python tests/serve/kill_jobs.py --kills 40

Every job that was acknowledged (202) ends as done, with every document once. Prints what is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent), str(Path(__file__).parent)]

from scripted_server import Server  # noqa: E402
from service_process import ServiceProcess, fleet, sailors  # noqa: E402

_LONGEST = 2.5  # seconds that a service lives after it took a job
_DOCUMENTS = 30


def killed_again_and_again(folder: Path, kills: int, seed: int, *, everything: bool) -> list[str]:
    """A job is taken and the service killed, at a random moment, so many times; what is wrong then.

    `everything` kills the processes of the jobs as well.
    """
    rng = random.Random(seed)  # noqa: S311 - a trial, not a secret
    server = Server(sailors)
    options = ["--model", "scripted", "--base-url", server.url]
    taken: dict[str, int] = {}
    faults: list[str] = []
    try:
        for kill in range(kills):
            service = ServiceProcess(folder / "runs", *options)
            documents = _DOCUMENTS + kill % 7
            answered = service.ask("POST", "/v1/jobs", {"documents": fleet(documents)})
            if answered.status == 202:
                taken[answered.json["id"]] = documents
            else:
                faults.append(f"kill {kill}: a job was answered with {answered.status}")
            time.sleep(rng.uniform(0.0, _LONGEST))
            (service.kill_all if everything else service.kill)()
        with ServiceProcess(folder / "runs", *options) as service:
            for name, documents in taken.items():
                faults += _faults_of(service, name, documents)
    finally:
        server.close()
    return faults


def _faults_of(service: ServiceProcess, name: str, documents: int) -> list[str]:
    job = service.job_ended(name)
    if job["state"] != "done":
        return [f"{name}: {job['state']}, {job['message']}"]
    claims = service.ask("GET", f"/v1/jobs/{name}/results/claims").lines
    got = [claim["value"] for claim in claims]
    wanted = [str(n + 60) for n in range(documents)]
    return [] if got == wanted else [f"{name}: {len(got)} claims of {documents}"]


def main() -> None:
    """Kill as often as asked, with and without the processes of the jobs."""
    parser = argparse.ArgumentParser(description="Kill a service, and see what became of its jobs.")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wrong = 0
    for everything in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            kills = given.kills // 2
            faults = killed_again_and_again(Path(folder), kills, given.seed, everything=everything)
        what = "the service and its jobs" if everything else "the service alone"
        print(f"{what}: {kills} kills, {len(faults)} faults", *faults, sep="\n  ")  # noqa: T201
        wrong += len(faults)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
