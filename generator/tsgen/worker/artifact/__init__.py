"""The exported file, and what it says of itself."""
