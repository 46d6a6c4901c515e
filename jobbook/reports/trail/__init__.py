"""The money trail of a job: how far its work came on the way to paid, what holds it, and who has it."""
