"""A small CRDS cache, made once for all tests of the simulation."""

import shutil

import pytest
from planting import EARLY, LATE, planted

from jwst_hotpix.simulate import use_cache, write_crds_cache


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A CRDS cache for both detectors, with masks of two dates and darks for some subarrays."""
    root = tmp_path_factory.mktemp("crds")
    worlds = [planted("NRS1", "TRAD", 50.0), planted("NRS1", "IRS2", 50.0)]
    worlds += [planted("NRS2", "TRAD", 50.0), planted("NRS2", "IRS2", 50.0)]
    write_crds_cache(
        root,
        worlds,
        deliveries=[EARLY, LATE],
        subarrays=("FULL", "ALLSLITS", "SUB512", "SUB32"),
        dark_frames=4,
    )
    yield root
    shutil.rmtree(root)  # about a gigabyte, and pytest keeps the folders of three runs


@pytest.fixture
def crds(cache):
    """The CRDS client, pointed at `cache`."""
    with use_cache(cache):
        import crds

        yield crds
