"""What plots look like, to readers whatever colors they can distinguish."""

from jwst_hotpix.tools.plot_style import series_style


def test_no_two_series_look_alike():
    styles = [series_style(number) for number in range(56)]
    assert len({(style.color, style.marker) for style in styles}) == 56
    assert len({style.marker for style in styles[:7]}) == 7
    assert len({(style.color, style.line) for style in styles[:28]}) == 28
