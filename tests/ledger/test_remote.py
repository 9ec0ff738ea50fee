"""Files elsewhere into a ledger: the same records, and only the bytes that are needed."""

import io
import json
import tempfile

import fsspec
import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner
from fsspec.implementations.memory import MemoryFileSystem

from crds_site import CrdsSite, dark_name, write_rules
from darks import rate_hdus, reference_hdus
from jwst_hotpix.cli.ingest import command
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.crds_session import use_cache
from jwst_hotpix.tools import remote_file
from web_server import Site, serving

ALONE = "not in the CRDS cache, and no CRDS server is configured (CRDS_SERVER_URL)"


@pytest.fixture(autouse=True)
def _settings(tmp_path, monkeypatch):
    monkeypatch.setenv("JWST_HOTPIX_TIMEOUT", "0.5")
    monkeypatch.setenv("JWST_HOTPIX_RETRIES", "1")
    monkeypatch.setenv("JWST_HOTPIX_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(remote_file, "_unreachable", set())


@pytest.fixture
def site():
    with serving(Site()) as running:
        yield running


def bytes_of(hdus):
    stream = io.BytesIO()
    hdus.writeto(stream)
    return stream.getvalue()


def reference(**cards):
    """Make a DARK whose ramp, which is not needed, is most of it."""
    hdus = reference_hdus(**cards)
    hdus.append(fits.ImageHDU(np.zeros((50, *hdus["DRK"].shape), np.float32), name="SCI"))
    return bytes_of(hdus)


def run(*args, inputs=None):
    ran = CliRunner().invoke(command, [*map(str, args), "--json"], input=inputs)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, json.loads(ran.stdout), ran.stderr.splitlines()


def only_record(folder):
    ledger = Ledger(folder)
    [record] = [*ledger.records("NRS1"), *ledger.science("NRS1")]
    return record


def same(a, b):
    return a.digest == b.digest and all(
        np.array_equal(getattr(a, name), getattr(b, name)) for name in ("pixel", "rate", "error")
    )


def test_only_the_needed_parts_of_a_dark_are_downloaded(site, tmp_path):
    content = site.files["/dark.fits"] = reference()
    (tmp_path / "dark.fits").write_bytes(content)
    assert ingest_file(Ledger(tmp_path / "here"), tmp_path / "dark.fits")
    uri = f"{site.url}/dark.fits"
    assert ingest_file(Ledger(tmp_path / "there"), uri)
    here, there = only_record(tmp_path / "here"), only_record(tmp_path / "there")
    assert same(here, there)
    # What it comes from is all that differs.
    origin = {"uri": uri, "uri_tag": '"1"'}
    assert there.facts == here.facts | origin
    assert site.sent["/dark.fits"] < 0.2 * len(content)


def test_files_in_the_ledger_are_not_downloaded_again(site, tmp_path):
    site.files["/dark.fits"] = reference()
    uri = f"{site.url}/dark.fits"
    assert run(tmp_path / "ledger", uri)[1]["ingested"] == [uri]
    moved = site.sent["/dark.fits"]
    assert run(tmp_path / "ledger", uri)[1]["already_present"] == [uri]
    assert site.sent["/dark.fits"] - moved <= 10 * 2880


def test_a_damaged_record_of_an_address_is_measured_again(site, tmp_path):
    site.files["/dark.fits"] = reference()
    uri = f"{site.url}/dark.fits"
    run(tmp_path / "ledger", uri)
    [path] = (tmp_path / "ledger").rglob("*.parquet")
    content = path.read_bytes()
    path.write_bytes(content[:60] + b"\xff\x00" + content[62:])
    assert run(tmp_path / "ledger", uri)[1]["ingested"] == [uri]
    assert only_record(tmp_path / "ledger").facts["uri"] == uri


def test_a_misplaced_record_of_an_address_is_measured_again(site, tmp_path):
    site.files["/dark.fits"] = reference()
    uri = f"{site.url}/dark.fits"
    run(tmp_path / "ledger", uri)
    [path] = (tmp_path / "ledger").rglob("*.parquet")
    path.rename(path.with_name("60000.00000_000000000000.parquet"))
    assert run(tmp_path / "ledger", uri)[1]["ingested"] == [uri]
    assert path.is_file()


def test_without_ranges_a_file_is_fetched_once_and_kept(site, tmp_path):
    content = site.files["/dark.fits"] = reference()
    site.faults["/dark.fits"] = "no ranges"
    uri = f"{site.url}/dark.fits"
    for name in ("one", "two"):
        assert ingest_file(Ledger(tmp_path / name), uri)
    assert only_record(tmp_path / "one").facts["uri"] == uri
    [kept] = (tmp_path / "kept").rglob("*.fits")
    assert kept.read_bytes() == content
    # Once to look at it, once for all of it; and to look whether it is still the same.
    assert site.requests["/dark.fits"] == 3


def test_the_cache_stays_below_its_limit(site, tmp_path, monkeypatch):
    content = reference()
    monkeypatch.setenv("JWST_HOTPIX_CACHE_SIZE", str(int(2.5 * len(content))))
    for name in "abcd":
        site.files[f"/{name}.fits"] = content
        site.faults[f"/{name}.fits"] = "no ranges"
        ingest_file(Ledger(tmp_path / "ledger"), f"{site.url}/{name}.fits")
    kept = {path.name for path in (tmp_path / "kept").rglob("*.fits")}
    assert kept == {"c.fits", "d.fits"}
    monkeypatch.setenv("JWST_HOTPIX_CACHE_SIZE", "1000")
    site.files["/e.fits"], site.faults["/e.fits"] = content, "no ranges"
    _, result, _ = run(tmp_path / "new", f"{site.url}/e.fits")
    assert "exceed the limit of the cache" in result["rejected"][0]["reason"]


def test_the_ramp_is_measured_if_drk_is_zero(site, tmp_path):
    hdus = reference_hdus(images=())
    blank = fits.ImageHDU(np.zeros(hdus["SCI"].shape[1:], np.float32), name="DRK")
    hdus.append(blank)
    site.files["/dark.fits"] = bytes_of(hdus)
    uri = f"{site.url}/dark.fits"
    assert ingest_file(Ledger(tmp_path / "ledger"), uri)
    assert only_record(tmp_path / "ledger").facts["product"] == "ramp"


def test_rates_errors_and_flags_of_a_rate_product_are_downloaded(site, tmp_path):
    hdus = rate_hdus()
    for name in ("VAR_POISSON", "VAR_RNOISE"):
        hdus.append(fits.ImageHDU(np.zeros(hdus["SCI"].shape, np.float32), name=name))
    content = site.files["/x_rate.fits"] = bytes_of(hdus)
    (tmp_path / "x_rate.fits").write_bytes(content)
    assert ingest_file(Ledger(tmp_path / "here"), tmp_path / "x_rate.fits")
    assert ingest_file(Ledger(tmp_path / "there"), f"{site.url}/x_rate.fits")
    assert same(only_record(tmp_path / "here"), only_record(tmp_path / "there"))
    # Headers, too, are a part of so small a file.
    assert site.sent["/x_rate.fits"] < 0.75 * len(content)


def test_many_addresses_a_list_and_workers(site, tmp_path):
    for seed in range(3):
        site.files[f"/{seed}.fits"] = bytes_of(rate_hdus(epoch=60_000.0 + seed, seed=seed))
    lines = "".join(f"{site.url}/{seed}.fits\n" for seed in range(3))
    code, result, _ = run(tmp_path / "ledger", "@-", "--workers", "2", inputs=lines)
    assert (code, len(result["ingested"])) == (0, 3)
    assert len(Ledger(tmp_path / "ledger").records("NRS1")) == 3


def test_workers_and_copies_change_nothing(site, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for seed in range(4):
        site.files[f"/{seed}.fits"] = reference(seed=seed, USEAFTER=f"2023-02-0{seed + 1}T00:00:00")
    site.files["/ramp.fits"] = bytes_of(reference_hdus(images=()))
    site.faults |= {"/1.fits": 403, "/2.fits": "no ranges"}
    (tmp_path / "here.fits").write_bytes(reference(USEAFTER="2022-01-01T00:00:00"))
    names = [f"{site.url}/{name}.fits" for name in (0, 1, 2, 3, "ramp", 0)]
    files = [*names[:2], tmp_path / "here.fits", *names[2:]]
    code, _, [problem] = run(tmp_path / "ledger", *files, "--workers", "2")
    assert code == 1
    assert problem == f"hotpix: {names[1]}: access is denied (HTTP 403)"
    assert site.requests["/1.fits"] <= 2
    run(tmp_path / "alone", *files)
    here, there = (Ledger(tmp_path / name).records("NRS1") for name in ("ledger", "alone"))
    assert [one.digest for one in here] == [one.digest for one in there]
    assert [one.facts for one in here] == [one.facts for one in there]
    assert len(here) == 5
    assert not list((tmp_path / "temporary").iterdir())
    moved = site.sent["/3.fits"]
    _, again, _ = run(tmp_path / "ledger", names[3], names[0], "--workers", "2")
    assert len(again["already_present"]) == 2
    assert site.sent["/3.fits"] - moved <= 10 * 2880


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (403, "access is denied (HTTP 403)"),
        (404, "no such file on the server (HTTP 404)"),
        (500, "the server answers Internal Server Error (HTTP 500)"),
        (429, "too many requests for the server (HTTP 429)"),
        ("html", "the server sent a web page instead of the file"),
        ("lie", "the server sent bytes other than those requested"),
        ("stall", "the server sent nothing for 0.5 s"),
        ("grow", "the file changed while it was read"),
    ],
)
def test_a_misbehaving_server_costs_one_line_and_the_others_continue(site, tmp_path, fault, reason):
    site.files |= {"/bad.fits": reference(), "/good.fits": reference(seed=1)}
    site.faults["/bad.fits"] = fault
    bad, good = (f"{site.url}/{name}.fits" for name in ("bad", "good"))
    code, result, problems = run(tmp_path / "ledger", bad, good)
    assert code == 1
    assert result["ingested"] == [good]
    assert problems == [f"hotpix: {bad}: {reason}"]
    assert site.requests["/bad.fits"] < 12


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "not a FITS file"),
        (bytes_of(fits.HDUList([fits.PrimaryHDU()])), "instrument: expected NIRSPEC, found NONE"),
        (reference()[:-2880], "truncated or damaged"),
    ],
)
def test_wrong_content_is_refused_with_its_address(site, tmp_path, content, reason):
    site.files["/x.fits"] = content
    uri = f"{site.url}/x.fits"
    code, _, [problem] = run(tmp_path / "ledger", uri)
    assert code == 1
    assert problem.startswith(f"hotpix: {uri}: {reason}")


