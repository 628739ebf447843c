/*
title    = "Repeated tickets"
question = "Which products, accounts or households had n tickets in so many days, by any of their users?"
actors   = ["care-agent", "retention-analyst"]
access   = "read"
returns  = "many"
key      = ["scope_uid"]
timeout  = 60
scope    = "graph"
notes    = """
Tickets with creationDate from `days` before as_of to as_of, both included, of any type and status. Relationships with validity count as they stood when the ticket was created. By scope a ticket belongs to
product    each Product it is ABOUT, or that is REALIZED_BY a Service it is ABOUT
account    each Account it is ABOUT, or that such a product is BILLED_TO
household  each household (a Group of groupType household) of which somebody ON_TICKET, in any role, is a direct member (MEMBER_OF): itself, or the Party that the User IDENTIFIES or the Customer engages
A ticket that belongs to none is not counted. A row is a thing with at least n tickets. users counts the humans (or organizations) who reported them, ON_TICKET with role reporter: of a User the Party it IDENTIFIES, of a Customer the Party it engages, a Party itself, or a Party SAME_AS that one (either direction, one step): the first of these by uid, without any the User or Customer itself; each once. ticket_types are the distinct types in alphabetical order, empty ones left out; reopened counts the tickets whose reopenCount is above 0; ticket_uids are all of them by creationDate, then uid.
Order: tickets from the greatest, then scope_uid.
"""
source   = ["TMF621", "Repeat contact within 7 days: practice"]

[params]
n     = { type = "int", default = 2, min = 1, help = "At least so many tickets" }
days  = { type = "int", default = 7, min = 1, unit = "days", help = "Within so many days before as_of" }
scope = { type = "string", default = "product", choices = ["product", "account", "household"], help = "What the tickets have in common" }
as_of = { type = "datetime", default = "now", help = "Nothing after this instant is seen" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
scope_uid    = { type = "string", pii = "identifier", help = "The product, account or household" }
name         = { type = "string", pii = "name", help = "Its name" }
tickets      = { type = "int", unit = "tickets", help = "How many" }
users        = { type = "int", unit = "people", help = "Different people who reported them" }
ticket_types = { type = "list[string]", help = "Of which types" }
reopened     = { type = "int", unit = "tickets", help = "Those that were opened again" }
first_at     = { type = "datetime", help = "The first of them" }
last_at      = { type = "datetime", help = "The last of them" }
ticket_uids  = { type = "list[string]", help = "The tickets" }
*/
MATCH (t:TroubleTicket)
WHERE t.creationDate >= $as_of - duration({days: $days}) AND t.creationDate <= $as_of
WITH t, t.creationDate AS at
CALL (t, at) {
  WITH t
  WHERE $scope = 'product'
  MATCH (t)-[:ABOUT]->(x:Product)
  RETURN x
  UNION
  WITH t, at
  WHERE $scope = 'product'
  MATCH (t)-[:ABOUT]->(:Service)<-[z:REALIZED_BY]-(x:Product)
  WHERE z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
  RETURN x
  UNION
  WITH t
  WHERE $scope = 'account'
  MATCH (t)-[:ABOUT]->(x:Account)
  RETURN x
  UNION
  WITH t, at
  WHERE $scope = 'account'
  MATCH (t)-[:ABOUT]->(:Product)-[b:BILLED_TO]->(x:Account)
  WHERE b.validFrom <= at AND (b.validTo IS NULL OR b.validTo > at)
  RETURN x
  UNION
  WITH t, at
  WHERE $scope = 'account'
  MATCH (t)-[:ABOUT]->(:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(x:Account)
  WHERE z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
    AND b.validFrom <= at AND (b.validTo IS NULL OR b.validTo > at)
  RETURN x
  UNION
  WITH t, at
  WHERE $scope = 'household'
  MATCH (t)<-[:ON_TICKET]-(:Individual|Organization|User|Customer)-[m:MEMBER_OF]->(x:Household)
  WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
  RETURN x
  UNION
  WITH t, at
  WHERE $scope = 'household'
  MATCH (t)<-[:ON_TICKET]-(:User|Customer)-[r:IDENTIFIES|ENGAGED_PARTY]->(:Individual|Organization)-[m:MEMBER_OF]->(x:Household)
  WHERE r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
    AND m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
  RETURN x
}
WITH x, t
ORDER BY t.creationDate, t.uid
WITH x, collect(t) AS found
WHERE size(found) >= $n
CALL (found) {
  UNWIND found AS t
  MATCH (t)<-[:ON_TICKET {role: 'reporter'}]-(reporter:Individual|Organization|User|Customer)
  CALL (t, reporter) {
    CALL (t, reporter) {
      WITH reporter
      WHERE reporter:Party
      RETURN reporter AS party
      UNION
      MATCH (reporter)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
      WHERE r.validFrom <= t.creationDate AND (r.validTo IS NULL OR r.validTo > t.creationDate)
      RETURN party
    }
    CALL (party) {
      RETURN party AS same
      UNION
      MATCH (party)-[:SAME_AS]->(same:Individual|Organization)
      RETURN same
      UNION
      MATCH (party)<-[:SAME_AS]-(same:Individual|Organization)
      RETURN same
    }
    RETURN min(same.uid) AS party_uid
  }
  RETURN count(DISTINCT coalesce(party_uid, reporter.uid)) AS users
}
CALL (found) {
  UNWIND found AS t
  WITH DISTINCT t.ticketType AS type
  ORDER BY type
  RETURN collect(type) AS ticket_types
}
RETURN
  x.uid AS scope_uid,
  x.name AS name,
  size(found) AS tickets,
  users,
  ticket_types,
  size([t IN found WHERE t.reopenCount > 0]) AS reopened,
  found[0].creationDate AS first_at,
  found[-1].creationDate AS last_at,
  [t IN found | t.uid] AS ticket_uids
ORDER BY tickets DESC, scope_uid
LIMIT $limit
