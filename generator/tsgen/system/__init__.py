"""Files, disks, processes, downloads, names: what every stage uses and none is about."""
