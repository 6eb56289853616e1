"""HTML, Atom and the routes that serve them. Only reads."""
