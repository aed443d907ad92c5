"""Where eager Python, the exported file in Python and the program part: what each operator gives, recorded."""
