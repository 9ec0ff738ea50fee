"""One dark, in any form, and what it shows of each pixel."""
