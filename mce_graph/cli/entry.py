"""Where ``mce`` begins: the Tab key is answered at once, all else by ``main``."""

from __future__ import annotations

import os


def main() -> None:
    if os.environ.get("_MCE_COMPLETE", "").startswith("complete_"):
        from mce_graph.cli import completion

        if completion.answer():
            return
    from mce_graph.cli.main import main as run

    run()
