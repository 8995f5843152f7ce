"""Who is let in, and what every answer allows."""