def test_invalid_addresses_are_refused(tmp_path):
    with use_cache(write_cache(tmp_path), "jwst_0001.pmap"):
        _, _, problems = run(
            tmp_path / "ledger", "crds://nonsense", "crds://jwst_nirspec_dark_9999.fits",
            "crds://", "crds://../../x.fits", "xyz://bucket/x.fits", "http://127.0.0.1:9/x.fits",
        )  # fmt: skip
    assert sorted(problems) == [
        "hotpix: crds://../../x.fits: not the name of a CRDS file",
        "hotpix: crds://: not the name of a CRDS file",
        f"hotpix: crds://jwst_nirspec_dark_9999.fits: {ALONE}",
        "hotpix: crds://nonsense: not the name of a CRDS file",
        "hotpix: http://127.0.0.1:9/x.fits: the server cannot be reached",
        "hotpix: xyz://bucket/x.fits: unknown protocol: xyz://",
    ]


class Hosted(MemoryFileSystem):
    """A backend that, as those of FTP and SSH, is made for the server that an address names."""

    protocol = "hosted"

    def __init__(self, host, **options):
        super().__init__(**options)
        self.host = host

    @classmethod
    def _strip_protocol(cls, path):
        return "/" + path.partition("://")[2].partition("/")[2] if "://" in path else path

    @staticmethod
    def _get_kwargs_from_urls(path):
        return {"host": path.partition("://")[2].partition("/")[0]}


