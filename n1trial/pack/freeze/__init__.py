"""Freezing a diary: what it holds, and the receipt for it."""
