/*
title    = "Groups of a member"
question = "To which groups does this user, customer or party belong, directly or through nested groups?"
actors   = ["care-agent", "sla-manager"]
access   = "read"
returns  = "many"
key      = ["group_uid", "member_uid", "role"]
timeout  = 10
notes    = """
Every hop is valid at as_of. The memberships are those of the member itself and, with person, of the same human or organization in its other roles: the Party that a User IDENTIFIES or a Customer engages (ENGAGED_PARTY), and every User that IDENTIFIES and every Customer that engages that Party (for a Party as member: itself). A Service has no other roles. SAME_AS is not followed.
A member of a nested group is a member of the groups around it (SUBGROUP_OF), at most depth hops out. A row is a group, the one who is a member (member_uid) and the role of the membership (MEMBER_OF) through which it comes; where several memberships in that role lead to the group, the row is the one with the fewest hops, then the least path. depth is 0 for a group of which member_uid is a member itself, else the hops from there. path is uid, -TYPE-> or <-TYPE-, uid, … from the member asked for to the group, over the Party where there is one between; among equally short ones the first as a list of texts. valid_from is that of the membership at the start of the path (the latest where several hold in one role and group). A cycle of groups ends where it began or at depth, and gives no second row.
Order: depth, group_uid, member_uid, role.
"""

[params]
member = { type = "ref[User|Customer|Individual|Organization|Service]", help = "Who or what: uid, or an id that only one has", example = "U-2003" }
person = { type = "boolean", default = true, help = "Also what the same human belongs to in other roles" }
depth  = { type = "int", literal = true, default = 6, min = 1, max = 12, unit = "hops", help = "Hops through nested groups" }
as_of  = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit  = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
group_uid  = { type = "string", help = "The group" }
name       = { type = "string", help = "Its name" }
type       = { type = "string", help = "household, enterprise or closedUserGroup" }
tier       = { type = "string", help = "Its tier" }
role       = { type = "string", help = "Role in the group of which it is a member itself" }
depth      = { type = "int", unit = "hops", help = "Nested groups between; 0 is a group of its own" }
member_uid = { type = "string", pii = "identifier", help = "In which role of the person: user, party or customer" }
path       = { type = "list[string]", pii = "identifier", help = "From the member asked for to the group" }
valid_from = { type = "datetime", help = "Since when a member; empty is unknown" }
*/
MATCH (asked:User|Customer|Individual|Organization|Service {uid: $member})
CALL (asked) {
  RETURN asked AS member, [asked.uid] AS head
  UNION
  MATCH (asked)-[i:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE $person AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN party AS member, [asked.uid, '-' + type(i) + '->', party.uid] AS head
  UNION
  MATCH (asked)-[i:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)<-[j:IDENTIFIES|ENGAGED_PARTY]-(other:User|Customer)
  WHERE $person AND other <> asked
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
  RETURN other AS member, [asked.uid, '-' + type(i) + '->', party.uid, '<-' + type(j) + '-', other.uid] AS head
  UNION
  MATCH (asked:Party)<-[j:IDENTIFIES|ENGAGED_PARTY]-(other:User|Customer)
  WHERE $person AND j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
  RETURN other AS member, [asked.uid, '<-' + type(j) + '-', other.uid] AS head
}
WITH member, head
ORDER BY size(head), head
WITH member, collect(head)[0] AS head
MATCH (member)-[m:MEMBER_OF]->(inner:Group)
WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
WITH member, head, m.role AS role, inner, max(m.validFrom) AS valid_from
MATCH p = (inner)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->(:Group)){0,/*=depth*/6}(g:Group)
WITH g, member, role, valid_from, length(p) AS depth,
  head + ['-MEMBER_OF->'] + [i IN range(0, 2 * length(p)) | CASE WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid ELSE '-SUBGROUP_OF->' END] AS path
ORDER BY depth, path
WITH g, member, role, collect({depth: depth, path: path, since: valid_from})[0] AS best
RETURN
  g.uid AS group_uid,
  g.name AS name,
  g.groupType AS type,
  g.tier AS tier,
  role,
  best.depth AS depth,
  member.uid AS member_uid,
  best.path AS path,
  best.since AS valid_from
ORDER BY depth, group_uid, member_uid, role
LIMIT $limit
