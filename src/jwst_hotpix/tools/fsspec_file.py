"""A file opened with fsspec, for example in an S3 bucket, read in parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jwst_hotpix.exceptions import FetchError, first_line
from jwst_hotpix.tools.patience import TransientError
from jwst_hotpix.tools.remote_file import RemoteFile

__all__ = ["FsspecFile"]


class FsspecFile(RemoteFile):
    """
    A file opened with fsspec, with the credentials of its backends.

    Parameters
    ----------
    uri : str
        Address, such as ``s3://bucket/name``.

    Raises
    ------
    FetchError
        When there is no such file, access is denied, or the library for such addresses is missing.
    """

    # Bytes per request; large enough for the full speed of S3.
    _PIECE = 8 << 20

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        try:
            info = self._info()
        except FetchError:
            raise
        except ImportError as error:
            # For other backends fsspec names the package.
            how = "pip install 'jwst_hotpix[remote]'" if self._protocol == "s3" else str(error)
            raise self._failed(f"{self._protocol}:// needs more packages: {how}") from error
        except FileNotFoundError as error:
            raise self._failed("no such file on the server") from error
        except PermissionError as error:
            raise self._failed("access is denied") from error
        except Exception as error:
            # The exceptions of the backends have no common base class.
            raise self._failed(first_line(error)) from error
        self.size = info.get("size")
        self.tag = str(info.get("ETag") or info.get("LastModified") or "").strip('"')
        if info.get("type") != "file":
            raise self._failed("is a folder; give the files in it")

    def _info(self) -> dict[str, Any]:
        try:
            return self._ask()
        except Exception as error:
            # Public data need no credentials, but the libraries look for some.
            if type(error).__name__ != "NoCredentialsError":
                raise
            return self._ask(anon=True)

    def _ask(self, **options: Any) -> dict[str, Any]:
        import fsspec

        try:
            fsspec.get_filesystem_class(self._protocol)
        except ValueError as error:
            raise self._failed(f"unknown protocol: {self._protocol}://") from error
        # Some backends connect to the server that the address names as soon as they are made.
        self._files, self._path = fsspec.url_to_fs(self.uri, **options)
        info: dict[str, Any] = self._files.info(self._path)
        return info

    def _pieces(self, start: int, end: int | None) -> Iterator[bytes]:
        end = self._end(end)
        if end is None:
            raise self._failed("the server does not give the size of the file")
        for at in range(start, end, self._PIECE):
            try:
                yield self._files.cat_file(self._path, start=at, end=min(at + self._PIECE, end))
            except OSError as error:
                raise TransientError(first_line(error)) from error

    @property
    def _protocol(self) -> str:
        return self.uri.partition("://")[0]
