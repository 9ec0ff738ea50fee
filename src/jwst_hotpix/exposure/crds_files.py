"""CRDS files by name: where they are in the cache and on the server, and their sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.exposure.ask_crds import CRDS, CrdsSilentError, asking, name_in
from jwst_hotpix.tools.download import download
from jwst_hotpix.tools.open_remote import open_remote

__all__ = ["CrdsFiles"]


class CrdsFiles:
    """
    The CRDS cache and server, as configured for the client.

    The server is asked for its catalog once. Files are downloaded without the client, which gives
    them their name before verifying them and waits forever for a stalled server.
    """

    def place(self, name: str) -> Path:
        """
        Return where a file is, or would be, in the cache.

        Parameters
        ----------
        name : str
            Name of a reference or mapping, or its ``crds://`` address.

        Returns
        -------
        Path

        Raises
        ------
        FetchError
            For a name that is not a valid CRDS name.
        OSError
            When the cache cannot be used.
        """
        import crds

        name = _file_name(name)
        with self._translating(name):
            try:
                return Path(crds.locate_file(name, "jwst"))
            except (AssertionError, KeyError, ValueError, IndexError):
                raise _no_name(name) from None

    def size(self, name: str) -> int | None:
        """Return the size of a file on the server, else in the cache; None if neither has it."""
        known = self.catalog.get(name_in(name))
        if known is not None:
            return int(known["size"])
        place = self.place(name)
        return place.stat().st_size if place.is_file() else None

    def sha1(self, name: str) -> str:
        """Return the SHA-1 of a file from the server, in hexadecimal; empty if it gives none."""
        known = str(self.catalog.get(name_in(name), {}).get("sha1sum", "none"))
        return "" if known == "none" else known

    def holds(self, name: str) -> bool:
        """Return whether the cache has a file with the size given by the server."""
        place = self.place(name)
        return place.is_file() and place.stat().st_size == self.size(name)

    def address(self, name: str) -> str:
        """
        Return the ``https`` address of a file on the server.

        Parameters
        ----------
        name : str
            As for `place`.

        Returns
        -------
        str

        Raises
        ------
        FetchError
            When there is no server, or it does not have the file.
        """
        from crds.client import api

        name = _file_name(name)
        sentence = f"not in the CRDS cache, and {self.why_alone}" if self.why_alone else ""
        if not sentence and name not in self.catalog:
            sentence = "not on the CRDS server"
        if sentence:
            raise FetchError(
                "name", expected="one of CRDS", found=name, source=name, sentence=sentence
            )
        with self._translating(name):
            try:
                return str(api.get_flex_uri(name, "jwst"))
            except (AttributeError, LookupError, TypeError, ValueError):
                sentence = "the CRDS server does not give its address"
                raise FetchError(
                    "address", expected="one", found="none", source=name, sentence=sentence
                ) from None

    def fetch(self, name: str, place: Path | None = None) -> Path:
        """
        Fetch a file, unless it is there and complete.

        Parameters
        ----------
        name : str
            As for `place`.
        place : Path, optional
            Where to put it; in the cache by default. Missing folders are created.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        FetchError, OSError
            When it cannot be downloaded, does not match its size or checksum, or cannot be written.
        """
        name = _file_name(name)
        target = self.place(name) if place is None else place
        size = self.size(name)
        is_there = target.is_file()
        if is_there and target.stat().st_size == size:
            return target
        address = self.address(name)
        if target == self.place(name):
            _require_writable(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_there:
            # An incomplete file left by another program.
            target.unlink(missing_ok=True)
        download(open_remote(address), target, size=size, sha1=self.sha1(name))
        return target

    @cached_property
    def catalog(self) -> Mapping[str, Mapping[str, Any]]:
        """Size and checksum of every file on the server, as of the last time it was reached."""
        return self._asked[0]

    @cached_property
    def why_alone(self) -> str:
        """Why no server can be asked; empty if one can."""
        return self._asked[1]

    @cached_property
    def _asked(self) -> tuple[Mapping[str, Mapping[str, Any]], str]:
        from crds.client import api
        from crds.core import heavy_client

        server = str(api.get_crds_server("jwst"))
        if "serverless" in server or "server-less" in server:
            return _last_catalog(), "no CRDS server is configured (CRDS_SERVER_URL)"
        try:
            with asking():
                catalog = _catalog_of(api.get_download_metadata())
                # As the client does, so that the cache can be used without the server from now on.
                heavy_client.update_config_info("jwst")
                return catalog, ""
        except CrdsSilentError:
            return _last_catalog(), f"the CRDS server {server} does not answer"
        except Exception:  # noqa: BLE001
            # Another kind of web server answered, and the client raises whatever it stumbles on.
            return _last_catalog(), f"{server} does not answer as a CRDS server"

    @contextmanager
    def _translating(self, name: str) -> Iterator[None]:
        try:
            with asking():
                yield
        except CrdsSilentError as error:
            if isinstance(error.__cause__, OSError):
                # The cache cannot be used, whatever the name.
                raise error.__cause__ from None
            raise FetchError(
                "name", expected=f"a file of CRDS ({CRDS}...)", found=str(error), source=name,
                sentence=str(error) if error.is_unset else "not the name of a CRDS file",
            ) from error  # fmt: skip


def _last_catalog() -> Mapping[str, Mapping[str, Any]]:
    """Return the catalog that the cache has from the server; old caches have none."""
    from crds.client.proxy import crds_decode
    from crds.core import heavy_client

    try:
        with asking():
            kept = heavy_client.load_server_info("jwst").get("download_metadata")
            return _catalog_of(crds_decode(kept)) if kept else {}
    except Exception:  # noqa: BLE001
        # There is no such file in the cache, or it is damaged.
        return {}


def _catalog_of(answer: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return a catalog; raise anything unless it gives the size of every file."""
    return {str(name): {**known, "size": int(known["size"])} for name, known in answer.items()}


def _require_writable(name: str) -> None:
    from crds.core import config

    if config.get_cache_readonly():
        sentence = "not in the CRDS cache, which is read-only (CRDS_READONLY_CACHE)"
        raise FetchError("cache", expected="one to write to", found="read-only", source=name,
                         sentence=sentence)  # fmt: skip


def _file_name(text: str) -> str:
    """Return the bare name; a path could lead out of the cache."""
    name = name_in(text)
    if not name or "/" in name:
        raise _no_name(name)
    return name


def _no_name(name: str) -> FetchError:
    sentence = "not the name of a CRDS file"
    return FetchError("name", expected="a file of CRDS", found=name, source=name, sentence=sentence)
