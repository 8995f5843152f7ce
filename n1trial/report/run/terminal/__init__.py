"""The answer of a run on the terminal, in few lines and in full."""
