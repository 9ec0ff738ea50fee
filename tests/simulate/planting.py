"""Three hot pixels inside all the subarrays tested."""

from jwst_hotpix.simulate import World

EARLY, LATE = "2023-01-01", "2023-07-01"

# (y, x) of the centers, zero-based, full frame; the corners of the subarrays are in readouts.py.
PLACES = {
    "NRS1": ([985, 990, 995], [1405, 1411, 1417]),
    "NRS2": ([1066, 1070, 1080], [1405, 1411, 1417]),
}
ONSETS = (59000.0, 60000.0, 60200.0)  # in both masks, in the late mask only, in neither


def planted(detector, readout, rate):
    """Return a quiet world with three hot pixels."""
    y, x = PLACES[detector]
    return World.quiet(detector=detector, readout=readout).with_pixels(y, x, rate, onset=ONSETS)
