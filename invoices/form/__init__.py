"""The invoice form: text as it is typed, and the values it stands for. Nothing here is saved; the commands do that."""
