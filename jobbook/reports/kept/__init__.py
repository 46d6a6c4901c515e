"""WIP Reports that were kept: their rows and figures as they were, however facts move later."""
