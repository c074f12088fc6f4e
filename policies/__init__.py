"""THE LAW — what must be true. Pure: facts and law in, verdict out."""
