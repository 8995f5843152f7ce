"""The room Report: the whole answer as one page."""
