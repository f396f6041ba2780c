"""`/review`: a page of four files that hold no text and no claim; its script asks for those."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter, Response

from extractor.serve.answers import text_answers

router = APIRouter(tags=["review"])

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_STYLES = (("report", "page.css"), ("serve", "review.css"))
_SCRIPTS = (
    ("report", "page_parts.js"),
    ("report", "page_claims.js"),
    ("serve", "review_service.js"),
    ("serve", "review_claim.js"),
    ("serve", "review.js"),
)


@router.get("/review", response_class=Response, responses=text_answers("A page", "text/html"))
async def review() -> Response:
    """The review page."""
    page = _asset("serve", "review.html")
    return Response(page, media_type="text/html", headers={"content-security-policy": _POLICY})


@router.get("/review/page.css", response_class=Response, include_in_schema=False)
async def style() -> Response:
    """Its style: that of the report, and a little more."""
    return Response("".join(_asset(*one) for one in _STYLES), media_type="text/css")


@router.get("/review/page.js", response_class=Response, include_in_schema=False)
async def script() -> Response:
    """Its script: parts of the report's, and its own."""
    parts = "\n".join(_asset(*one) for one in _SCRIPTS)
    text = f'"use strict";\n(() => {{\n{parts}}})();\n'
    return Response(text, media_type="text/javascript")


@lru_cache(maxsize=16)
def _asset(room: str, name: str) -> str:
    return files(f"extractor.{room}").joinpath(name).read_text("utf-8")
