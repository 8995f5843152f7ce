"""Scenario files: read, written, shipped, and combined."""
