"""The report of a run: terminal, page, and what both say."""
