/*
title    = "Users of an account"
question = "Who are the primary, secondary and guest users of this account, added by whom, since when?"
actors   = ["care-agent", "account-holder", "identity-admin"]
access   = "read"
returns  = "many"
key      = ["user_uid", "kind", "valid_from"]
timeout  = 10
notes    = """
A row is a USES_ACCOUNT relationship valid at as_of. role is that of the user, or of the Party it IDENTIFIES, in a Household (the first by group uid, then role). in_crm says whether the person is known to the back end: the User, the Party it IDENTIFIES (or a Party SAME_AS it), or a Customer engaging that Party has CRM or BILLING in sources; it is as of the last load. Order: kind (primary, delegate, secondary, guest, other), then user_uid.
"""

[params]
account = { type = "ref[Account]", help = "Account: uid or number", example = "A-1001" }
kind    = { type = "string", optional = true, choices = ["primary", "secondary", "guest", "delegate"], help = "Only users of this kind" }
as_of   = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit   = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid    = { type = "string", pii = "identifier", help = "The user" }
nickname    = { type = "string", pii = "name", help = "What the user is called" }
kind        = { type = "string", help = "Role on this account" }
role        = { type = "string", help = "head, adult, child, admin or member: the role in a household at as_of, if any (the first by group uid)" }
added_by    = { type = "string", pii = "identifier", help = "uid of the User who added them" }
valid_from  = { type = "datetime", nullable = true, help = "Since when; empty is unknown" }
valid_to    = { type = "datetime", help = "Until when; empty is open" }
last_active = { type = "datetime", pii = "behaviour", help = "Last sign of life in the front end" }
in_crm      = { type = "boolean", help = "Whether the back end knows the person" }
*/
MATCH (:Account {uid: $account})<-[r:USES_ACCOUNT]-(u:User)
WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  AND ($kind IS NULL OR r.role = $kind)
CALL (u) {
  OPTIONAL MATCH (u)-[i:IDENTIFIES]->(p:Individual|Organization)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  WITH u, collect(p) AS parties
  UNWIND [u] + parties AS member
  OPTIONAL MATCH (member)-[m:MEMBER_OF]->(g:Household)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  WITH m.role AS role, g.uid AS group
  ORDER BY group, role
  LIMIT 1
  RETURN role
}
RETURN
  u.uid AS user_uid,
  u.nickname AS nickname,
  r.role AS kind,
  role,
  r.addedBy AS added_by,
  r.validFrom AS valid_from,
  r.validTo AS valid_to,
  u.lastActiveAt AS last_active,
  // The same definition as the loader's FrontOnly marker, which is its negation for now.
  NOT u:FrontOnly AS in_crm
ORDER BY CASE kind WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, user_uid, valid_from
LIMIT $limit
