"""Secondary outcomes: each described by the analysis that was planned for the primary one, and never tested."""
