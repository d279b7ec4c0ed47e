"""A TOML file whose mistakes are told with their line: its values by type, and where each stands."""
