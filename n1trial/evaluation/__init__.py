"""How good the trial is: operating characteristics, what they rest on, and the verdict."""
