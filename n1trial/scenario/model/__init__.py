"""The model of a scenario: its tables as types, with their defaults."""
