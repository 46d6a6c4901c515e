"""Reports of time and expenses: each is declared once; one address, one view and one template show them all."""
