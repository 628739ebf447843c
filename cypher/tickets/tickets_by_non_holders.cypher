/*
title    = "Tickets by others than the holder"
question = "Which tickets came from someone other than the account holder, and were they authorised?"
actors   = ["care-agent", "account-holder"]
access   = "read"
returns  = "many"
key      = ["ticket_uid", "reporter_uid"]
timeout  = 60
scope    = "graph"
notes    = """
TroubleTickets with creationDate in [since, until) and not after as_of. Every relationship with validity, and every Permission, counts as it stood when the ticket was created.
accounts   of the ticket: the Accounts it is ABOUT and those that a Product it is ABOUT, or that realises (REALIZED_BY) a Service it is ABOUT, is BILLED_TO; where there are none, the accounts held as accountHolder by a Customer ON_TICKET with role customer. A ticket without accounts has no row, nor has one without a reporter
reporter   whoever is ON_TICKET with role reporter; each is a row of its own. The reporter's person is the reporter itself when it is a Party, else the Party that the User IDENTIFIES or the Customer engages, and the Parties that are SAME_AS that one (in either direction, one step); the reporter's selves are the reporter, the Users that IDENTIFIES such a Party and the Customers that engage one
holder     the reporter is the holder, and no row, when one of its selves is a Customer that holds one of the accounts as accountHolder. A user of an account whose holder nobody knows is not the holder
account_uid is the account of the ticket on which a User among the selves has the best role (USES_ACCOUNT): primary, delegate, secondary, guest, others, then by account uid; without such a role the first account by uid. kind is that role, empty without one. account_holder is the Customer that holds this account as accountHolder (the first by uid).
authorised: a User or Customer among the selves has a grant whose entitlements hold action, or begin with action and a colon. Grants, in this order:
permission  a Permission GRANTED_TO the user, valid then (either end empty is open), ON_ASSET a thing the ticket is ABOUT, a product that realises a service it is ABOUT, or an account of the ticket; by its own entitlements; without any it grants nothing. authorised_by is the Permission's uid
account     the role of the user on an account of the ticket, by its default entitlements; authorised_by is the role
holder      the role in which the Customer holds an account of the ticket (billPayer, billReceiver), by its default entitlements; authorised_by is the role
guardian    a Party of the reporter's person is guardian (GUARDIAN_OF) of the Individual that a user (USES_SERVICE) of a Service the ticket is ABOUT IDENTIFIES, by the default entitlements of guardian; authorised_by is guardian
authorised_by is the first that holds in this order, then by account uid, then by Permission uid or role; authorised_via its kind; both empty where nothing authorises.
By default entitlements (the table in the README) account holder and primary and delegate users may manage:services, secondary users and guests may not.
Order: at, newest first, then ticket_uid, reporter_uid.
"""
source   = ["TMF621", "TMF672", "In the public US complaint data 9.1 % were filed on behalf of someone else"]

[params]
since  = { type = "datetime", default = "as_of-30d", help = "Tickets created from then on" }
until  = { type = "datetime", default = "as_of", help = "Tickets created before then" }
kind   = { type = "string", optional = true, choices = ["primary", "secondary", "guest", "delegate"], help = "Only reporters of this kind" }
action = { type = "string", default = "manage:services", help = "The action or entitlement that allows to report" }
as_of  = { type = "datetime", default = "now", help = "Nothing after this instant is seen" }
limit  = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[derived]
defaults = "entitlements()"

[columns]
ticket_uid     = { type = "string", help = "The ticket" }
at             = { type = "datetime", help = "When it was created" }
ticket_type    = { type = "string", help = "Its type" }
reporter_uid   = { type = "string", pii = "identifier", help = "Who reported it" }
kind           = { type = "string", help = "The reporter's role on the account" }
account_uid    = { type = "string", pii = "identifier", help = "The account it is for" }
account_holder = { type = "string", pii = "identifier", help = "uid of the Customer who holds it as accountHolder" }
authorised     = { type = "boolean", help = "Whether a grant allowed it" }
authorised_by  = { type = "string", pii = "identifier", help = "The Permission, or the role, that did" }
authorised_via = { type = "string", help = "permission, account, holder or guardian" }
*/
MATCH (t:TroubleTicket)
WHERE t.creationDate >= $since AND t.creationDate < $until AND t.creationDate <= $as_of
WITH t, t.creationDate AS at
MATCH (t)<-[:ON_TICKET {role: 'reporter'}]-(reporter:Individual|Organization|User|Customer)
WITH DISTINCT t, at, reporter
CALL (t, at) {
  OPTIONAL MATCH (t)-[:ABOUT]->(thing:Product|Service|Account)
  RETURN collect(DISTINCT thing) AS things
}
CALL (things, at) {
  UNWIND things AS thing
  OPTIONAL MATCH (thing:Service)<-[z:REALIZED_BY]-(p:Product)
  WHERE z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
  WITH CASE WHEN thing:Product THEN thing ELSE p END AS product
  RETURN collect(DISTINCT product) AS products
}
CALL (things, products, at) {
  UNWIND things + products AS thing
  OPTIONAL MATCH (thing:Product)-[b:BILLED_TO]->(a:Account)
  WHERE b.validFrom <= at AND (b.validTo IS NULL OR b.validTo > at)
  WITH CASE WHEN thing:Account THEN thing ELSE a END AS account
  RETURN collect(DISTINCT account) AS concerned
}
CALL (t, concerned, at) {
  OPTIONAL MATCH (t)<-[:ON_TICKET {role: 'customer'}]-(:Customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  WHERE concerned = [] AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
  RETURN collect(DISTINCT a) AS held
}
WITH t, at, reporter, things, products, concerned + held AS accounts
WHERE accounts <> []
CALL (reporter, at) {
  CALL (reporter, at) {
    WITH reporter
    WHERE reporter:Party
    RETURN reporter AS person
    UNION
    MATCH (reporter:User|Customer)-[r:IDENTIFIES|ENGAGED_PARTY]->(person:Individual|Organization)
    WHERE r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
    RETURN person
  }
  CALL (person) {
    RETURN person AS same
    UNION
    MATCH (person)-[:SAME_AS]->(same:Individual|Organization)
    RETURN same
    UNION
    MATCH (person)<-[:SAME_AS]-(same:Individual|Organization)
    RETURN same
  }
  RETURN collect(DISTINCT same) AS persons
}
CALL (reporter, persons, at) {
  UNWIND persons AS person
  MATCH (person)<-[r:IDENTIFIES|ENGAGED_PARTY]-(self:User|Customer)
  WHERE r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
  RETURN collect(DISTINCT self) AS others
}
WITH t, at, reporter, things, products, accounts, persons, [reporter] + [x IN others WHERE x <> reporter] AS selves
WHERE NOT EXISTS {
  UNWIND selves AS self
  MATCH (self:Customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  WHERE a IN accounts AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
  RETURN a
}
CALL (selves, accounts, at) {
  UNWIND accounts AS account
  UNWIND selves AS self
  OPTIONAL MATCH (self:User)-[r:USES_ACCOUNT]->(account)
  WHERE r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
  WITH account, r.role AS role
  ORDER BY CASE role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE CASE WHEN role IS NULL THEN 6 ELSE 5 END END, account.uid, role
  LIMIT 1
  RETURN account, role AS kind
}
WITH t, at, reporter, things, products, accounts, persons, selves, account, kind
WHERE $kind IS NULL OR kind = $kind
CALL (account, at) {
  OPTIONAL MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
  RETURN min(c.uid) AS account_holder
}
CALL (things, products, accounts, persons, selves, at) {
  CALL (things, products, accounts, persons, selves, at) {
    UNWIND selves AS self
    MATCH (self:User)<-[:GRANTED_TO]-(x:Permission)-[:ON_ASSET]->(asset:Account|Product|Service)
    WHERE asset IN things + products + accounts
      AND (x.validFrom IS NULL OR x.validFrom <= at) AND (x.validTo IS NULL OR x.validTo > at)
    RETURN 1 AS rank, '' AS place, x.uid AS grant, coalesce(x.entitlements, []) AS entitlements
    UNION
    UNWIND selves AS self
    MATCH (self:User)-[r:USES_ACCOUNT]->(a:Account)
    WHERE a IN accounts AND r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
    RETURN 2 AS rank, a.uid AS place, r.role AS grant, coalesce($defaults[r.role], []) AS entitlements
    UNION
    UNWIND selves AS self
    MATCH (self:Customer)-[r:HOLDS_ACCOUNT]->(a:Account)
    WHERE a IN accounts AND r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
    RETURN 3 AS rank, a.uid AS place, r.role AS grant, coalesce($defaults[r.role], []) AS entitlements
    UNION
    UNWIND persons AS person
    MATCH (person)-[w:GUARDIAN_OF]->(:Individual)<-[i:IDENTIFIES]-(:User)-[s:USES_SERVICE]->(service:Service)
    WHERE service IN things AND w.validFrom <= at AND (w.validTo IS NULL OR w.validTo > at)
      AND i.validFrom <= at AND (i.validTo IS NULL OR i.validTo > at)
      AND s.validFrom <= at AND (s.validTo IS NULL OR s.validTo > at)
    RETURN 4 AS rank, '' AS place, 'guardian' AS grant, coalesce($defaults['guardian'], []) AS entitlements
  }
  WITH rank, place, grant, entitlements
  WHERE any(x IN entitlements WHERE x = $action OR x STARTS WITH $action + ':')
  ORDER BY rank, place, grant
  WITH collect({rank: rank, grant: grant})[0] AS first
  RETURN first.grant AS authorised_by, ['permission', 'account', 'holder', 'guardian'][first.rank - 1] AS authorised_via
}
RETURN
  t.uid AS ticket_uid,
  at,
  t.ticketType AS ticket_type,
  reporter.uid AS reporter_uid,
  kind,
  account.uid AS account_uid,
  account_holder,
  authorised_by IS NOT NULL AS authorised,
  authorised_by,
  authorised_via
ORDER BY at DESC, ticket_uid, reporter_uid
LIMIT $limit
