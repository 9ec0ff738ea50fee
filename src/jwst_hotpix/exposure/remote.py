"""Remote exposures and references as local files, with only the parts that are needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.ask_crds import CRDS
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.exposure.excerpt import Choose, refuse_other, write_excerpt
from jwst_hotpix.tools.atomic import temporary_folder
from jwst_hotpix.tools.file_cache import cached_file
from jwst_hotpix.tools.open_remote import open_remote
from jwst_hotpix.tools.remote_file import RemoteFile, name_of, without_credentials

__all__ = ["RemoteExposure"]


# The CRDS client is not thread-safe.
_one_at_a_time = Lock()


@dataclass(frozen=True, eq=False, kw_only=True)
class RemoteExposure:
    """
    A remote file, found but not downloaded.

    Attributes
    ----------
    uri : str
        As the user typed it.
    source : RemoteFile or Path
        Where it is: on a server, or already in the CRDS cache.
    sha1 : str
        Its SHA-1, if CRDS gives it.
    """

    uri: str
    source: RemoteFile | Path
    sha1: str = ""

    @classmethod
    def find(cls, uri: str) -> RemoteExposure:
        """
        Find a file.

        Parameters
        ----------
        uri : str
            ``crds://NAME``, ``https://…``, ``s3://…``.

        Returns
        -------
        RemoteExposure

        Raises
        ------
        FetchError
            When there is no such file, or the server cannot be reached.
        """
        with _called(uri):
            if not uri.startswith(CRDS):
                return cls(uri=uri, source=open_remote(uri))
            with _one_at_a_time:
                files = _crds(os.environ.get("CRDS_PATH"), os.environ.get("CRDS_SERVER_URL"))
                if files.holds(uri):
                    return cls(uri=uri, source=files.place(uri))
                address, known = files.address(uri), files.size(uri)
            remote = open_remote(address)
            if remote.size != known:
                found = f"{remote.size} bytes instead of {known}"
                sentence = f"the server has {found}"
                raise FetchError("size", expected=known, found=remote.size, sentence=sentence)
            return cls(uri=uri, source=remote, sha1=files.sha1(uri))

    @property
    def facts(self) -> dict[str, str]:
        """The source of the file, for its record: ``uri``, without signatures, and ``uri_tag``."""
        tag = "" if isinstance(self.source, Path) else self.source.tag
        return {"uri": without_credentials(self.uri)} | ({"uri_tag": tag} if tag else {})

    @contextmanager
    def excerpt(self, choose: Choose) -> Iterator[Path]:
        """
        Provide a local file with the parts that are needed, or all of it.

        Parameters
        ----------
        choose : callable
            See `~jwst_hotpix.exposure.excerpt.write_excerpt`. If parts are not available, the whole
            file is downloaded into the cache of `~jwst_hotpix.tools.file_cache.cached_file`.

        Yields
        ------
        Path
            Of a file of the same name, which must not be changed.

        Raises
        ------
        FetchError
            When it cannot be downloaded, or is not FITS.
        OSError
            When it cannot be written.
        """
        with temporary_folder() as folder:
            path = self.copy(choose, folder)
            if path is not None:
                yield path
                return
        with self.whole() as path:
            yield path

    def copy(self, choose: Choose, folder: Path) -> Path | None:
        """
        Copy the parts that are needed.

        Parameters
        ----------
        choose : callable
            As for `excerpt`.
        folder : Path
            Where to put the file.

        Returns
        -------
        Path or None
            The copy, or the file in the CRDS cache; None if parts are not available.

        Raises
        ------
        FetchError, OSError
            As `excerpt`.
        """
        if isinstance(self.source, Path):
            return self.source
        path = folder / name_of(self.uri)
        with _called(self.uri):
            refuse_other(self.source)
            return path if write_excerpt(self.source, choose, path) else None

    @contextmanager
    def whole(self) -> Iterator[Path]:
        """
        Provide all of the file.

        Yields
        ------
        Path
            Of a file of the same name, which must not be changed.

        Raises
        ------
        FetchError, OSError
            As `excerpt`.
        """
        if isinstance(self.source, Path):
            yield self.source
            return
        with ExitStack() as stack:
            with _called(self.uri):
                path = stack.enter_context(cached_file(self.source, sha1=self.sha1))
            yield path


@cache
def _crds(_path: str | None, _server: str | None) -> CrdsFiles:
    """Ask each server for its catalog only once."""
    return CrdsFiles()


@contextmanager
def _called(uri: str) -> Iterator[None]:
    """Name a file in errors as the user did, whatever its actual address."""
    try:
        yield
    except FetchError as error:
        raise error.within(uri) from error
