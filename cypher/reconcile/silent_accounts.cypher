/*
title    = "Silent accounts"
question = "Which account holders have no active user at all in the front end?"
actors   = ["retention-analyst", "product-owner"]
access   = "read"
returns  = "many"
key      = ["customer_uid", "account_uid"]
timeout  = 120
scope    = "graph"
notes    = """
All at as_of. A row is a Customer that HOLDS_ACCOUNT as accountHolder an open account without an active user. The account is closed from closedAt on; without closedAt, when its state is Closed. The customer is left out when it is terminated: from its terminationDate on; without one, when its status is terminated.
A user is active when it USES_ACCOUNT the account in any role, its status is neither suspended nor archived, and its lastActiveAt is not before as_of less inactive_days. lastActiveAt is the last sign of life as of the last load; one after as_of counts as activity, because the earlier ones are not kept. A user who was never seen (empty lastActiveAt) is not active.
products counts the Products BILLED_TO the account, whatever their status; users the Users that use it in any role, whatever theirs; last_active is the latest lastActiveAt of those users, empty when there is none.
Reads every account and its users: its cost grows with the operator.
Order: customer_uid, account_uid.
"""
source   = ["90 days: the usual definition of an inactive subscriber in operators' reports; a practice, no standard"]

[params]
inactive_days = { type = "int", default = 90, min = 1, unit = "days", help = "Users not seen for longer are not active" }
as_of         = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit         = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
customer_uid = { type = "string", pii = "identifier", help = "Who holds the account" }
account_uid  = { type = "string", pii = "identifier", help = "The account nobody uses" }
name         = { type = "string", pii = "name", help = "Name of the customer" }
products     = { type = "int", unit = "products", help = "Products billed to the account" }
users        = { type = "int", unit = "users", help = "Its users, none of them active" }
last_active  = { type = "datetime", pii = "behaviour", help = "Last sign of life of any of them; empty is never" }
*/
MATCH (a:Account)
WHERE CASE WHEN a.closedAt IS NULL THEN coalesce(a.state, '') <> 'Closed' ELSE a.closedAt > $as_of END
CALL (a) {
  OPTIONAL MATCH (a)<-[r:USES_ACCOUNT]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  WITH DISTINCT u
  RETURN count(u) AS users, max(u.lastActiveAt) AS last_active,
    count(CASE WHEN NOT coalesce(u.status, 'unknown') IN ['suspended', 'archived'] AND u.lastActiveAt >= $as_of - duration({days: $inactive_days}) THEN 1 END) AS active
}
WITH a, users, last_active, active
WHERE active = 0
MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  AND CASE WHEN c.terminationDate IS NULL THEN coalesce(c.status, '') <> 'terminated' ELSE c.terminationDate > $as_of END
WITH DISTINCT a, c, users, last_active
CALL (a) {
  OPTIONAL MATCH (a)<-[b:BILLED_TO]-(p:Product)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN count(DISTINCT p) AS products
}
RETURN
  c.uid AS customer_uid,
  a.uid AS account_uid,
  c.name AS name,
  products,
  users,
  last_active
ORDER BY customer_uid, account_uid
LIMIT $limit
