"""A sweep: combinations of values, each simulated once and kept."""
