"""What is asked: the scenario file, its model, its rules and the shipped scenarios."""
