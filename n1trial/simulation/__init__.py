"""The clock: a batch of patients lived through, day by day."""
