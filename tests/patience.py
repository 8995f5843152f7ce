"""How long tests wait for what comes sooner or later."""

PATIENCE_SECONDS = 600
"""Longer than anything takes on a machine that has much else to do: whoever waits so long has found a fault."""
