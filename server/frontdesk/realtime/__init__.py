"""The socket edge: pushes what was committed to the browsers that may see it."""
