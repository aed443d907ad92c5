"""What a command does beyond the pipeline; `cli` has the words that it is asked with."""
