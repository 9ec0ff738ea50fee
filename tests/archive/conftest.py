"""One small archive of quick subarrays, and what one quiet run makes of it."""

import shutil
from pathlib import Path

import pytest
from archives import make_archive


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    kinds = [("NRS1", "TRAD", ("SUB32", "SUB512")[n % 2], 1 + n % 2) for n in range(4)]
    return make_archive(tmp_path_factory.mktemp("small"), kinds)


@pytest.fixture(scope="session")
def undisturbed(small, tmp_path_factory):
    """The products of the small archive, made in one go."""
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    result, errors = small.run(*small.uncals, "-o", output, "--library", small.library)
    assert result["done"] == [str(path) for path in small.uncals]
    assert not errors
    return output


@pytest.fixture(scope="session")
def rates(undisturbed, tmp_path_factory):
    """Rate products to be flagged by the step alone, which is quick."""
    folder = tmp_path_factory.mktemp("rates")
    return [Path(shutil.copy(path, folder)) for path in sorted(undisturbed.glob("*_rate.fits"))]
