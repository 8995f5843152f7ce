"""Statistics over all assignments: what `randomization` stands on."""
