"""Analyze a diary by a method: one function each, all with one contract."""
