"""From the posts of a thread to a few cited sentences, and the check that each is in its post."""
