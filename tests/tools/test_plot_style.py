"""What plots look like, to readers whatever colors they can distinguish."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from jwst_hotpix.tools.plot_style import series_style

# Linear RGB as readers without one kind of cones see it: Machado, Oliveira and Fernandes (2009),
# doi:10.1109/TVCG.2009.113, severity 1.0.
SEEN_BY = {
    "all cones": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
# From linear RGB to CIE XYZ (IEC 61966-2-1), relative to white.
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(color, seen):
    """CIE L*a*b* of a color."""
    value = np.array(to_rgb(color))
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(seen @ linear, 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / 3 * (29 / 6) ** 2 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def smallest_difference(n, seen):
    colors = [lab(series_style(number).color, seen) for number in range(n)]
    return min(np.linalg.norm(a - b) for a, b in combinations(colors, 2))


@pytest.mark.parametrize("seen", SEEN_BY.values(), ids=SEEN_BY.keys())
def test_the_colors_of_series_differ_for_every_reader(seen):
    # 2 is just noticeable side by side; thin lines and small markers need more.
    assert smallest_difference(4, seen) > 50
    assert smallest_difference(7, seen) > 15


def test_no_two_series_look_alike():
    styles = [series_style(number) for number in range(56)]
    assert len({(style.color, style.marker) for style in styles}) == 56
    assert len({style.marker for style in styles[:7]}) == 7
    assert len({(style.color, style.line) for style in styles[:28]}) == 28
