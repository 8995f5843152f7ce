"""The daily models: what `mixed`, `exposure` and `course` stand on."""
