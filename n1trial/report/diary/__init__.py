"""What the analyses of one diary conclude, and what a calibration says of it."""
