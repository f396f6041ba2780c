"""A program that extracts from a Ray dataset of its own, and prints the rows that come of it."""

from __future__ import annotations

import json
import logging
import sys

import ray

from extractor.errors import InputError
from extractor.scale.ray import extract_dataset
from extractor.scale.ray_plan import RayPlan


def main() -> None:
    """Three rows, one without a text."""
    ray.init(num_cpus=8, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    texts = ["Some 12 boats sank.", "Nothing was counted.", None]
    rows = [{"id": n, "body": text, "lang": "en"} for n, text in enumerate(texts, 1)]
    articles = ray.data.from_items(rows)
    for plan in (RayPlan(text_column="nope"), RayPlan(text_column="body", id_column="of")):
        try:
            extract_dataset(articles, "m", base_url=sys.argv[1], plan=plan)
        except InputError as error:
            sys.stderr.write(f"{error}\n")
        else:
            raise AssertionError("a column that is not there was taken")
    plan = RayPlan(text_column="body", id_column="id")
    done = extract_dataset(articles, "m", base_url=sys.argv[1], plan=plan)
    json.dump(sorted(done.take_all(), key=lambda row: row["id"]), sys.stdout)


if __name__ == "__main__":
    main()
