"""What modules compute, as text that moves, sentences and types leave alone."""
