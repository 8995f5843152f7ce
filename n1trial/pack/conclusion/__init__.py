"""What a finished trial says: figures, page, letters, pictures."""
