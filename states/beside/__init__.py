"""What runs beside a case: small lifecycles, a table each. Their rows stand in the case's own table too."""
