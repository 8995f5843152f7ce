"""What a trial is worth: what its answers would mean, and what knowing would gain."""
