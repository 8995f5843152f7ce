"""How a patient's numbers are found from a diary: terms of the level, ups and downs, conduct, and what goes out."""
