"""Many trials: batches over workers, the cells of a run, and what they add up to."""
