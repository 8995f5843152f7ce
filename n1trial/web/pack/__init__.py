"""The room Pack: from the plan to one file to download."""
