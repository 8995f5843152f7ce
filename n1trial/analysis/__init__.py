"""What may be concluded from a diary: a function for each method, all with one contract."""
