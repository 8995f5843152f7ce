"""The room Diary: check, calibrate, freeze, and the end of a trial."""
