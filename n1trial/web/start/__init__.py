"""The room Before: a plan to begin with, and the questions before it."""
