"""Errors keep their fields, print one sentence, and name the file once."""

import pickle

import pytest

from jwst_hotpix import exceptions
from jwst_hotpix.exceptions import HotPixError, ListFormatError, naming, reason_of

CLASSES = [
    getattr(exceptions, name)
    for name in exceptions.__all__
    if isinstance(getattr(exceptions, name), type)
]


def error_of(kind=ListFormatError, **fields):
    return kind("detector", expected="NRS1", found="NRS2", **fields)


def test_an_error_without_a_sentence_says_what_was_expected_and_found():
    assert str(error_of()) == "detector: expected NRS1, found NRS2"


def test_a_sentence_replaces_the_message_and_the_fields_are_kept():
    error = error_of(sentence="this is a list of NRS2")
    assert str(error) == "this is a list of NRS2"
    assert (error.what, error.expected, error.found) == ("detector", "NRS1", "NRS2")
    assert (error.source, error.sentence) == (None, "this is a list of NRS2")


@pytest.mark.parametrize("sentence", [None, "this is a list of NRS2"])
def test_the_file_comes_first_as_the_user_typed_it(sentence):
    error = error_of(sentence=sentence).within("../lists/nrs2.asdf")
    assert str(error) == f"../lists/nrs2.asdf: {error_of(sentence=sentence)}"
    assert error.source == "../lists/nrs2.asdf"


def test_a_message_is_one_printable_line_of_bounded_length():
    # FIELD D13: names and values come from files.
    error = HotPixError("EXTNAME", expected="a name", found="x" * 9000 + "\n", source="a\n\x1b[31m")
    assert str(error) == (
        f"a\\n\\x1b[31m: EXTNAME: expected a name, found {'x' * 200}… (9001 characters)"
    )
    assert error.found == "x" * 9000 + "\n"
    assert reason_of(FileNotFoundError(2, "No such file", "a\nb\udc80")) == (
        "a\\nb\\udc80: file not found"
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_keeps_class_and_fields_within_a_file_and_through_pickle(kind):
    error = error_of(kind, sentence="this is a list of NRS2").within("nrs2.asdf")
    for same in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301 (our own bytes)
        assert type(same) is kind
        assert str(same) == "nrs2.asdf: this is a list of NRS2"
        assert (same.what, same.expected, same.found) == ("detector", "NRS1", "NRS2")
        assert (same.source, same.sentence) == ("nrs2.asdf", "this is a list of NRS2")


def test_the_innermost_file_is_named_once():
    with (
        pytest.raises(ListFormatError) as caught,
        naming("batch"),
        naming("a.asdf"),
        naming("a.asdf"),
    ):
        raise error_of()
    assert str(caught.value) == "a.asdf: detector: expected NRS1, found NRS2"


def test_a_named_error_keeps_its_cause():
    cause = OSError("disk")
    with pytest.raises(HotPixError) as caught, naming("a.asdf"):
        raise error_of() from cause
    assert caught.value.__cause__ is cause


def test_other_errors_pass_unchanged():
    with pytest.raises(OSError, match=r"^disk$"), naming("a.asdf"):
        raise OSError("disk")


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_a_hotpix_error(kind):
    assert issubclass(kind, HotPixError)
