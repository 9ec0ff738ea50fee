"""Archives: which exposures there are, and what a list does for them."""
