"""Pages and pictures: what was found, in words, figures and files for readers."""
