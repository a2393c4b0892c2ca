"""What does the reader see? Pages as values, and the site that is printed from them."""
