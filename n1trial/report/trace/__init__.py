"""The report of one simulated patient: terminal and folder."""
