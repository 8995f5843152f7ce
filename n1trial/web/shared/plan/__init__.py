"""The plan as all rooms see it: its draft, designs kept of it, its inputs and values in words, and its verdict."""
