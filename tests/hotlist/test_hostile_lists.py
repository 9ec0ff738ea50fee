"""Damaged, forged or endless lists are refused by name, at once, and never misread (D4, D8, D9)."""

import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import asdf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import make_list
from jwst_hotpix.exceptions import HotPixError, ListFormatError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.bounded_asdf import require_bounded

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


@pytest.fixture
def path(tmp_path):
    pixels = make_list([3, 5, 9], [9, 1, 4], rate=[2.5, 7.5, 1.25])
    return asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)


def tree_of(path):
    with asdf.open(path, lazy_load=False, memmap=False) as file:
        return file.tree.copy()


def document(text):
    return b"#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n" + text + b"\n...\n"


def test_no_flipped_bit_makes_another_list(path):
    content, known = bytearray(path.read_bytes()), asdf_file.read(path)
    random = np.random.default_rng(1)
    refused = 0
    for place, bit in zip(
        random.permutation(len(content))[:300], 1 << random.integers(8, size=300), strict=True
    ):
        content[place] ^= bit
        path.write_bytes(content)
        try:
            found = asdf_file.read(path)
        except HotPixError as error:
            assert str(path) in str(error)
            refused += 1
        else:
            assert (found.digest(), found.provenance) == (known.digest(), known.provenance)
        content[place] ^= bit
    # What remains are the padding of blocks, authors, and comments.
    assert refused > 60


def test_a_list_changed_by_hand_is_refused(path):
    tree = tree_of(path)
    tree["pixels"]["x"] = tree["pixels"]["x"] + np.uint16(1)
    asdf.AsdfFile(tree).write_to(path)
    with pytest.raises(ListFormatError, match=r"list\.asdf: damaged, or changed by hand"):
        asdf_file.read(path)


@pytest.mark.parametrize("packing", ["zlib", "bzp2"])
def test_packed_lists_and_lists_with_shared_arrays_are_read(path, packing):
    known, tree = asdf_file.read(path), tree_of(path)
    tree["meta"]["note"] = [tree["pixels"]["x"]] * 3
    asdf.AsdfFile(tree).write_to(path, all_array_compression=packing)
    assert asdf_file.read(path).digest() == known.digest()


@pytest.mark.parametrize("address", ["http://example.org/x.asdf", "file:///etc/passwd", "x.asdf"])
def test_arrays_in_other_files_are_refused_before_anything_is_opened(path, address):
    text = f"pixels: {{x: !core/ndarray-1.1.0 {{source: {address!r}, datatype: int8, shape: [1]}}}}"
    path.write_bytes(document(text.encode()))
    with pytest.raises(ListFormatError, match="found an array in another file: "):
        asdf_file.read(path)


ARRAY = b"!core/ndarray-1.1.0 {datatype: int8, byteorder: big, "


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"a: &a /etc/hosts\nb: " + ARRAY + b"shape: [1], source: *a}", "an array in another file"),
        (b"b: " + ARRAY + b"shape: [1], source: '5'}", "an array in another file: '5'"),
        (b"b: " + ARRAY + b"shape: [1], <<: {source: /etc/hosts}}", "a mapping merged"),
        (b"b: " + ARRAY + b"shape: [1], !!merge c: {source: /etc/hosts}}", "a mapping merged"),
        (b"a: &a source\nb: " + ARRAY + b"shape: [1], *a : /etc/hosts}", "an alias for a name"),
        (
            b"b: " + ARRAY + b"source: 0, shape: [5000000], strides: [0]}",
            "more than 4194304 values",
        ),
        (b"b: " + ARRAY + b"source: 0, shape: [9999, 9999], strides: [1, 1]}", "more than 4194304"),
        (b"a: &a [9999999]\nb: " + ARRAY + b"source: 0, shape: *a}", "an array of shape 'none'"),
        (b"b: " + ARRAY + b"source: 0, shape: ['*']}", "an array of shape"),
        (b"b: " + ARRAY + b"source: 0, shape: [1], mask: 0}", "a masked array"),
        (b"b: !core/integer-1.1.0 {sign: +, words: [1]}", "an integer of many words"),
        (b"b: 1" + b":59" * 999, "a number of too many digits"),
        (b"b: !!int '0x" + b"f" * 1000 + b"'", "a number of too many digits"),
    ],
)
def test_trees_that_would_reach_out_or_fill_the_memory_are_refused(path, text, found):
    path.write_bytes(document(text) + block(bytes(8)))
    with pytest.raises(ListFormatError, match=found):
        asdf_file.read(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"a: &a [*a]", "a tree that contains itself"),
        (b"[" * 100 + b"]" * 100, "a tree that is nested too deeply"),
        (b"a: 1\na: 2", "'a' twice"),
        (b"- x\n" * 200_000, "a tree of too many nodes"),
        (b"a: '" + b"x" * (1 << 20), "a tree without end"),
        (b"a: [1, ", "did not find expected node content in line 6"),
        (b"a: \xff\xfe", "unacceptable character"),
    ],
)
def test_trees_that_libraries_would_choke_on_are_refused(path, text, found):
    path.write_bytes(document(text))
    with pytest.raises(ListFormatError, match=found):
        asdf_file.read(path)


