"""Files that are complete or absent, and errors that name them."""

import errno
import os

import pytest

from jwst_hotpix.tools.atomic import atomic_path


def test_a_file_replaces_another_once_it_is_complete(tmp_path):
    path = tmp_path / "list.asdf"
    path.write_text("old")
    with atomic_path(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
        assert temporary.name == path.name
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "list.asdf"
    path.write_text("old")

    def fail_halfway():
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_reported_with_the_name_that_was_asked_for(tmp_path):
    path = tmp_path / "missing" / "list.asdf"
    with pytest.raises(FileNotFoundError) as caught, atomic_path(path):
        pass
    assert caught.value.filename == str(path)


@pytest.mark.parametrize("named", [True, False])
def test_a_full_disk_is_reported_with_the_name_that_was_asked_for(tmp_path, named):
    path = tmp_path / "list.asdf"

    def fill_the_disk():
        with atomic_path(path) as temporary:
            name = [str(temporary)] if named else []
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *name)

    with pytest.raises(OSError, match="list.asdf") as caught:
        fill_the_disk()
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))


def test_an_error_about_another_file_keeps_its_name(tmp_path):
    other = tmp_path / "gone.fits"
    with pytest.raises(FileNotFoundError) as caught, atomic_path(tmp_path / "list.asdf"):
        other.open()
    assert caught.value.filename == str(other)
