"""The file of a diary: a table as people and spreadsheet programs write it, read with every fault and its line."""
