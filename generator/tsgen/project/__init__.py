"""The files that make a project repeatable, and the project's place."""
