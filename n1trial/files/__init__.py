"""Files and folders: read whole, written beside and put in place, tables, checksums."""
