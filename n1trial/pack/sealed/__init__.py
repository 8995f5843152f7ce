"""What is sealed: secrets, allocation, key, code-break contents, and the passphrases."""
