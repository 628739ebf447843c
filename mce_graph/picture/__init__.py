"""Answers of nodes and relationships as pictures: a page to open in a browser, and text for terminals and documents."""
