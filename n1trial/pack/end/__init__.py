"""The end of a blinded trial: when its key may open, what was frozen before, and what the log tells of it."""
