"""The planning page: the whole of a trial in a browser, on this machine only."""
