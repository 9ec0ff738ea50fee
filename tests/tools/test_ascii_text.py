"""Any name can go into a FITS header."""

import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.tools.ascii_text import in_ascii


@given(st.text(max_size=60))
def test_every_text_becomes_one_that_a_card_holds(text):
    assert isinstance(fits.Card("R_HOTPIX", in_ascii(text)).image, str)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_printable_ascii_stays_as_it_is(text):
    assert in_ascii(text) == text


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("liste_été.asdf", "liste_ete.asdf"), ("名.asdf", "\\u540d.asdf"), ("a\nb", "a\\nb")],
)
def test_accents_are_dropped_and_other_letters_written_as_python_does(text, spelled):
    assert in_ascii(text) == spelled
