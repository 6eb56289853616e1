"""What arrives: stored before its sender hears, prepared, and handled each once."""
