# Pages of a prescriber. English only.
