"""The report of a search: terminal, folder, picture."""
