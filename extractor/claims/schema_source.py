"""A schema by its name: "package.module:Class", "folder/file.py:Class" or "folder/file.py"."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from extractor.claims.schema import ClaimSchema, schema_of
from extractor.claims.schema_field import SchemaError
from extractor.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel


def load_schema(name: str, folder: Path | None = None) -> ClaimSchema:
    """The schema of this name; its module is run, as any import is.

    Of a file that defines one schema, the class need not be named. Files and modules are looked for
    in `folder` (default: the current one), modules also where Python looks for them.

    Raises InputError when there is none of this name, SchemaError when it cannot be checked.
    """
    where, _, wanted = name.rpartition(":")
    if not where or where.endswith(".") or wanted.endswith(".py"):
        where, wanted = name, ""
    if not where.strip(".") or not where.isprintable():
        raise InputError(f"schema {name!r}: wanted is FILE.py, FILE.py:Class or module:Class.")
    folder = folder or Path.cwd()
    module = _file(folder, where) if where.endswith(".py") else _module(folder, where)
    if wanted:
        found = getattr(module, wanted, None)
        if not isinstance(found, type):
            raise InputError(f"schema {name}: there is no class {wanted} in {where}.")
        return schema_of(found)
    classes = list(_schemas_of(module))
    if len(classes) != 1:
        names = ", ".join(one.__name__ for one in classes) or "none"
        raise InputError(
            f"schema {name}: one class is wanted, and in it are {names}; name it as {where}:Class."
        )
    return schema_of(classes[0])


def _schemas_of(module: ModuleType) -> Iterator[type[BaseModel]]:
    from pydantic import BaseModel

    for found in vars(module).values():
        is_own = isinstance(found, type) and found.__module__ == module.__name__
        if is_own and issubclass(found, BaseModel):
            try:
                schema_of(found)
            except SchemaError as error:
                if not str(error).startswith(f"{found.__name__} is no schema"):
                    raise
                continue
            yield found


def _file(folder: Path, path: str) -> ModuleType:
    try:
        resolved = (folder / path).resolve(strict=True)
        source = resolved.read_bytes()
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise InputError(f"schema {path}: cannot be read ({why}).") from error
    # one module a file and content, so that its rules are registered once
    digest = hashlib.sha256(str(resolved).encode() + source).hexdigest()[:16]
    name = f"extractor_schema_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, resolved)
    if spec is None or spec.loader is None:
        raise InputError(f"schema {path}: this is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _running(path):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _module(folder: Path, name: str) -> ModuleType:
    here = str(folder)
    sys.path.insert(0, here)
    try:
        with _running(name):
            return importlib.import_module(name)
    finally:
        with suppress(ValueError):  # the module may have taken it away
            sys.path.remove(here)


@contextmanager
def _running(name: str) -> Iterator[None]:
    """What a user's module raises is told in a sentence, with the line where it was raised."""
    try:
        yield
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        line = ""
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.endswith(Path(name).name):
                line = f", line {trace.tb_lineno}"
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.lineno is not None:
            line = f", line {error.lineno}"
        raise InputError(
            f"schema {name}{line}: it cannot be imported ({type(error).__name__}: {_said(error)})."
        ) from error


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error of somebody else's, that cannot even say what it is
        return "no message"
