/*
title    = "Cycles of groups"
question = "Which nested groups contain themselves?"
actors   = ["data-engineer"]
access   = "read"
returns  = "many"
key      = ["cycle"]
timeout  = 60
scope    = "graph"
notes    = """
A row is a cycle of groups along SUBGROUP_OF, every hop valid at as_of, of at most max_depth hops, that meets no group twice but the one where it begins and ends. Each cycle is one row, told from the group with the least uid: uid, -SUBGROUP_OF->, uid, … and that group again. length is the number of hops; a group inside itself has length 1. Two relationships between the same two groups make no second cycle. A longer cycle than max_depth is not found.
Reads every group that has a group both inside and around it.
Order: length, cycle (as a list of texts).
"""

[params]
max_depth = { type = "int", literal = true, default = 8, min = 1, max = 12, unit = "hops", help = "Longest cycle looked for" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
cycle  = { type = "list[string]", help = "uid, -SUBGROUP_OF->, uid, … back to the first" }
length = { type = "int", unit = "hops", help = "Hops, which is the number of groups in it" }
groups = { type = "list[string]", help = "Names of the groups, in the order of the cycle; a group without a name is its uid" }
*/
MATCH (g:Group)
// Degrees cost nothing: only a group that is inside and around others can lie on a cycle.
WHERE EXISTS { (g)-[:SUBGROUP_OF]->(:Group) } AND EXISTS { (g)<-[:SUBGROUP_OF]-(:Group) }
WITH g
MATCH p = (g)((:Group)-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->(next:Group WHERE next.uid >= g.uid)){1,/*=max_depth*/8}(g)
WITH nodes(p)[1..] AS around, length(p) AS length, p
WHERE all(i IN range(0, size(around) - 1) WHERE NOT around[i] IN around[i + 1..])
RETURN DISTINCT
  [i IN range(0, 2 * length) | CASE WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid ELSE '-SUBGROUP_OF->' END] AS cycle,
  length,
  [x IN nodes(p)[..-1] | coalesce(x.name, x.uid)] AS groups
ORDER BY length, cycle
LIMIT $limit
