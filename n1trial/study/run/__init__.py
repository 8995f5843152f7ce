"""A run: the cells of one scenario, simulated, judged and put together."""
