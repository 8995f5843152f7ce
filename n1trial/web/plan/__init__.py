"""The room Plan: the form, and the answer that follows it."""
