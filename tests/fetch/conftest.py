"""A CRDS cache of real rules, and local stand-ins for the servers of CRDS and MAST."""

import tarfile

import pytest

from crds_site import CrdsSite, write_rules
from jwst_hotpix.simulate.crds_session import use_cache
from jwst_hotpix.tools import remote_file
from mast_site import SEARCH, MastSite
from web_server import serving


@pytest.fixture(scope="session")
def real_cache(shared_data, tmp_path_factory):
    """The mappings of CRDS of 2019, without references."""
    archive = shared_data / "crds" / "crds_jwst_0567_mappings.tar.gz"
    root = tmp_path_factory.mktemp("real-crds")
    with tarfile.open(archive) as packed:
        packed.extractall(root, filter="data")
    return root


@pytest.fixture
def serverless(real_cache):
    with use_cache(real_cache, "jwst_0567.pmap"):
        yield real_cache


@pytest.fixture
def crds_site(tmp_path, monkeypatch):
    """An empty cache, and a server that has all: how a first run finds the world."""
    monkeypatch.setenv("JWST_HOTPIX_TIMEOUT", "0.5")
    monkeypatch.setenv("JWST_HOTPIX_RETRIES", "2")
    monkeypatch.setattr(remote_file, "_unreachable", set())
    write_rules(tmp_path / "server")
    site = CrdsSite()
    site.load(tmp_path / "server")
    (tmp_path / "cache").mkdir()
    with serving(site) as running:
        url = running.url.replace("127.0.0.1", "localhost")
        with use_cache(tmp_path / "cache", "jwst_0001.pmap", server=url):
            yield running


@pytest.fixture
def cache(tmp_path, crds_site):
    return tmp_path / "cache" / "references" / "jwst" / "nirspec"


@pytest.fixture
def mast_site(monkeypatch):
    conf = pytest.importorskip("astroquery.mast").conf
    from astroquery.mast.discovery_portal import PortalAPI

    monkeypatch.setenv("JWST_HOTPIX_TIMEOUT", "0.5")
    monkeypatch.setenv("JWST_HOTPIX_RETRIES", "2")
    monkeypatch.setattr(remote_file, "_unreachable", set())
    with serving(MastSite()) as running, conf.set_temp("server", running.url):
        # astroquery makes its addresses of the configuration when it is imported.
        monkeypatch.setattr(PortalAPI, "MAST_REQUEST_URL", f"{running.url}{SEARCH}")
        monkeypatch.setattr(PortalAPI, "COLUMNS_CONFIG_URL", f"{running.url}/columnsconfig")
        yield running
