"""``python -m mce_graph`` is ``mce``."""

from mce_graph.cli.entry import main

if __name__ == "__main__":
    main()
