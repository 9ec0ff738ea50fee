"""One dark, in any form, and what it says of each pixel."""
