"""What a run was worth, as pure functions of what it counted, of what runs before it counted, and of the site file."""
