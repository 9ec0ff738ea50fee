"""``python -m jwst_hotpix``: the command ``hotpix``."""

from jwst_hotpix.cli import main

if __name__ == "__main__":
    main()
