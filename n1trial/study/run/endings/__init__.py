"""How trials end that do not run their course: by the stop rule, or without a result."""
