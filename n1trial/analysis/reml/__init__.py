"""REML of the daily AR(1) model: what `ar1` stands on."""
