"""The hot pixel list: its columns, its file, and which list an exposure gets."""
