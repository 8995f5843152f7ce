"""The daily model with shifts between stretches: what `mixed` and `exposure` stand on."""
