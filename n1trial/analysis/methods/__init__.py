"""Methods of analysis, one file each: a function from a diary and a request to estimates."""
