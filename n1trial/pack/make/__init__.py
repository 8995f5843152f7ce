"""Making a pack: what it must be like, how it is put together, and where it lies."""
