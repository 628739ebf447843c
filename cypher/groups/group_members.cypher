/*
title    = "Members of a group"
question = "Who are the effective members of this group, nested groups included, as of a date?"
actors   = ["care-agent", "sla-manager", "marketing"]
access   = "read"
returns  = "many"
key      = ["member_uid", "via_group", "role"]
timeout  = 10
notes    = """
A member of a nested group is a member of the groups around it. Every hop is valid at as_of. One row for each member, role and group of membership, with the later start of two overlapping periods; depth is 0 for a member of the group itself, else the fewest hops between via_group and the group. person_uid is the Party behind the member: itself, the one a User IDENTIFIES or a Customer engages at as_of (the first by uid); empty for a service. Cycles end at depth. Order: depth, via_group, member_uid, role.
"""

[params]
group     = { type = "ref[Group]", help = "Group: uid or id", example = "G-HOME" }
role      = { type = "string", optional = true, help = "Only members in this role" }
recursive = { type = "boolean", default = true, help = "Members of nested groups too" }
depth     = { type = "int", literal = true, default = 6, min = 1, max = 12, unit = "hops", help = "Hops through nested groups" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
member_uid = { type = "string", pii = "identifier", help = "Who or what belongs" }
person_uid = { type = "string", pii = "identifier", help = "The human or organization behind it" }
label      = { type = "string", help = "Kind of member" }
name       = { type = "string", pii = "name", help = "Name, or nickname of a user" }
role       = { type = "string", help = "Role in the group" }
via_group  = { type = "string", help = "The group in which the membership stands" }
depth      = { type = "int", unit = "hops", help = "Nested groups between; 0 is the group itself" }
valid_from = { type = "datetime", help = "Since when a member; empty is unknown" }
*/
MATCH (g:Group {uid: $group})
MATCH p = (g)(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-(:Group)){0,/*=depth*/6}(via:Group)
WHERE $recursive OR length(p) = 0
WITH via, min(length(p)) AS depth
MATCH (via)<-[m:MEMBER_OF]-(member:Individual|Organization|User|Customer|Service)
WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  AND ($role IS NULL OR m.role = $role)
WITH via, depth, member, m.role AS role, max(m.validFrom) AS valid_from
CALL (member) {
  WITH member
  WHERE member:Party
  RETURN member.uid AS person
  UNION
  MATCH (member)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN party.uid AS person
  UNION
  RETURN null AS person
}
WITH via, depth, member, role, valid_from, min(person) AS person_uid
RETURN
  member.uid AS member_uid,
  person_uid,
  [x IN ['Individual', 'Organization', 'User', 'Customer', 'Service'] WHERE x IN labels(member)][0] AS label,
  coalesce(member.name, member.nickname) AS name,
  role,
  via.uid AS via_group,
  depth,
  valid_from
ORDER BY depth, via_group, member_uid, role
LIMIT $limit
