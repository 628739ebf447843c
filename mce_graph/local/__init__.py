"""A real Neo4j Community on this machine, fetched once, started on demand and kept running."""
