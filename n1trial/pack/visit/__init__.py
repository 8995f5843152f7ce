"""The time of the trial: the blinded look at a diary, deviations, and dates that move."""
