"""Point the CRDS client of this process, or of another, at a cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jwst_hotpix.simulate.crds_context import newest_context

__all__ = ["cache_environment", "use_cache"]

# The client does not look for a server if the address contains "serverless".
_SERVER = "https://jwst-serverless.invalid"


def cache_environment(root: str | os.PathLike[str], context: str | None = None) -> dict[str, str]:
    """
    Return the environment variables by which CRDS finds a cache.

    The client remembers what it has read: once a process has requested a reference file, it
    ignores changes of the environment. Set the variables first, or call `use_cache`.

    Parameters
    ----------
    root : path
        Folder of the cache.
    context : str, optional
        Name of the context to use; by default the newest in the cache.

    Returns
    -------
    dict of str to str
        CRDS_PATH, CRDS_CONTEXT and CRDS_SERVER_URL.

    Raises
    ------
    FileNotFoundError
        When no context is given and the folder contains none.
    """
    return {
        "CRDS_PATH": str(Path(root).resolve()),
        "CRDS_CONTEXT": context or newest_context(root),
        "CRDS_SERVER_URL": _SERVER,
    }


@contextmanager
def use_cache(
    root: str | os.PathLike[str], context: str | None = None, *, server: str = _SERVER
) -> Iterator[None]:
    """
    Use a cache in this process within a block, whatever CRDS has read before.

    Parameters
    ----------
    root, context
        As for `cache_environment`.
    server : str
        Address of a CRDS server; by default there is none.

    Raises
    ------
    FileNotFoundError
        As `cache_environment`.
    """
    given = cache_environment(root, context) | {"CRDS_SERVER_URL": server}
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
    """Clear the caches of the CRDS client, if it has been imported."""
    if "crds" not in sys.modules:
        return
    from crds.client import api
    from crds.core import config, utils

    utils.clear_function_caches()
    # How the folders of one cache are arranged is not how those of another are.
    config.CRDS_REF_SUBDIR_MODE = "None"
    api.set_crds_server(os.environ.get("CRDS_SERVER_URL", _SERVER))
