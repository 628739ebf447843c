"""The formats of answers: of rows, of nodes and relationships, and the words that ``-o`` takes."""

from __future__ import annotations

ROWS = ("table", "json", "jsonl", "csv", "tsv", "markdown", "parquet", "html")
PICTURES = ("tree", "mermaid", "dot", "html", "json", "jsonl")
FORMATS = ("auto", *ROWS[:-1], "tree", "mermaid", "dot", "html")
