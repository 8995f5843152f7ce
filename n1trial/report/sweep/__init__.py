"""The report of a sweep: terminal, folder, pictures."""
