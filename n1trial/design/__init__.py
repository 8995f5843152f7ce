"""How the trial is laid out: calendar, randomization, schedules."""
