"""A made-up telecom operator of any size: its tables, and the answers that its questions have to give."""