def test_a_backend_gets_the_server_that_the_address_names(tmp_path):
    fsspec.register_implementation("hosted", Hosted, clobber=True)
    Hosted("here").pipe_file("/d/x.fits", reference())
    code, result, _ = run(tmp_path / "ledger", "hosted://here/d/x.fits", "hosted://here/d/y.fits")
    assert code == 1
    assert result["ingested"] == ["hosted://here/d/x.fits"]
    assert result["rejected"][0]["reason"].endswith("y.fits: no such file on the server")


def write_cache(root):
    write_rules(root / "server")
    return root / "server"


def test_crds_references_are_read_by_name(tmp_path):
    root, site = write_cache(tmp_path), CrdsSite()
    site.load(root)
    name = dark_name(3)
    site.files[f"/references/{name}"] = content = reference()
    (tmp_path / "cache").mkdir()
    with serving(site):
        url = site.url.replace("127.0.0.1", "localhost")
        with use_cache(tmp_path / "cache", "jwst_0001.pmap", server=url):
            assert run(tmp_path / "ledger", f"crds://{name}")[1]["ingested"]
            assert site.sent[f"/references/{name}"] < 0.2 * len(content)
            before = site.requests.total()
            assert run(tmp_path / "ledger", f"crds://{name}")[1]["already_present"]
            assert site.requests.total() == before
    assert only_record(tmp_path / "ledger").facts["uri"] == f"crds://{name}"


def test_files_in_the_crds_cache_are_read_there(tmp_path):
    root = write_cache(tmp_path)
    place = root / "references" / "jwst" / "nirspec"
    place.mkdir(parents=True)
    (place / dark_name(3)).write_bytes(reference())
    with use_cache(root, "jwst_0001.pmap"):
        assert ingest_file(Ledger(tmp_path / "ledger"), f"crds://{dark_name(3)}")


@pytest.fixture
def bucket(s3):
    s3.mkdir("evidence")
    return s3


def test_files_in_a_bucket_are_read_in_parts(bucket, tmp_path):
    content = reference()
    bucket.pipe("evidence/dark.fits", content)
    uri = "s3://evidence/dark.fits"
    _, result, problems = run(tmp_path / "ledger", uri, "s3://evidence/none.fits", "s3://evidence")
    assert result["ingested"] == [uri]
    assert problems == [
        "hotpix: s3://evidence: is a folder; give the files in it",
        "hotpix: s3://evidence/none.fits: no such file on the server",
    ]
    (tmp_path / "dark.fits").write_bytes(content)
    ingest_file(Ledger(tmp_path / "here"), tmp_path / "dark.fits")
    assert same(only_record(tmp_path / "here"), only_record(tmp_path / "ledger"))
    assert run(tmp_path / "ledger", uri)[1]["already_present"] == [uri]
