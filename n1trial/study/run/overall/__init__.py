"""The answer over everything that is uncertain, by sets of numbers drawn from all stated ranges."""
