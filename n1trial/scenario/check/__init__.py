"""What is wrong, unwise or assumed in a scenario: keys, rules, faults, remarks."""
