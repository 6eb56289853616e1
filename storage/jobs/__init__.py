"""The queue: what every queue can do (`port`), and one in our own tables (`embedded`)."""
