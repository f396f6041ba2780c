"""The CPU time of an interpreter that does one thing, for what an import costs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys


def cpu_seconds(program: str, bytecode: str) -> float:
    """CPU time, user and system, of an interpreter that runs `program` and ends.

    `bytecode` is the folder of its compiled modules, so that a second run finds them there.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
