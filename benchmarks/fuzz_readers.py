"""The readers of files and answers that people or networks hand over, and small inputs for each."""

import http.client
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import requests
import urllib3
from astropy.io import fits
from astropy.table import Table

from jwst_hotpix.exceptions import HotPixError, naming
from jwst_hotpix.exchange.export_list import export_ecsv
from jwst_hotpix.exchange.guess_format import guess_format
from jwst_hotpix.exchange.msaexp import read_msaexp
from jwst_hotpix.exchange.pixel_tables import read_table
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.exposure.find import read_lists
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.exposure.remote import RemoteExposure
from jwst_hotpix.fetch.mast import SCIENCE, Search, find_in_mast
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.bounds import Bounds
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.science_record import (
    ScienceRecord,
    read_science_record,
    science_record_of,
    write_science_record,
)
from jwst_hotpix.ledger.update_log import UpdateLog
from jwst_hotpix.ledger.what_is_kept import record_of
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.measure.rate import measure
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.target_acq.acquisition_file import read_acquisition
from jwst_hotpix.testing.perfect_monitor import perfect_list
from jwst_hotpix.tools import http_file, remote_file
from jwst_hotpix.tools.patience import Patience

ADDRESS = "http://server.example/file.fits"

# The mask of the science record, which other records share.
_MASKED = np.zeros((8, 16), bool)
_WINDOW = Window(detector=get_detector("NRS1"), ystart=101, xstart=201, shape=_MASKED.shape)
_BOUNDS = Bounds.of(_WINDOW, np.zeros(_MASKED.shape, np.uint8), _MASKED)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """
    A reader.

    Attributes
    ----------
    read : callable
        Reads all of a file.
    ending : str
        Of the name of its files.
    libraries : tuple of str
        Whose Python it calls, besides that of this package.
    longest : int
        Largest input in bytes: more would only be slower.
    names : str
        What errors name instead of the file.
    """

    read: Callable[[Path], object]
    ending: str = ""
    libraries: tuple[str, ...] = ()
    longest: int = 4096
    names: str = ""


def _read_dark(path: Path) -> None:
    """Measure a dark, and make of it what the ledger keeps."""
    json.dumps(record_of(measure(path)).header())


def _read_science(path: Path) -> None:
    json.dumps(science_record_of(read_science(path)).facts)


def _read_science_record(path: Path) -> None:
    digest = sha256(_BOUNDS.masked).hexdigest()[:16]
    record = read_science_record(path, path.parent, {digest: _BOUNDS.masked})
    record.bounds.at(record.pixel)


def _read_log(path: Path) -> None:
    """Read the log of an update, which lies in a ledger under a name of its own."""
    log = UpdateLog(Ledger(path.parent))
    log.path = path
    _ = log.settled
    log.last_look("science")


def _read_foreign(path: Path, read: Callable[[Path, Detector], object]) -> None:
    """Read what becomes a list, but look for no rings in it, which takes ten times as long."""
    with naming(path):
        read(path, _WINDOW.detector)


def _read_any_table(path: Path, detector: Detector) -> None:
    guess_format(path)
    read_table(path, detector)


def _read_mast(path: Path) -> None:
    """Search MAST, whose answer to anything is the file."""
    answer = requests.Response()
    answer.status_code, answer._content = 200, path.read_bytes()  # noqa: SLF001
    with patch.object(requests.Session, "request", return_value=answer):
        find_in_mast(Search(types=SCIENCE, product="rate"))


def _read_crds(path: Path) -> None:
    """Ask a CRDS server, whose answer to anything is the file."""
    from crds.client import api, proxy
    from crds.core import heavy_client

    def answer(*_: object) -> str:
        return path.read_bytes().decode()

    for cached in (api.get_server_info, api.get_download_metadata):
        cached.cache.clear()
    before = api.get_crds_server("jwst")
    with (
        patch.object(proxy.ServiceCallBinding, "_call_service", answer),
        patch.object(heavy_client, "update_config_info"),
    ):
        api.set_crds_server("https://crds.example")
        files = CrdsFiles()
        files.size("jwst_nirspec_dark_0001.fits")
        files.sha1("jwst_nirspec_dark_0001.fits")
        try:
            files.address("jwst_nirspec_dark_0001.fits")
        finally:
            api.set_crds_server(before)


