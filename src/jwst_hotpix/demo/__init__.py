"""A simulated exposure through the real pipeline, without and with the hot pixel step."""
