"""Who is behind an account: customers, users, groups, SLAs and experience of a telecom operator as a graph."""