class _Raw(requests.adapters.BaseAdapter):
    """Answers each request with the same bytes, as a server might send them."""

    content = b""

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        raw = http.client.HTTPResponse(self)
        try:
            raw.begin()
            answer = urllib3.HTTPResponse(
                body=raw, headers=urllib3.HTTPHeaderDict(raw.msg.items()), status=raw.status,
                reason=raw.reason, preload_content=False, decode_content=False,
            )  # fmt: skip
        except http.client.HTTPException as error:
            # As urllib3 and requests do it.
            raise requests.exceptions.ConnectionError(error) from error
        return _ADAPTER.build_response(request, answer)

    def makefile(self, *_: object) -> io.BytesIO:
        """Stand in for the socket."""
        return io.BytesIO(self.content)

    def close(self) -> None:
        """Close nothing."""


_ADAPTER, _RAW, _SESSION = requests.adapters.HTTPAdapter(), _Raw(), requests.Session()
_SESSION.trust_env = False
_SESSION.mount("http://", _RAW)
_SESSION.mount("https://", _RAW)


def _read_http(path: Path) -> None:
    """Copy parts of a remote file; the answer to any request is the file."""
    _RAW.content = path.read_bytes()
    _SESSION.cookies.clear()
    with (
        patch.object(http_file, "_session", lambda: _SESSION),
        patch.object(remote_file, "_unreachable", set()),
        patch.object(remote_file, "patience", lambda: Patience(timeout=1.0, retries=0)),
    ):
        remote = RemoteExposure.find(ADDRESS)
        remote.copy(lambda _: {1}, path.parent)
        remote.source.read(100, 20_000)


_FITS = ("astropy.io.fits",)
_PARQUET = ("pyarrow.parquet",)

READERS: dict[str, Reader] = {
    "update-log": Reader(read=_read_log, ending=".jsonl"),
    "file-list": Reader(read=lambda path: list(read_lists([f"@{path}"])), ending=".txt"),
    "msaexp": Reader(
        read=partial(_read_foreign, read=read_msaexp), ending=".yaml", libraries=("yaml",)
    ),
    "http-answer": Reader(read=_read_http, ending=".http", longest=16384, names=ADDRESS),
    "mast-answer": Reader(
        read=_read_mast, ending=".json", libraries=("astroquery.mast.discovery_portal",),
        names="MAST",
    ),
    "crds-answer": Reader(
        read=_read_crds, ending=".json", libraries=("crds.client.proxy",),
        names="jwst_nirspec_dark",
    ),
    "record": Reader(read=read_record, ending=".parquet", libraries=_PARQUET),
    "science-record": Reader(read=_read_science_record, ending=".parquet", libraries=_PARQUET),
    "table": Reader(read=partial(_read_foreign, read=_read_any_table), ending=".txt"),
    "ecsv": Reader(
        read=partial(_read_foreign, read=_read_any_table), ending=".ecsv",
        libraries=("astropy.io.ascii", "yaml"),
    ),
    "fits-table": Reader(
        read=partial(_read_foreign, read=_read_any_table), ending=".fits", libraries=_FITS,
        longest=1 << 15,
    ),
    "exposure": Reader(read=read_exposure, ending=".fits", libraries=_FITS, longest=1 << 15),
    "reference": Reader(read=read_mask, ending=".fits", libraries=_FITS, longest=1 << 15),
    "mask": Reader(
        read=partial(_read_foreign, read=partial(read_mask_file, bit=1)), ending=".fits",
        libraries=_FITS, longest=1 << 15,
    ),
    "dark": Reader(read=_read_dark, ending=".fits", libraries=_FITS, longest=1 << 15),
    "science": Reader(read=_read_science, ending=".fits", libraries=_FITS, longest=1 << 16),
    "acquisition": Reader(read=read_acquisition, ending=".fits", libraries=_FITS, longest=1 << 15),
    "list": Reader(read=asdf_file.read, ending=".asdf", libraries=("asdf", "yaml"), longest=8192),
}  # fmt: skip

# What a DARK reference has of a rate.
_DARK = {"SCI": "DRK", "ERR": "UNC"}

_TEXTS = {
    "table/commas": "x,y,rate,onset,flag\n100,200,5.5,59999.5,HOT\n101,200,nan,2022-01-01,HOT\n",
    "table/ranges": "# x y flag\n199:201 300 1\n7 8 2\n",
    "msaexp/list": (
        "files: [jw01_nrs1_rate.fits]\nflags: {HOT: 1024, DEAD: 4}\n"
        "pixel_index: [100, 205000]\npixel_value: [1024, 4]\nshape: [2048, 2048]\n"
    ),
    "file-list/list": "# comment\na_rate.fits\treleased=2024-01-01\n'b c_rate.fits'\n",
    "update-log/log": (
        '{"settled": "https://x/y", "reason": "no"}\n{"search": "science", "looked": 6e4}\n'
    ),
}


