"""Files from a server that may misbehave: whole under their names, or an error of one line."""

import hashlib
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from jwst_hotpix.exceptions import FetchError
from jwst_hotpix.tools import remote_file
from jwst_hotpix.tools.download import download
from jwst_hotpix.tools.open_remote import open_remote
from jwst_hotpix.tools.remote_file import without_credentials
from web_server import Site, serving

CONTENT = bytes(range(256)) * 4000
SHA1 = hashlib.sha1(CONTENT).hexdigest()  # noqa: S324 (the checksum that CRDS gives)


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("JWST_HOTPIX_TIMEOUT", "0.3")
    monkeypatch.setenv("JWST_HOTPIX_RETRIES", "2")
    monkeypatch.setattr(remote_file, "_unreachable", set())
    with serving(Site(files={"/x.fits": CONTENT})) as running:
        yield running


def fetch(site, path, **known):
    return download(open_remote(f"{site.url}/x.fits"), path, **known)


def names(folder):
    return [path.name for path in folder.iterdir()]


def problem(site, path, **known):
    with pytest.raises(FetchError) as caught:
        fetch(site, path, **known)
    assert not path.exists()
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{site.url}/x.fits: ")
    return caught.value.sentence


def test_a_file_arrives_whole_and_only_once(site, tmp_path):
    path = tmp_path / "x.fits"
    assert fetch(site, path, size=len(CONTENT), sha1=SHA1)
    assert path.read_bytes() == CONTENT
    assert not fetch(site, path)
    assert names(tmp_path) == ["x.fits"]


@pytest.mark.parametrize("fault", ["no ranges", "cut", "stall", 500, 503, 429])
def test_what_fails_in_passing_is_asked_for_again(site, tmp_path, fault):
    site.faults["/x.fits"], site.times["/x.fits"] = fault, 1
    assert fetch(site, tmp_path / "x.fits")
    assert (tmp_path / "x.fits").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (401, "the server requires a login (HTTP 401)"),
        (403, "access is denied (HTTP 403)"),
        (404, "no such file on the server (HTTP 404)"),
        ("html", "the server sent a web page instead of the file"),
    ],
)
def test_what_asking_again_cannot_cure_is_asked_once(site, tmp_path, fault, sentence):
    site.faults["/x.fits"] = fault
    assert problem(site, tmp_path / "x.fits") == sentence
    assert site.requests["/x.fits"] == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (429, "too many requests for the server (HTTP 429)"),
        (500, "the server answers Internal Server Error (HTTP 500)"),
        ("stall", "the server sent nothing for 0.3 s"),
        ("cut", "the connection was cut"),
    ],
)
def test_repetitions_end(site, tmp_path, fault, sentence):
    site.faults["/x.fits"] = fault
    assert problem(site, tmp_path / "x.fits").startswith(sentence)
    assert site.requests["/x.fits"] <= 6


def test_other_bytes_than_those_asked_for_are_refused(site, tmp_path):
    site.faults["/x.fits"] = "lie"
    with pytest.raises(FetchError, match="sent bytes other than those requested$"):
        open_remote(f"{site.url}/x.fits").read(100_000, 200_000)


def test_a_file_that_changes_on_the_way_is_refused(site, tmp_path):
    site.faults["/x.fits"] = "grow"
    assert problem(site, tmp_path / "x.fits") == "the file changed while it was read"


def test_without_a_server_each_of_many_files_does_not_wait(site, tmp_path):
    dead = site.url.replace(site.url.rpartition(":")[2], "9")
    for name in ("a", "b"):
        with pytest.raises(FetchError, match="the server cannot be reached$"):
            open_remote(f"{dead}/{name}")
    with pytest.raises(FetchError, match="no such server, or no network$"):
        open_remote("https://no-such-host.invalid/x.fits")


def test_a_file_of_another_size_or_checksum_gets_no_name(site, tmp_path):
    path = tmp_path / "x.fits"
    assert "bytes instead of 5" in problem(site, path, size=5)
    assert "a different checksum" in problem(site, path, sha1="0" * 40)
    assert not names(tmp_path)


def test_what_was_received_before_does_not_travel_again(site, tmp_path):
    site.faults["/x.fits"] = "cut"
    problem(site, tmp_path / "x.fits")
    [part] = tmp_path.iterdir()
    assert part.name.startswith(".x.fits.")
    received = part.stat().st_size
    site.faults.clear()
    site.sent.clear()
    assert fetch(site, tmp_path / "x.fits")
    assert (tmp_path / "x.fits").read_bytes() == CONTENT
    assert site.sent["/x.fits"] <= len(CONTENT) - received + 28800


def test_damage_in_what_was_received_before_is_cured(site, tmp_path):
    site.faults["/x.fits"] = "cut"
    problem(site, tmp_path / "x.fits", sha1=SHA1)
    [part] = tmp_path.iterdir()
    part.write_bytes(bytes(part.stat().st_size))
    site.faults.clear()
    assert fetch(site, tmp_path / "x.fits", sha1=SHA1)
    assert (tmp_path / "x.fits").read_bytes() == CONTENT


def test_of_many_who_want_a_file_one_fetches_it(site, tmp_path):
    site.latency = 0.05
    with ThreadPoolExecutor(4) as pool:
        fetched = list(pool.map(lambda _: fetch(site, tmp_path / "x.fits"), range(4)))
    assert sum(fetched) == 1
    assert names(tmp_path) == ["x.fits"]


CHILD = """
import resource, signal, sys
from jwst_hotpix.exceptions import reason_of
from jwst_hotpix.tools.download import download
from jwst_hotpix.tools.open_remote import open_remote
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    download(open_remote(sys.argv[1]), sys.argv[2])
except OSError as error:
    print(reason_of(error))
"""


def test_a_full_disk_is_reported_by_the_name_that_was_asked_for(site, tmp_path):
    # A limit on the size of files stands in for a full disk: both end a write half done.
    path = tmp_path / "x.fits"
    run = subprocess.run(
        [sys.executable, "-c", CHILD, f"{site.url}/x.fits", path],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == f"{path}: file too large\n"
    assert not path.exists()
    assert fetch(site, path)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.1])
def test_killed_at_any_moment_it_is_completed_later(site, tmp_path, moment):
    site.latency = 0.02
    path = tmp_path / "x.fits"
    code = CHILD.replace("resource.setrlimit", "print('up', flush=True); id")
    with subprocess.Popen(
        [sys.executable, "-c", code, f"{site.url}/x.fits", path], stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        try:
            child.wait(moment)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    assert not path.exists() or path.read_bytes() == CONTENT
    fetch(site, path)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://me:secret@host/a.fits", "https://host/a.fits"),
        ("https://h/a.fits?X-Amz-Signature=1&X-Amz-Expires=9&v=2", "https://h/a.fits?v=2"),
        ("https://h/a.fits?sv=1&sig=2&token=3", "https://h/a.fits"),
        (
            "https://mast/Download?uri=mast:JWST/a.fits",
            "https://mast/Download?uri=mast:JWST/a.fits",
        ),
        ("s3://bucket/a#1.fits", "s3://bucket/a#1.fits"),
        ("crds://jwst_nirspec_dark_0374.fits", "crds://jwst_nirspec_dark_0374.fits"),
    ],
)
def test_no_password_or_signature_is_kept_with_an_address(given, kept):
    assert without_credentials(given) == kept