def test_a_tree_that_grows_by_references_is_refused(path):
    lines = [b"- &a0 [x, x]"]
    lines += [b"- &a%d [*a%d, *a%d]" % (i + 1, i, i) for i in range(60)]
    path.write_bytes(document(b"\n".join(lines)))
    with pytest.raises(ListFormatError, match="a tree of too many nodes"):
        asdf_file.read(path)


def block(data, *, packing=bytes(4), used=None, allocated=None, size=None, flags=0):
    used, allocated = (len(data) if given is None else given for given in (used, allocated))
    numbers = [number.to_bytes(8, "big") for number in (allocated, used, size or len(data))]
    header = flags.to_bytes(4, "big") + packing + b"".join(numbers) + bytes(16)
    return b"\xd3BLK" + len(header).to_bytes(2, "big") + header + data


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (block(b"1234", size=1 << 40), "a block of 1099511627776 bytes"),
        (block(b"1234", size=8), "a block of another size"),
        (block(b"1234", used=400), "a block cut short"),
        (block(b"1234", allocated=1 << 60), "a block cut short"),
        (block(b"1234", flags=1), "a block without size"),
        (block(zlib.compress(bytes(1 << 24)), packing=b"zlib", size=64), "a block of another size"),
        (block(zlib.compress(b"1234")[:3], packing=b"zlib", size=4), "a block of another size"),
        (block(b"1234", packing=b"zlib"), "a damaged block"),
        (block(b"1234", packing=b"lz4\0"), "a block packed as"),
        (block(bytes(8))[:30], "a block cut short"),
    ],
)
def test_blocks_that_lie_about_their_size_are_refused(path, given, found):
    path.write_bytes(document(b"a: 1") + given)
    with pytest.raises(ListFormatError, match=found):
        asdf_file.read(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (document(b"a: 1") + b"x" + block(b"1234", used=1 << 40), "a block cut short"),
        (document(b"a: 1\n...x: &a [*a]"), "a tree that contains itself"),
        (b"#ASDF 1.0.0\n...\n%YAML 1.1\n---\na: &a [*a]\n...\n", "a tree that contains itself"),
        (b"#ASDF 1.0.0\n" + block(b"1234", used=1 << 40) + document(b"a: 1"), "no tree"),
        (b"#ASDF 1.0.0\n" + block(b"1234", used=1 << 40), "no tree"),
    ],
)
def test_what_is_checked_is_what_asdf_loads(path, content, found):
    path.write_bytes(content)
    with pytest.raises(ListFormatError, match=found):
        asdf_file.read(path)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_bounded_or_refused(content, is_block):
    given = document(b"a: 1") + b"\xd3BLK" + content if is_block else content
    try:
        require_bounded(given)
    except ListFormatError as error:
        assert error.expected == "a whole ASDF hot pixel list"


def test_pipes_and_devices_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.asdf")
    for name in (tmp_path / "pipe.asdf", Path("/dev/zero")):
        with pytest.raises(ListFormatError, match=f"^{name}: is a device or a pipe"):
            asdf_file.read(name)


def test_hostile_lists_are_handled_quickly_and_within_a_gibibyte(shared_data):
    files = sorted((shared_data.parent / "hostile" / "asdf_read").iterdir())
    assert len(files) > 5
    code = (
        "import sys\n"
        "from jwst_hotpix.exceptions import HotPixError\n"
        "from jwst_hotpix.hotlist import asdf_file\n"
        "for path in sys.argv[1:]:\n"
        "    try: asdf_file.read(path); print('read', path)\n"
        "    except HotPixError as error: print(error)\n"
    )

    def bound():
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))

    run = subprocess.run(
        [sys.executable, "-c", code, *files], capture_output=True, text=True, check=True,
        preexec_fn=bound,
    )  # fmt: skip
    lines = run.stdout.splitlines()
    assert all(line.startswith(f"{path}: ") for line, path in zip(lines, files, strict=True))
