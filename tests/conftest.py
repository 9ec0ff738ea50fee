"""Settings of the whole suite, and fixtures that more than one folder uses."""

import os

# No test asks CRDS for step parameters unless it says so, and none ever contacts a server.
os.environ.setdefault("STPIPE_DISABLE_CRDS_STEPPARS", "true")
os.environ["CRDS_SERVER_URL"] = "https://jwst-serverless.example"
os.environ.pop("JWST_HOTPIX_LIBRARY", None)

from pathlib import Path

import pytest
from hypothesis import settings

# How long a case takes depends on the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the project; tests that need it are skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the real data of ../shared/data is not here")
    return SHARED


@pytest.fixture
def s3(monkeypatch):
    """A local S3 server, as a file system; credentials are for s3fs to find."""
    moto = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    s3fs.S3FileSystem.clear_instance_cache()
    yield s3fs.S3FileSystem()
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()
