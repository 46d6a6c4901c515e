"""The firm again, in plain Python: what every command of the product must do, and a machine that compares the two.

book.py and what it stands on know nothing of Django; world.py, compare.py and the moves know both sides.
"""
