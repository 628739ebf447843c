/*
title    = "Users unknown to the CRM"
question = "Which active front-end users have no back-end record of the person?"
actors   = ["identity-admin", "data-engineer", "product-owner"]
access   = "read"
returns  = "many"
key      = ["user_uid", "account_uid"]
timeout  = 60
scope    = "graph"
notes    = """
As of the last load: the loader marks a User FrontOnly when neither the User, nor the Party it IDENTIFIES (or one SAME_AS it), nor a Customer engaging that Party (itself, not one only SAME_AS it) has CRM or BILLING in sources. Active is a status other than suspended and archived, and a sign of life since active_since where that is given. One row for each account used now, with the first role there of primary, delegate, secondary, guest, others (with kind given, that one); a user of no account has one row with the account empty, and none where kind is given. Of several holders the first by uid is shown. Order: user_uid, account_uid.
"""

[params]
kind         = { type = "string", optional = true, choices = ["primary", "secondary", "guest", "delegate"], help = "Only users of this kind" }
active_since = { type = "datetime", optional = true, help = "Only users seen in the front end since then" }
limit        = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid       = { type = "string", pii = "identifier", help = "The user nobody in the back end knows" }
kind           = { type = "string", help = "Role on the account; empty without an account" }
account_uid    = { type = "string", nullable = true, pii = "identifier", help = "Account used" }
account_holder = { type = "string", pii = "identifier", help = "uid of the Customer who holds it as accountHolder" }
created_at     = { type = "datetime", help = "When the user came to be" }
last_active    = { type = "datetime", pii = "behaviour", help = "Last sign of life" }
*/
MATCH (u:FrontOnly)
WHERE coalesce(u.status, 'unknown') IN ['active', 'unknown']
  AND ($active_since IS NULL OR u.lastActiveAt >= $active_since)
// Each of these users is a row at least, unless a kind is asked for: only the first of them are looked into.
WITH u
ORDER BY u.uid
LIMIT CASE WHEN $kind IS NULL THEN $limit ELSE 9223372036854775807 END
CALL (u) {
  OPTIONAL MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= datetime() AND (r.validTo IS NULL OR r.validTo > datetime())
    AND ($kind IS NULL OR r.role = $kind)
  WITH a, r.role AS role
  ORDER BY CASE role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, role
  RETURN a, head(collect(role)) AS kind
}
WITH u, a, kind
WHERE $kind IS NULL OR kind IS NOT NULL
CALL (a) {
  OPTIONAL MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= datetime() AND (h.validTo IS NULL OR h.validTo > datetime())
  RETURN min(c.uid) AS account_holder
}
RETURN
  u.uid AS user_uid,
  kind,
  a.uid AS account_uid,
  account_holder,
  u.createdAt AS created_at,
  u.lastActiveAt AS last_active
ORDER BY user_uid, account_uid
LIMIT $limit
