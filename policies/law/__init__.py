"""Statute editions and parameters, one TOML file each."""
