"""Speaks ActivityPub. Knows no database and no bot; what it needs of both comes in by `ports`."""
