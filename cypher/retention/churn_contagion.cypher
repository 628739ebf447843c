/*
title    = "Churn contagion"
question = "Which active customers are tied to recent leavers by household, group, invitation or shared account, and how strongly?"
actors   = ["retention-analyst"]
access   = "read"
returns  = "many"
key      = ["customer_uid"]
timeout  = 120
scope    = "graph"
notes    = """
A leaver is a Customer with status terminated and terminationDate in [as_of - days, as_of]. Ties are those just before its terminationDate T: a relationship counts when validFrom is before T and validTo is empty or not before T; what has only an instant (SENT, ACCEPTED_AS) when that instant is before T or unknown.
The faces of a customer are the Customer, the Parties it engages (ENGAGED_PARTY) and the Users that IDENTIFIES one of these, all just before T. The accounts of a customer are those it holds in any role (HOLDS_ACCOUNT) or that one of its Users uses in any role (USES_ACCOUNT), just before T.
Ties between a leaver and another Customer, one for each group, account or invitation:
household   a Household of which a face of each is directly a member (MEMBER_OF)
group       the same with a Group that is no Household
account     an Account of both
invitation  an Invitation that a User of one SENT (its at, else sentAt) and that was ACCEPTED_AS a User of the other, in either direction
A Household or Group with more than max_members members just before T, and an Account with more than max_members users and holders then, ties nobody.
A row is a Customer active at as_of (startDate empty or not after as_of, and status active, or terminated with a terminationDate after as_of) that is no leaver and has at least min_ties ties to leavers, all leavers together.
ties        pairs of leaver and tie; leavers, tie_types the distinct ones, sorted by uid and name
score       weight_household * household ties + weight_account * account ties + weight_invitation * invitation ties + weight_group * group ties, rounded to 4 places
The weights order the kinds of ties by closeness; they are a default to be fitted, not measured here.
Order: score descending, ties descending, customer_uid.
"""
source   = ["Kostić, Simić, Kostić: Social Network Analysis and Churn Prediction in Telecommunications Using Graph Theory, Entropy 2020", "Dasgupta et al.: Social Ties and their Relevance to Churn in Mobile Telecom Networks, EDBT 2008"]

[params]
days              = { type = "int", default = 90, min = 1, unit = "days", help = "Leavers of so many days before as_of" }
min_ties          = { type = "int", default = 1, min = 1, unit = "ties", help = "At least so many ties to leavers" }
max_members       = { type = "int", default = 50, min = 2, unit = "members", help = "A larger group or account ties nobody" }
weight_household  = { type = "float", default = 1.0, min = 0, unit = "score", help = "Weight of a common household" }
weight_account    = { type = "float", default = 0.8, min = 0, unit = "score", help = "Weight of a common account" }
weight_invitation = { type = "float", default = 0.5, min = 0, unit = "score", help = "Weight of an invitation" }
weight_group      = { type = "float", default = 0.3, min = 0, unit = "score", help = "Weight of a common group" }
as_of             = { type = "datetime", default = "now", help = "Leavers and active customers at this instant" }
limit             = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
customer_uid = { type = "string", pii = "identifier", help = "Who may follow" }
name         = { type = "string", pii = "name", help = "The customer's name" }
ties         = { type = "int", unit = "ties", help = "Ties to leavers" }
leavers      = { type = "list[string]", pii = "identifier", help = "Those who left" }
tie_types    = { type = "list[string]", help = "account, group, household, invitation" }
score        = { type = "float", unit = "score", help = "Weighted sum of the ties" }
*/
MATCH (leaver:Customer {status: 'terminated'})
WHERE leaver.terminationDate >= $as_of - duration({days: $days}) AND leaver.terminationDate <= $as_of
WITH leaver, leaver.terminationDate AS t
CALL (leaver, t) {
  RETURN leaver AS face
  UNION
  MATCH (leaver)-[e:ENGAGED_PARTY]->(face:Individual|Organization)
  WHERE e.validFrom < t AND (e.validTo IS NULL OR e.validTo >= t)
  RETURN face
  UNION
  MATCH (leaver)-[e:ENGAGED_PARTY]->(:Individual|Organization)<-[i:IDENTIFIES]-(face:User)
  WHERE e.validFrom < t AND (e.validTo IS NULL OR e.validTo >= t)
    AND i.validFrom < t AND (i.validTo IS NULL OR i.validTo >= t)
  RETURN face
}
WITH leaver, t, collect(face) AS faces
CALL (leaver, t, faces) {
  // What ties, and who is at its other end.
  CALL (t, faces) {
    UNWIND faces AS face
    MATCH (face)-[m:MEMBER_OF]->(thing:Group)
    WHERE m.validFrom < t AND (m.validTo IS NULL OR m.validTo >= t)
    WITH DISTINCT thing, t
    CALL (thing, t) {
      MATCH (thing)<-[m:MEMBER_OF]-(end:Individual|Organization|User|Customer|Service)
      WHERE m.validFrom < t AND (m.validTo IS NULL OR m.validTo >= t)
      RETURN collect(DISTINCT end) AS ends
    }
    RETURN thing, CASE WHEN thing:Household THEN 'household' ELSE 'group' END AS kind, ends
    UNION
    UNWIND faces AS face
    MATCH (face)-[r:HOLDS_ACCOUNT|USES_ACCOUNT]->(thing:Account)
    WHERE r.validFrom < t AND (r.validTo IS NULL OR r.validTo >= t)
    WITH DISTINCT thing, t
    CALL (thing, t) {
      MATCH (thing)<-[r:HOLDS_ACCOUNT|USES_ACCOUNT]-(end:Customer|User)
      WHERE r.validFrom < t AND (r.validTo IS NULL OR r.validTo >= t)
      RETURN collect(DISTINCT end) AS ends
    }
    RETURN thing, 'account' AS kind, ends
    UNION
    UNWIND faces AS face
    MATCH (face)-[s:SENT]->(thing:Invitation)-[a:ACCEPTED_AS]->(end:User)
    WHERE (coalesce(s.at, thing.sentAt) IS NULL OR coalesce(s.at, thing.sentAt) < t) AND (a.at IS NULL OR a.at < t)
    RETURN thing, 'invitation' AS kind, collect(DISTINCT end) AS ends
    UNION
    UNWIND faces AS face
    MATCH (face)<-[a:ACCEPTED_AS]-(thing:Invitation)<-[s:SENT]-(end:User)
    WHERE (coalesce(s.at, thing.sentAt) IS NULL OR coalesce(s.at, thing.sentAt) < t) AND (a.at IS NULL OR a.at < t)
    RETURN thing, 'invitation' AS kind, collect(DISTINCT end) AS ends
  }
  WITH leaver, t, thing, kind, ends
  WHERE kind = 'invitation' OR size(ends) <= $max_members
  UNWIND ends AS end
  CALL (end, t) {
    WITH end
    WHERE end:Customer
    RETURN end AS c
    UNION
    MATCH (end)<-[e:ENGAGED_PARTY]-(c:Customer)
    WHERE e.validFrom < t AND (e.validTo IS NULL OR e.validTo >= t)
    RETURN c
    UNION
    MATCH (end)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(c:Customer)
    WHERE i.validFrom < t AND (i.validTo IS NULL OR i.validTo >= t)
      AND e.validFrom < t AND (e.validTo IS NULL OR e.validTo >= t)
    RETURN c
  }
  WITH DISTINCT leaver, c, thing, kind
  WHERE c <> leaver
  RETURN c, thing, kind
}
WITH c, leaver, thing, kind
WHERE (c.startDate IS NULL OR c.startDate <= $as_of)
  AND (c.status = 'active' OR (c.status = 'terminated' AND c.terminationDate > $as_of))
WITH c, leaver, kind
ORDER BY leaver.uid, kind
WITH c,
  count(*) AS ties,
  collect(DISTINCT leaver.uid) AS leavers,
  count(CASE kind WHEN 'household' THEN 1 END) AS households,
  count(CASE kind WHEN 'account' THEN 1 END) AS accounts,
  count(CASE kind WHEN 'invitation' THEN 1 END) AS invitations,
  count(CASE kind WHEN 'group' THEN 1 END) AS groups
WHERE ties >= $min_ties
RETURN
  c.uid AS customer_uid,
  c.name AS name,
  ties,
  leavers,
  [x IN [
    CASE WHEN accounts > 0 THEN 'account' END,
    CASE WHEN groups > 0 THEN 'group' END,
    CASE WHEN households > 0 THEN 'household' END,
    CASE WHEN invitations > 0 THEN 'invitation' END
  ] WHERE x IS NOT NULL] AS tie_types,
  round($weight_household * households + $weight_account * accounts + $weight_invitation * invitations + $weight_group * groups, 4) AS score
ORDER BY score DESC, ties DESC, customer_uid
LIMIT $limit
