"""The room Search: limits, progress, and the short list."""
