"""A run as something to read: a page of its own, Markdown, or JSON, made from its ledger."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.report.json_object import json_report
    from extractor.report.markdown import markdown_report
    from extractor.report.page import html_report

__all__ = ["html_report", "json_report", "markdown_report"]

# Looked up when first used: one number of a run is shown without what makes a page.
_HOME = {"html_report": "page", "json_report": "json_object", "markdown_report": "markdown"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"extractor.report.{_HOME[name]}"), name)
