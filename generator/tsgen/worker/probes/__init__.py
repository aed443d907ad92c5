"""The calls that an export is judged by: other values, sizes, structures, methods, and calls in a row."""
