/*
title    = "Nesting of a group, as a picture"
question = "Which groups lie around and inside this one, who owns them and who belongs to them?"
actors   = ["care-agent", "sla-manager", "data-engineer"]
access   = "read"
returns  = "graph"
timeout  = 10
notes    = """
All at as_of. The nodes are the group; the groups around it and those inside it, at most depth hops of SUBGROUP_OF in each direction (a group inside a group around it, beside this one, is not looked for); the Account or Customer each of these is OWNED_BY; and with members what is a MEMBER_OF this group or a group inside it. The relationships are these, and every valid SUBGROUP_OF between the groups shown, so a cycle is seen as one. limit counts nodes: groups are kept before owners, owners before members, the nearest first, then by uid; a member or owner is as near as its nearest group.
"""

[params]
group   = { type = "ref[Group]", help = "Group: uid or id", example = "G-FIRM" }
depth   = { type = "int", literal = true, default = 6, min = 1, max = 12, unit = "hops", help = "Hops through nested groups, in each direction" }
members = { type = "boolean", default = true, help = "Members too" }
as_of   = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit   = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (g:Group {uid: $group})
CALL (g) {
  MATCH p = (g)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->(:Group)){0,/*=depth*/6}(shown:Group)
  RETURN shown, length(p) AS hops, length(p) = 0 AS within
  UNION
  MATCH p = (g)(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-(:Group)){1,/*=depth*/6}(shown:Group)
  RETURN shown, length(p) AS hops, true AS within
}
WITH shown, min(hops) AS hops, max(within) AS within
WITH collect({group: shown, hops: hops, within: within}) AS all_groups, collect(shown) AS groups
CALL (all_groups, groups) {
  UNWIND all_groups AS x
  WITH groups, x.group AS shown, x.hops AS hops
  OPTIONAL MATCH (shown)-[s:SUBGROUP_OF]->(outer:Group)
  WHERE outer IN groups AND s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN shown AS node, s AS relationship, 0 AS rank, hops
  UNION ALL
  UNWIND all_groups AS x
  WITH x.group AS shown, x.hops AS hops
  MATCH (shown)-[o:OWNED_BY]->(owner:Account|Customer)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  UNWIND [[shown, o, 0], [owner, null, 1]] AS y
  RETURN y[0] AS node, y[1] AS relationship, y[2] AS rank, hops
  UNION ALL
  UNWIND [x IN all_groups WHERE $members AND x.within] AS x
  WITH x.group AS shown, x.hops AS hops
  MATCH (shown)<-[m:MEMBER_OF]-(member:Individual|Organization|User|Customer|Service)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN member AS node, m AS relationship, 2 AS rank, hops
}
WITH node, min(rank) AS rank, min(hops) AS hops, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY rank, hops, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
