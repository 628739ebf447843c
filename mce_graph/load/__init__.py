"""The way of a source file into the graph: sources, records, rows, plan, run."""
