"""A search: designs within limits, screened, simulated, and a short list."""
