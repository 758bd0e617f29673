"""What is the same, and by which rule."""
