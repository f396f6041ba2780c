"""Documents of a Ray dataset through a model, in many processes, on one machine or on many.

Needs the extra `ray`. What is done to a document is what `extract` does to it; here are only the
actors in which that happens, and the columns that come of it.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from extractor.batch.document_rows import Failure
from extractor.batch.export_files import arrow_schema
from extractor.batch.exports import Row
from extractor.errors import InputError
from extractor.extraction import AskingPolicy, prompt_for
from extractor.model import ModelChoice
from extractor.scale.dataset_rows import COLUMNS, failed_row
from extractor.scale.ray_plan import RayPlan
from extractor.scale.row_extractor import Asked, RowExtractor
from extractor.text import Document

if TYPE_CHECKING:
    from ray.data import Dataset


_RETRIES = 5
"""How often a block is begun again whose actor was lost: a text may be what ends it, each time."""


def extract_dataset(
    ds: Dataset,
    model: str | None = None,
    *,
    base_url: str | None = None,
    prompt: str | None = None,
    policy: AskingPolicy | None = None,
    plan: RayPlan | None = None,
) -> Dataset:
    """The rows of `ds`, each with what came of its document: the columns of `dataset_rows.COLUMNS`.

    Arguments mean what they mean for `extract`; a key is taken from the environment of the nodes,
    and a class of your own in `policy` is imported there. A document that fails is a row. Raises
    InputError for a prompt or a column that cannot be used; what would meet every document alike
    ends the execution with a ModelError.
    """
    plan, policy = plan or RayPlan(), policy or AskingPolicy()
    asked = Asked(ModelChoice(model, base_url), prompt_for(policy, prompt), policy)
    there = set(ds.columns() or ())
    wanted = filter(None, (plan.text_column, plan.id_column, plan.why_column))
    if missing := [name for name in wanted if name not in there]:
        raise InputError(f"The dataset has no column {', '.join(missing)}.")
    taken = {column.name for column in COLUMNS} - {plan.id_column}
    if both := sorted(there & taken):
        raise InputError(f"The dataset has columns of these names already: {', '.join(both)}.")
    return extracted(ds, asked, plan)


def extracted(ds: Dataset, asked: Asked, plan: RayPlan) -> Dataset:
    """As `extract_dataset`, of a dataset whose columns are known to fit."""
    from ray.data import ActorPoolStrategy

    pool = ActorPoolStrategy(
        size=plan.actors,
        max_tasks_in_flight_per_actor=plan.blocks_at_once,
        max_concurrent_calls_per_actor=plan.blocks_at_once,
    )
    # blocks of few documents: what a block holds is written, and known to be done, together
    blocks = ds.repartition(target_num_rows_per_block=plan.documents_per_block)
    with warnings.catch_warnings():  # Ray has no other name for it yet
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        return blocks.map_batches(
            _Actor,
            batch_size=None,
            batch_format="pyarrow",
            compute=pool,
            num_cpus=1,
            fn_constructor_args=(asked, plan),
            max_task_retries=_RETRIES,
        )


class _Actor:
    """Adds the columns of the outcome to a table of documents, many of which are under way."""

    def __init__(self, asked: Asked, plan: RayPlan) -> None:
        self._plan = plan
        self._rows = RowExtractor(asked, plan.ceilings)
        self._threads = ThreadPoolExecutor(plan.documents_at_once, thread_name_prefix="document")

    async def __call__(self, table: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        import pyarrow as pa

        loop = asyncio.get_running_loop()
        work = [loop.run_in_executor(self._threads, self._row, one) for one in self._given(table)]
        outcome = pa.Table.from_pylist(await asyncio.gather(*work), arrow_schema(COLUMNS))
        kept = [name for name in table.column_names if name not in outcome.column_names]
        columns = {name: table[name] for name in kept} | dict(
            zip(outcome.column_names, outcome.columns, strict=True)
        )
        return pa.table(columns)

    def _given(self, table: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
        plan = self._plan
        names = (plan.text_column, plan.id_column, plan.why_column)
        lists = [[None] * len(table) if name is None else table[name].to_pylist() for name in names]
        return zip(*lists, strict=True)

    def _row(self, given: tuple[Any, ...]) -> Row:
        text, name, why = given
        name = "" if name is None else str(name)
        try:
            text = text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else text
        except UnicodeDecodeError as error:
            text, why = None, f"its text is not UTF-8 ({error})"
        if not isinstance(text, str):
            failure = Failure(name, why or "there is no text in this row", "unreadable")
            return failed_row(failure, None, [])
        return self._rows.row(Document(text=text, id=name))
