/*
title    = "Invitation tree, as a picture"
question = "Whom did this user invite, whom did those invite, and who became a customer?"
actors   = ["marketing"]
access   = "read"
returns  = "graph"
timeout  = 15
notes    = """
The user; the Invitations it SENT, the Users these were ACCEPTED_AS, what those sent, and so on for depth steps of one invitation each, accepted or not; and the Customers that the user and those in the tree below were CONVERTED_TO. Also the chain above, for up steps: the Invitations that were ACCEPTED_AS the user and who SENT them, and so on; what these sent besides is not shown. Nothing after as_of is seen (the at of each relationship; for SENT without at the sentAt of the invitation; an unknown instant counts as before).
limit counts nodes: those nearest to the user are kept, among equally near ones the first by uid; a step is two relationships, a conversion one.
"""

[params]
user  = { type = "ref[User]", help = "User: uid or id", example = "U-1001" }
depth = { type = "int", literal = true, default = 5, min = 1, max = 10, unit = "steps", help = "Most invitations below the user" }
up    = { type = "int", literal = true, default = 3, min = 0, max = 10, unit = "steps", help = "Most invitations above the user" }
as_of = { type = "datetime", default = "now", help = "What was known at this instant" }
limit = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (u:User {uid: $user})
CALL (u) {
  MATCH p = (u)((:User)-[s:SENT]->(i:Invitation)-[a:ACCEPTED_AS]->(:User)
      WHERE (coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of) AND (a.at IS NULL OR a.at <= $as_of)){0,/*=depth*/5}(one:User)
  WITH one, min(length(p)) AS ring
  RETURN collect({user: one, ring: ring}) AS tree
}
CALL (u, tree) {
  MATCH p = (u)
  RETURN p, [0] AS rings
  UNION
  UNWIND tree AS t
  WITH t.user AS one, t.ring AS ring
  WHERE ring < 2 * /*=depth*/5
  MATCH p = (one)-[s:SENT]->(i:Invitation)
  WHERE coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of
  RETURN p, [ring, ring + 1] AS rings
  UNION
  UNWIND tree AS t
  WITH t.user AS one, t.ring AS ring
  WHERE ring < 2 * /*=depth*/5
  MATCH (one)-[s:SENT]->(i:Invitation)
  WHERE coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of
  MATCH p = (i)-[a:ACCEPTED_AS]->(:User)
  WHERE a.at IS NULL OR a.at <= $as_of
  RETURN p, [ring + 1, ring + 2] AS rings
  UNION
  UNWIND tree AS t
  WITH t.user AS one, t.ring AS ring
  MATCH p = (one)-[v:CONVERTED_TO]->(:Customer)
  WHERE v.at IS NULL OR v.at <= $as_of
  RETURN p, [ring, ring + 1] AS rings
  UNION
  MATCH p = (u)((:User)<-[a:ACCEPTED_AS]-(i:Invitation)<-[s:SENT]-(:User)
      WHERE (coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of) AND (a.at IS NULL OR a.at <= $as_of)){0,/*=up*/3}(:User)
  RETURN p, range(0, length(p)) AS rings
}
UNWIND range(0, length(p)) AS place
WITH nodes(p)[place] AS node, rings[place] AS ring, [r IN relationships(p) WHERE startNode(r) = nodes(p)[place]] AS leaving
UNWIND CASE leaving WHEN [] THEN [null] ELSE leaving END AS relationship
WITH node, min(ring) AS ring, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY ring, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
