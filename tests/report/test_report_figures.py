"""Figures of the report show what its page shows."""

from jwst_hotpix.report.figures import figures_of
from jwst_hotpix.tools.dates import iso


def test_every_detector_and_mode_has_a_map_of_what_is_hot_at_its_last_look(material):
    drawn = dict(figures_of(material))
    maps = {name: figure for name, figure in drawn.items() if "map" in name}
    assert len(maps) == len(material.modes) == 3
    for mode in material.modes:
        (axes,) = maps[f"report_map_{mode.name}".lower().replace(" ", "_")].axes
        marks = {tuple(place) for part in axes.collections for place in part.get_offsets().tolist()}
        hot = mode.pixels.select(mode.pixels.active(mode.last))
        assert marks == set(zip(hot.x.tolist(), hot.y.tolist(), strict=True))
        assert axes.get_title(loc="left") == f"{mode.name} above 1 DN/s on {iso(mode.last)[:10]}"
    assert len(drawn["report_growth"].axes) >= len(material.growth.trends)
