"""What each room exports, and that asking for it is what costs."""

import importlib
import pkgutil
from importlib.metadata import version
from importlib.resources import files

import pytest

import jwst_hotpix

ROOMS = [
    jwst_hotpix.__name__,
    *(m.name for m in pkgutil.iter_modules(jwst_hotpix.__path__, "jwst_hotpix.") if m.ispkg),
]


@pytest.mark.parametrize("name", ROOMS)
def test_every_name_that_a_room_exports_is_there(name):
    room = importlib.import_module(name)
    for export in getattr(room, "__all__", []):
        assert getattr(room, export) is not None
        assert export in dir(room)


@pytest.mark.parametrize("name", ROOMS)
def test_a_name_that_a_room_lacks_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = importlib.import_module(name).no_such_name


def test_the_package_has_a_version_and_is_typed():
    assert jwst_hotpix.__version__ == version("jwst_hotpix")
    assert "HotPixStep" in dir(jwst_hotpix)
    assert (files(jwst_hotpix) / "py.typed").is_file()
