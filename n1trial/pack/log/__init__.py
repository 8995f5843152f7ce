"""The log of a trial: who made, froze, opened what and when, each line chained to the one before."""
