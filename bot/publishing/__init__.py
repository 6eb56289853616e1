"""From threads to what is published, and to everyone who is to get it."""
