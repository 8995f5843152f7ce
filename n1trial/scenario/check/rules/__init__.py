"""Rules across keys: each says what it reads, and is passed over where one of these is itself at fault."""