def read_or_refuse(name: str, path: Path) -> None:
    """
    Read a file, which may be refused.

    Parameters
    ----------
    name : str
        Name of the reader.
    path : Path
        The file.

    Raises
    ------
    Exception
        Anything that is not an error of this package that names the file.
    """
    reader = READERS[name]
    try:
        reader.read(path)
    except HotPixError as error:
        if (reader.names or path.name) not in str(error):
            raise AssertionError(f"an error without name: {error}") from error


def write_seeds(folder: Path) -> None:
    """
    Write a few small inputs for each reader, into a folder for each.

    They have no checksums, so that most changes of them are read and not refused at once.

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    for name in READERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in _TEXTS.items():
        (folder / f"{name}{READERS[name.partition('/')[0]].ending}").write_text(text)
    _write_answers(folder)
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels([990, 991], [1410, 1411], 50.0)
    pixels = perfect_list(world, np.array([59900.0, 60000.0]))
    _write_list(pixels, folder / "list" / "list.asdf")
    export_ecsv(pixels, folder / "ecsv" / "list.ecsv")
    whole = write_dark_rate(folder / "dark.fits", world, start=60000.0, subarray="SUB32")
    Ledger(folder / "ledger").add(measure(whole))
    (record,) = Ledger(folder / "ledger").files()
    _without_checksums(record, folder / "record" / "record.parquet")
    _write_science_record(folder)
    _write_fits(whole, folder)


def _write_answers(folder: Path) -> None:
    row = {
        "filename": "jw01234001001_03101_00001_nrs1_rate.fits", "exp_type": "NRS_MSASPEC",
        "detector": "NRS1", "readpatt": "NRSRAPID", "subarray": "FULL", "program": "1234",
        "expstart": 60000.0, "fileSize": 5, "publicReleaseDate_mjd": 60001.0, "isRestricted": False,
    }  # fmt: skip
    found = {
        "status": "COMPLETE",
        "msg": "",
        "data": [row],
        "paging": {"page": 1, "pagesFiltered": 1},
    }
    (folder / "mast-answer" / "found.json").write_text(json.dumps(found))
    catalog = {"jwst_nirspec_dark_0001.fits": {"size": "100", "sha1sum": "0" * 40}}
    contexts = ("latest", "operational", "edit", "build", "versions")
    info = {f"{state}_context": "jwst_0001.pmap" for state in contexts} | {
        "observatory": "jwst", "bad_files": "", "bad_files_list": [], "mappings": [],
        "force_remote_mode": False, "crds_version": {"str": "14.0.3"}, "last_synced": "never",
        "reference_url": {"jwst": "https://crds.example/references/"},
        "mapping_url": {"jwst": "https://crds.example/mappings/"}, "download_metadata": catalog,
    }  # fmt: skip
    text = json.dumps({"error": None, "result": info})
    (folder / "crds-answer" / "info.json").write_text(text)
    image = fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(np.ones((4, 4), "u1"), name="SCI")])
    content = io.BytesIO()
    image.writeto(content)
    body, size = content.getvalue(), len(content.getvalue())
    heads = {
        "whole": f'HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nETag: "a"\r\n\r\n',
        "part": f"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-{size - 1}/{size}\r\n\r\n",
        "busy": "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Type: text/plain\r\n\r\n",
        "pieces": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n",
    }
    for name, head in heads.items():
        (folder / "http-answer" / f"{name}.http").write_bytes(head.encode() + body)


def _write_list(pixels: object, path: Path) -> None:
    """Write a list whose header gives no checksum, as older ones do."""
    asdf_file.write(pixels, path, asdf_file.Header(useafter="2022-07-01T00:00:00"))
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(line for line in lines if b"sha256:" not in line))


def _without_checksums(source: Path, target: Path) -> None:
    """Write a record uncompressed, and as older versions did."""
    table = pq.read_table(source, partitioning=None)
    known = {key: value for key, value in table.schema.metadata.items() if b"sha256" not in key}
    columns = pa.table({name: table.column(name).to_numpy() for name in table.column_names})
    options = {"compression": "none", "store_schema": False, "write_statistics": False}
    with pq.ParquetWriter(target, columns.schema, **options) as file:
        file.write_table(columns)
        file.add_key_value_metadata(known)


def _write_science_record(folder: Path) -> None:
    columns = ("rate", "error", "share", "share_error")
    record = ScienceRecord(
        readout="TRAD", kind="science", epoch=60000.0, known=60000.1, window=_WINDOW,
        facts={"product": "rate"}, first=59999.9, last=60000.1, visit="01234001001",
        configuration="NRS_MSASPEC FULL", disperser="G395M F290LP", pointing=(1.0, 2.0),
        independent=1, pixel=np.array([100 * 2048 + 205, 102 * 2048 + 207], np.int32),
        bounds=_BOUNDS, digest="0" * 64, **{name: np.ones(2, np.float32) for name in columns},
    )  # fmt: skip
    write_science_record(record, folder / "whole.parquet", folder)
    target = folder / "science-record" / "record.parquet"
    _without_checksums(folder / "whole.parquet", target)


def _write_fits(whole: Path, folder: Path) -> None:
    """Write the smallest dark, exposures, MASKs and acquisition that readers take."""
    with fits.open(whole) as hdus:
        header = hdus[0].header.copy()
        header.update(SUBSIZE1=8, SUBSIZE2=8)
        images = {hdu.name: np.array(hdu.data[12:20, 12:20]) for hdu in hdus[1:] if hdu.is_image}
    primary = fits.PrimaryHDU(header=header)
    small = fits.HDUList(
        [primary, *(fits.ImageHDU(data, name=name) for name, data in images.items())]
    )
    small.writeto(folder / "dark" / "dark.fits")
    small.writeto(folder / "exposure" / "rate.fits")
    small[0].header.update(EXP_TYPE="NRS_FIXEDSLIT", GRATING="G395M", FILTER="F290LP")
    small.writeto(folder / "science" / "rate.fits")
    image = (images["SCI"] > 1).astype("u1")
    fits.PrimaryHDU(image).writeto(folder / "mask" / "image.fits")
    mask = fits.PrimaryHDU()
    mask.header.update(
        REFTYPE="MASK", DETECTOR="NRS1", READPATT="ANY", USEAFTER="2022-07-01T00:00:00",
        SUBSTRT1=1399, SUBSTRT2=975, SUBSIZE1=8, SUBSIZE2=8,
    )  # fmt: skip
    bits = np.array(
        [(0, 1, "DO_NOT_USE"), (3, 8, "HOT")], [("BIT", "i4"), ("VALUE", "u4"), ("NAME", "S12")]
    )
    dq = fits.ImageHDU(np.where(image, 9, 0).astype("u4"), name="DQ")
    reference = fits.HDUList([mask, dq, fits.BinTableHDU(bits, name="DQ_DEF")])
    for name in ("mask", "reference"):
        reference.writeto(folder / name / "mask.fits")
    mask.header.update(REFTYPE="DARK", INSTRUME="NIRSPEC", READPATT="NRSRAPID")
    rates = [fits.ImageHDU(images[key], name=name) for key, name in _DARK.items()]
    fits.HDUList([mask, *rates, *reference[1:]]).writeto(folder / "dark" / "reference.fits")
    packed = fits.CompImageHDU(image.astype("i2"), name="DQ", compression_type="RICE_1")
    fits.HDUList([fits.PrimaryHDU(), packed]).writeto(folder / "mask" / "packed.fits")
    table = Table({"X": [5, 6], "Y": [7, 8], "rate": [1.5, 2.5]})
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU(table)]).writeto(
        folder / "fits-table" / "pixels.fits"
    )
    _write_acquisition(folder / "acquisition" / "ta.fits")


def _write_acquisition(path: Path) -> None:
    primary = fits.PrimaryHDU()
    primary.header.update(
        {"EXPMID": 60000.0, "DATE-OBS": "2023-02-25", "TGROUP": 10.7, "NFRAMES": 1}
    )
    stars = np.array(
        [("101", 1, b"NRS1", 1531, 1650, 1546.5, 1665.5)],
        [
            ("reference_star_name", "S15"), ("exposure_id", "i2"), ("ref_star_detector", "S4"),
            ("extract_col_start", "i2"), ("extract_row_start", "i2"),
            ("sci_x_centroid", "f8"), ("sci_y_centroid", "f8"),
        ],
    )  # fmt: skip
    fits.HDUList([primary, fits.BinTableHDU(stars, name="MSA_TARG_ACQ")]).writeto(path)
