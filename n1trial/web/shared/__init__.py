"""What the rooms of the page share: the plan, work in the background, fields, words."""
