"""The room Compare: up to three designs side by side."""
