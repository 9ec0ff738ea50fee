"""What each room exports, and that asking for it is what costs."""

import importlib
import pkgutil

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
