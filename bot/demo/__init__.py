"""A sample fediverse on loopback, for `fedigest demo` and for tests."""
