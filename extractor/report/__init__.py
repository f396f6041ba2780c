"""A run as something to read: a page of its own, Markdown, or JSON, made from its ledger."""

from __future__ import annotations

from extractor.report.json_report import json_report
from extractor.report.markdown import markdown_report
from extractor.report.page import html_report

__all__ = ["html_report", "json_report", "markdown_report"]
