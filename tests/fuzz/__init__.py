"""Files that lie: real ones, mutated by a seed, through every door that tsgen and a built program have."""
