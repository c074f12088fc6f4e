"""THE PROCESS — what may happen next: states, moves and clocks."""
