"""Batches of simulated trials: measured, spread over workers, and written as text."""
