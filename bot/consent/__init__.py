"""Whose words may be used for what: learned of authors, asked at storing and at showing."""
