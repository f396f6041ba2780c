"""The page of a run: CPU seconds, size and memory by the number of documents, and how they grow.

    python benchmarks/report.py [--documents 250 500 1000] [--limit 5]

The documents are those of seeds/ and their recorded answers, copied until there are as many as
wanted; each copy has a text and numbers of its own. The figures are every accepted claim by what
happened and what was counted. `growth` is how many times as much CPU a run took as the one before
it, beside how many times as many documents it had. Exits with 1 where the largest run took more
than `--limit` CPU seconds for each thousand documents.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "report"))

from report_runs import multiplied, replayed_seeds, seeds_groups

from extractor.report import html_report, json_report, markdown_report

_FORMS = {"html": html_report, "md": markdown_report, "json": json_report}


def main() -> int:
    """Measure, print, and hold the largest run against the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, nargs="+", default=[250, 500, 1000])
    parser.add_argument("--limit", type=float, default=5.0, help="CPU seconds a thousand documents")
    options = parser.parse_args()
    counts = sorted(options.documents)
    with tempfile.TemporaryDirectory() as folder:
        seeds = replayed_seeds(Path(folder))
        taken: dict[int, float] = {}
        for count in counts:
            run = multiplied(seeds, Path(folder) / str(count), count)
            groups = seeds_groups(run)
            figures = sum(len(group.figures) for group in groups)
            print(f"{count:,} documents, {figures:,} figures in {len(groups)} groups")
            for form, report in _FORMS.items():
                began = time.process_time()
                size = 0
                with (run / f"report.{form}").open("wb") as file:
                    for piece in report(run, groups):
                        size += file.write(piece.encode())
                seconds = time.process_time() - began
                print(f"  {form:4} {seconds:6.2f} s CPU, {size / 1e6:6.2f} MB")
                if form == "html":
                    taken[count] = seconds
    for before, after in pairwise(counts):
        growth, more = taken[after] / taken[before], after / before
        print(f"growth {before:,} to {after:,}: {growth:.2f} times the CPU for {more:.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    a_thousand = taken[counts[-1]] * 1000 / counts[-1]
    print(f"{a_thousand:.2f} s CPU for a thousand documents (limit {options.limit:g})")
    return 0 if a_thousand <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
