"""A program that extracts from a Ray dataset of its own, and prints the rows that come of it.

Beside it documents at a URI, without those that are known.
"""

from __future__ import annotations

import json
import logging
import sys

import ray

from extractor.batch.input_document import InputOptions
from extractor.errors import InputError
from extractor.scale.ray import extract_dataset
from extractor.scale.ray_documents import (
    DocumentChoice,
    DocumentSource,
    known_places,
    place_key,
)
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
    rows = sorted(done.take_all(), key=lambda row: str(row["id"]))
    json.dump({"rows": rows, "at_uris": _at(sys.argv[2])}, sys.stdout)


def _at(uri: str) -> list[dict[str, str | None]]:
    """The documents at a URI, less two that are known."""
    choice = DocumentChoice(".", (uri,), InputOptions("body", date_column="day"))
    known = known_places([[place_key(1, 1), place_key(2, 1)]])
    source = DocumentSource(choice, 25, known)
    rows = ray.data.read_datasource(source, override_num_blocks=source.tasks).take_all()
    names = ("place", "document", "source", "published", "text", "unreadable")
    return [{name: _plain(row[name]) for name in names} for row in rows]


def _plain(given: object) -> str | None:
    if given is None:
        return None
    return given.decode() if isinstance(given, bytes) else str(given)


if __name__ == "__main__":
    main()
