"""The ways in through a browser and for programs."""
