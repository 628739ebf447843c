/*
title    = "Customer 360"
question = "What hangs around this customer: parties, accounts, users, groups, products, services, SLAs, open tickets, experience, last contacts?"
actors   = ["care-agent", "account-holder", "billing-analyst"]
access   = "read"
returns  = "many"
key      = ["section", "uid", "role"]
timeout  = 10
notes    = """
All at as_of. Sections, in this order:
party     whom the customer engages (role engagedParty), and related parties of the customer or of an account below (their role)
account   accounts held (role accountHolder, billPayer or billReceiver)
user      users of these accounts (the role on the account; detail is the account), and users that IDENTIFIES the engaged party and use none of them (role self)
group     (status empty) groups of the customer, of the engaged party or of a user above (the role there; detail is the member), the groups around those up to depth (role nested; detail is the group inside), and groups OWNED_BY the customer or an account (role owner)
product   products owned (status; since is startDate)
service   services that realise them, and services used by a user above (role realises or uses; detail is the product or the user)
sla       active SLAs (state empty or active) covering a product, an account, the customer or a group above but owned ones (role product, account, customer or group; detail is what is covered, the first by uid)
ticket    open tickets (acknowledged, inProgress, pending, held) of the customer, the engaged party, a user above or the user's party, or about a product, service or account above; role is reporter, customer or member (the first in alphabet), about when only their thing is on it; since is creationDate
qoe       the newest window of each user above, service and metric, begun before as_of; name is the metric, status the ACR band for metric mos (4.3 and more is excellent to some scales: here 4.34 very satisfied, 4.03 satisfied, 3.60 some dissatisfied, 3.10 many dissatisfied, below nearly all dissatisfied), role the user, detail the mean, since the start of the window
contact   the last contacts (start before as_of) of the customer, the engaged party, a user above or the user's party; name is the reason, status the status, role who (the first uid), detail the channel, since the start
Where one thing stands in a section twice with the same role, the row with the least detail is kept.
since is validFrom where nothing else is said. Order: section as above, then uid, role; contacts newest first.
"""
source   = ["ITU-T G.107 (bands of MOS)"]

[params]
customer = { type = "ref[Customer]", help = "Customer: uid or CRM id", example = "C-1001" }
depth    = { type = "int", literal = true, default = 3, min = 1, max = 6, unit = "hops", help = "Hops through nested groups" }
contacts = { type = "int", default = 5, min = 0, help = "How many of the last contacts" }
as_of    = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit    = { type = "int", default = 200, min = 1, help = "At most this many rows" }

[columns]
section = { type = "string", help = "What the row is about" }
uid     = { type = "string", pii = "identifier", help = "The thing" }
name    = { type = "string", pii = "name", help = "Its name; a metric, a reason" }
status  = { type = "string", help = "Its status or state" }
role    = { type = "string", nullable = true, pii = "identifier", help = "How it hangs together with the customer" }
detail  = { type = "string", pii = "identifier", help = "Through what, or a value" }
since   = { type = "datetime", help = "Since when; empty is unknown" }
*/
MATCH (c:Customer {uid: $customer})
CALL (c) {
  OPTIONAL MATCH (c)-[r:ENGAGED_PARTY]->(p:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS parties
}
CALL (c) {
  OPTIONAL MATCH (c)-[r:HOLDS_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT a) AS accounts
}
CALL (accounts, parties) {
  UNWIND accounts AS account
  MATCH (account)<-[r:USES_ACCOUNT]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT u) AS account_users
}
CALL (parties, account_users) {
  UNWIND parties AS party
  MATCH (party)<-[r:IDENTIFIES]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of) AND NOT u IN account_users
  RETURN collect(DISTINCT u) AS own_users
}
WITH c, parties, accounts, account_users, own_users, account_users + own_users AS users
CALL (users) {
  UNWIND users AS u
  MATCH (u)-[r:IDENTIFIES]->(p:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS user_parties
}
CALL (c) {
  OPTIONAL MATCH (c)-[r:OWNS]->(p:Product)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS products
}
CALL (products) {
  UNWIND products AS product
  MATCH (product)-[r:REALIZED_BY]->(s:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT s) AS product_services
}
CALL (users) {
  UNWIND users AS u
  MATCH (u)-[r:USES_SERVICE]->(s:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT s) AS used_services
}
CALL (c, parties, users) {
  UNWIND [c] + parties + users AS member
  MATCH (member)-[r:MEMBER_OF]->(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT g) AS direct_groups
}
CALL (direct_groups) {
  UNWIND direct_groups AS inner
  MATCH (inner)(()-[r:SUBGROUP_OF WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)]->(:Group)){1,/*=depth*/3}(outer:Group)
  RETURN collect(DISTINCT {inner: startNode(r[-1]), outer: outer, since: r[-1].validFrom}) AS nested
}
CALL (c, parties, accounts, account_users, own_users, users, user_parties, products, product_services, used_services, direct_groups, nested) {
  UNWIND parties AS p
  MATCH (c)-[r:ENGAGED_PARTY]->(p)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 1 AS rank, 'party' AS section, p.uid AS uid, p.name AS name, p.status AS status, 'engagedParty' AS role, null AS detail, r.validFrom AS since
  UNION
  UNWIND [c] + accounts AS x
  MATCH (x)-[r:RELATED_PARTY]->(p:Individual|Organization|Customer|User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 1 AS rank, 'party' AS section, p.uid AS uid, coalesce(p.name, p.nickname) AS name, p.status AS status, r.role AS role, null AS detail, r.validFrom AS since
  UNION
  MATCH (c)-[r:HOLDS_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 2 AS rank, 'account' AS section, a.uid AS uid, a.name AS name, a.state AS status, r.role AS role, null AS detail, r.validFrom AS since
  UNION
  UNWIND accounts AS a
  MATCH (a)<-[r:USES_ACCOUNT]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 3 AS rank, 'user' AS section, u.uid AS uid, u.nickname AS name, u.status AS status, r.role AS role, a.uid AS detail, r.validFrom AS since
  UNION
  UNWIND own_users AS u
  MATCH (u)-[r:IDENTIFIES]->(p)
  WHERE p IN parties AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 3 AS rank, 'user' AS section, u.uid AS uid, u.nickname AS name, u.status AS status, 'self' AS role, null AS detail, r.validFrom AS since
  UNION
  UNWIND [c] + parties + users AS member
  MATCH (member)-[r:MEMBER_OF]->(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 4 AS rank, 'group' AS section, g.uid AS uid, g.name AS name, null AS status, r.role AS role, member.uid AS detail, r.validFrom AS since
  UNION
  UNWIND nested AS n
  RETURN 4 AS rank, 'group' AS section, n.outer.uid AS uid, n.outer.name AS name, null AS status, 'nested' AS role, n.inner.uid AS detail, n.since AS since
  UNION
  UNWIND [c] + accounts AS owner
  MATCH (owner)<-[r:OWNED_BY]-(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 4 AS rank, 'group' AS section, g.uid AS uid, g.name AS name, null AS status, 'owner' AS role, null AS detail, r.validFrom AS since
  UNION
  UNWIND products AS p
  RETURN 5 AS rank, 'product' AS section, p.uid AS uid, p.name AS name, p.status AS status, null AS role, null AS detail, p.startDate AS since
  UNION
  UNWIND products AS p
  MATCH (p)-[r:REALIZED_BY]->(s:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 6 AS rank, 'service' AS section, s.uid AS uid, s.name AS name, s.state AS status, 'realises' AS role, p.uid AS detail, r.validFrom AS since
  UNION
  UNWIND users AS u
  MATCH (u)-[r:USES_SERVICE]->(s:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN 6 AS rank, 'service' AS section, s.uid AS uid, s.name AS name, s.state AS status, 'uses' AS role, u.uid AS detail, r.validFrom AS since
  UNION
  UNWIND [c] + products + accounts + direct_groups + [n IN nested | n.outer] AS covered
  MATCH (covered)-[r:COVERED_BY]->(s:SLA)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of) AND toLower(coalesce(s.state, 'active')) = 'active'
  RETURN 7 AS rank, 'sla' AS section, s.uid AS uid, s.name AS name, s.state AS status,
    CASE WHEN covered:Product THEN 'product' WHEN covered:Account THEN 'account' WHEN covered:Customer THEN 'customer' ELSE 'group' END AS role,
    covered.uid AS detail, r.validFrom AS since
  UNION
  CALL (c, parties, users, user_parties, products, product_services, used_services, accounts) {
    UNWIND [c] + parties + users + user_parties AS person
    MATCH (person)-[r:ON_TICKET]->(t:TroubleTicket)
    RETURN t, r.role AS role
    UNION
    UNWIND products + product_services + used_services + accounts AS thing
    MATCH (thing)<-[:ABOUT]-(t:TroubleTicket)
    RETURN t, null AS role
  }
  WITH t, min(role) AS role
  WHERE t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] AND t.creationDate <= $as_of
  RETURN 8 AS rank, 'ticket' AS section, t.uid AS uid, t.name AS name, t.status AS status, coalesce(role, 'about') AS role, null AS detail, t.creationDate AS since
  UNION
  UNWIND users AS u
  MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WHERE q.windowStart < $as_of
  WITH u, q
  ORDER BY q.windowStart DESC, q.uid
  WITH u, q.service AS service, q.metric AS metric, collect(q)[0] AS q
  RETURN 9 AS rank, 'qoe' AS section, q.uid AS uid, metric AS name,
    CASE
      WHEN metric <> 'mos' OR q.mean IS NULL THEN null
      WHEN q.mean >= 4.34 THEN 'very satisfied'
      WHEN q.mean >= 4.03 THEN 'satisfied'
      WHEN q.mean >= 3.60 THEN 'some dissatisfied'
      WHEN q.mean >= 3.10 THEN 'many dissatisfied'
      ELSE 'nearly all dissatisfied'
    END AS status,
    u.uid AS role, toString(q.mean) AS detail, q.windowStart AS since
  UNION
  UNWIND [c] + parties + users + user_parties AS person
  MATCH (person)-[:HAD_INTERACTION]->(i:PartyInteraction)
  WHERE i.start < $as_of
  WITH i, min(person.uid) AS who
  ORDER BY i.start DESC, i.uid
  LIMIT $contacts
  RETURN 10 AS rank, 'contact' AS section, i.uid AS uid, i.reason AS name, i.status AS status, who AS role, i.channel AS detail, i.start AS since
}
WITH rank, section, uid, role, name, status, detail, since
ORDER BY detail, since
WITH rank, section, uid, role, collect({name: name, status: status, detail: detail, since: since})[0] AS row
RETURN
  section,
  uid,
  row.name AS name,
  row.status AS status,
  role,
  row.detail AS detail,
  row.since AS since
ORDER BY rank, CASE WHEN section = 'contact' THEN -since.epochSeconds ELSE 0 END, uid, role
LIMIT $limit
