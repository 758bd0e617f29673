"""Fuzzing: what no input may do to the parser."""
