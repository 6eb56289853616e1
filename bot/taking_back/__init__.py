"""What follows when a post, a person or a permission goes: nothing of it stays anywhere."""
