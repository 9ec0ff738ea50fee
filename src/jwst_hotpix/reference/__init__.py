"""Hot pixel lists as files: the ASDF reference, the folder it is found in, the masks beside it."""
