"""A believable firm made from a seed: demo data, and the load generator of the benchmarks."""
