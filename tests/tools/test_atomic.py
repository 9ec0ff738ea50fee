"""Files that are complete or absent, and errors that name them."""

import errno
import os
import subprocess
import sys
import tempfile
import time

import pytest

from jwst_hotpix.tools.atomic import atomic_path, temporary_folder


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


def write(path, text="new"):
    with atomic_path(path) as temporary:
        temporary.write_text(text)


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    # FIELD D3.
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "list.asdf", tmp_path / "link.asdf"
    target.write_text("old")
    link.symlink_to(target)
    write(link)
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_permissions_stay_those_of_the_file_that_is_replaced(tmp_path):
    path = tmp_path / "list.asdf"
    path.write_text("old")
    path.chmod(0o640)
    write(path)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with subprocess.Popen(["/bin/cat", path], stdout=subprocess.PIPE, text=True) as reader:
        write(path, "through the pipe")
        assert reader.communicate(timeout=30)[0] == "through the pipe"
    assert path.is_fifo()


@pytest.mark.parametrize("to_file", [False, True])
def test_standard_output_is_written_to_even_if_it_is_a_file(tmp_path, to_file):
    code = (
        "from jwst_hotpix.tools.atomic import atomic_path\n"
        "with atomic_path('/dev/stdout') as path: path.write_text('content')\n"
    )
    output = tmp_path / "out.txt"
    with output.open("wb") as file:
        stdout = file if to_file else subprocess.PIPE
        run = subprocess.run([sys.executable, "-c", code], stdout=stdout, check=True)
    assert (output.read_bytes() if to_file else run.stdout) == b"content"


def test_a_full_device_is_named():
    with pytest.raises(OSError, match="/dev/full"):
        write("/dev/full")


@pytest.mark.parametrize("name", ["run#1.txt", "a?b.txt", "%41.txt", "x" * 251 + ".txt"])
def test_any_name_that_the_file_system_takes_is_taken(tmp_path, name):
    # FIELD D1.
    write(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_killed_writers_left_is_removed_once_old(tmp_path):
    # FIELD D14.
    old, young, foreign = (tmp_path / name for name in (".hotpix-old", ".hotpix-young", ".other"))
    for folder in (old, young, foreign):
        folder.mkdir()
        (folder / "half.asdf").touch()
    yesterday = time.time() - 2 * 86400
    os.utime(old, (yesterday, yesterday))
    os.utime(foreign, (yesterday, yesterday))
    write(tmp_path / "list.asdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".hotpix-young",
        ".other",
        "list.asdf",
    ]


def test_temporary_folders_go_with_the_block_or_once_old(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / ".hotpix-left"
    left.mkdir()
    yesterday = time.time() - 2 * 86400
    os.utime(left, (yesterday, yesterday))
    with temporary_folder() as folder:
        (folder / "copy.fits").write_text("much")
        assert list(tmp_path.iterdir()) == [folder]
    assert not list(tmp_path.iterdir())
