"""Point the CRDS client of this or another process at a cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jwst_hotpix.simulate.crds_context import newest_context

__all__ = ["cache_environment", "use_cache"]

# "serverless" in the address is what tells the client not to look for a server.
_SERVER = "https://jwst-serverless.invalid"


def cache_environment(root: str | os.PathLike[str], context: str | None = None) -> dict[str, str]:
    """
    List the environment variables by which CRDS finds a cache.

    The client keeps what it has read: once a process has asked for a reference file, it ignores a
    changed environment. Set them before, or use `use_cache`.

    Parameters
    ----------
    root : path
        Folder of the cache.
    context : str, optional
        By default the newest in the cache.

    Returns
    -------
    dict of str to str

    Raises
    ------
    FileNotFoundError
        When no context is given and the folder holds none.
    """
    return {
        "CRDS_PATH": str(Path(root).resolve()),
        "CRDS_CONTEXT": context or newest_context(root),
        "CRDS_SERVER_URL": _SERVER,
    }


@contextmanager
def use_cache(root: str | os.PathLike[str], context: str | None = None) -> Iterator[None]:
    """
    Use a cache in this process for a while, whatever CRDS has read before.

    Parameters
    ----------
    root, context
        As for `cache_environment`.

    Raises
    ------
    FileNotFoundError
        As `cache_environment`.
    """
    given = cache_environment(root, context)
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    _forget()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _forget()


def _forget() -> None:
    """Empty the memory of the CRDS client, if it is there."""
    if "crds" not in sys.modules:
        return
    from crds.client import api
    from crds.core import utils

    utils.clear_function_caches()
    api.set_crds_server(os.environ.get("CRDS_SERVER_URL", _SERVER))
