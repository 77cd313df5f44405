"""The poorten: measuring, judging and keeping outcomes. What a row must satisfy lives in landing, not here."""
