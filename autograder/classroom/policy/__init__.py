"""The policy of one class: its class.toml, read into typed rules."""
