/*
title    = "Top inviters"
question = "Whose invitation trees bring in the most converted value?"
actors   = ["marketing"]
access   = "read"
returns  = "many"
key      = ["user_uid", "currency"]
timeout  = 120
scope    = "graph"
notes    = """
A User invited another when it SENT an Invitation that was ACCEPTED_AS the other, both not after as_of (the at of SENT, else sentAt; the at of ACCEPTED_AS; an unknown instant counts as before). The tree of a user are the others it reached so in 1 to depth steps, each once, at the fewest steps; the user itself is not in its own tree. A user in the trees of two is counted in both.
direct     users reached in one step
total      users in the tree
depth      the most steps at which one of them stands
converted  users in the tree CONVERTED_TO a Customer by as_of (an at after as_of is not seen, an unknown one is)
value      sum of monthlyValue of the live Products, with this currency, that these Customers own at as_of (OWNS), rounded to 2 decimals; each product once
A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after as_of.
A row is a User with at least one user in its tree, and a currency; money of several currencies makes several rows, a tree without any value one row with value and currency empty (a live product without a monthlyValue has no value, one without a currency the currency ?).
Order: value descending (empty last; the numbers alone, whatever the currency), converted descending, total descending, user_uid, currency.
"""

[params]
depth    = { type = "int", literal = true, default = 5, min = 1, max = 10, unit = "steps", help = "Most invitations between the user and a guest" }
currency = { type = "string", optional = true, help = "Only value in this currency (ISO 4217)" }
as_of    = { type = "datetime", default = "now", help = "What was known at this instant" }
limit    = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid  = { type = "string", pii = "identifier", help = "Who invited" }
direct    = { type = "int", unit = "users", help = "Invited by the user itself" }
total     = { type = "int", unit = "users", help = "In the whole tree" }
depth     = { type = "int", unit = "steps", help = "How deep the tree goes" }
converted = { type = "int", unit = "users", help = "Of the tree, who became customers" }
value     = { type = "float", unit = "money", help = "What these customers pay a month" }
currency  = { type = "string", nullable = true, help = "Currency of the value" }
*/
// From the invitations, which are fewer than the users.
MATCH (i:Invitation)<-[s:SENT]-(u:User)
WHERE (coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of)
WITH DISTINCT u
MATCH p = (u)((:User)-[s:SENT]->(i:Invitation)-[a:ACCEPTED_AS]->(:User)
    WHERE (coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of) AND (a.at IS NULL OR a.at <= $as_of)){1,/*=depth*/5}(guest:User)
WHERE guest <> u
WITH u, guest, min(size(s)) AS level
WITH u, collect(guest) AS guests, count(CASE WHEN level = 1 THEN 1 END) AS direct, max(level) AS deepest
CALL (guests) {
  UNWIND guests AS guest
  MATCH (guest)-[v:CONVERTED_TO]->(c:Customer)
  WHERE v.at IS NULL OR v.at <= $as_of
  RETURN count(DISTINCT guest) AS converted, collect(DISTINCT c) AS customers
}
CALL (customers) {
  UNWIND customers AS c
  MATCH (c)-[o:OWNS]->(p:Product)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    AND (p.startDate IS NULL OR p.startDate <= $as_of) AND (p.terminationDate IS NULL OR p.terminationDate > $as_of)
    AND (coalesce(p.status, 'active') IN ['active', 'suspended', 'pendingTerminate'] OR (p.status = 'terminated' AND p.terminationDate IS NOT NULL))
    AND p.monthlyValue IS NOT NULL
    AND ($currency IS NULL OR p.currency = $currency)
  WITH DISTINCT p
  WITH coalesce(p.currency, '?') AS currency, round(sum(p.monthlyValue), 2) AS value
  RETURN collect({currency: currency, value: value}) AS values
}
UNWIND CASE WHEN size(values) = 0 THEN [{currency: null, value: null}] ELSE values END AS money
RETURN
  u.uid AS user_uid,
  direct,
  size(guests) AS total,
  deepest AS depth,
  converted,
  money.value AS value,
  money.currency AS currency
ORDER BY coalesce(value, -1.0) DESC, converted DESC, total DESC, user_uid, currency
LIMIT $limit
