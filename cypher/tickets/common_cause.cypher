/*
title    = "Common cause"
question = "Which open tickets share a supporting service or resource, but no service problem?"
actors   = ["noc"]
access   = "read"
returns  = "many"
key      = ["element_uid"]
timeout  = 60
scope    = "graph"
notes    = """
The tickets are those of one of types (any case), with creationDate from `hours` before as_of to as_of, both included, open at as_of (status acknowledged, inProgress, pending or held now, or resolutionDate after as_of), and PART_OF_PROBLEM of no ServiceProblem. A ticket's services are those it is ABOUT and those that realise (REALIZED_BY) a Product it is ABOUT. A ticket about an account only has none.
A row is a Service or Resource on which services of at least min_tickets of these tickets stand: SUPPORTED_BY, 1 to max_depth hops. All relationships at as_of. depth is the greatest, over the tickets, of the fewest hops from one of the ticket's services to the element: the lower, the nearer the common cause. customers counts the Customers that own (OWNS) a product realised by one of the ticket's services or one it is ABOUT, or are ON_TICKET; users the Users ON_TICKET with role reporter. first_seen is the earliest creationDate, ticket_uids the tickets by creationDate, then uid.
open_problem is a ServiceProblem with status acknowledged, inProgress, pending or held now that AFFECTS the element (the first by uid): the cause is known there, and the tickets only want linking. known = false leaves such rows out.
Order: tickets from the greatest, depth, element_uid.
"""
source   = ["eTOM 1.3.7.5", "TMF656"]

[params]
min_tickets = { type = "int", default = 2, min = 1, unit = "tickets", help = "At least so many tickets stand on it" }
hours       = { type = "int", default = 24, min = 1, unit = "hours", help = "Tickets created within so many hours before as_of" }
types       = { type = "list[string]", default = ["incident"], help = "Ticket types that count" }
known       = { type = "boolean", default = true, help = "Elements that an open problem affects already, too" }
max_depth   = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops of SUPPORTED_BY" }
as_of       = { type = "datetime", default = "now", help = "Relationships valid at this instant; nothing after it is seen" }
limit       = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
element_uid   = { type = "string", help = "What the tickets share" }
name          = { type = "string", help = "Its name" }
element_type  = { type = "string", help = "Its serviceType or resourceType" }
tickets       = { type = "int", unit = "tickets", help = "Open tickets that stand on it" }
customers     = { type = "int", unit = "customers", help = "Customers behind them" }
users         = { type = "int", unit = "users", help = "Users who reported them" }
depth         = { type = "int", unit = "hops", help = "Most hops from a ticket's service" }
first_seen    = { type = "datetime", help = "Creation of the first" }
ticket_uids   = { type = "list[string]", help = "The tickets" }
open_problem  = { type = "string", help = "An open problem that affects it already" }
*/
MATCH (t:TroubleTicket)
WHERE t.creationDate >= $as_of - duration({hours: $hours}) AND t.creationDate <= $as_of
  AND (t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] OR t.resolutionDate > $as_of)
  AND toLower(t.ticketType) IN [x IN $types | toLower(x)]
  AND NOT EXISTS { (t)-[:PART_OF_PROBLEM]->(:ServiceProblem) }
CALL (t) {
  MATCH (t)-[:ABOUT]->(service:Service)
  RETURN service
  UNION
  MATCH (t)-[:ABOUT]->(:Product)-[z:REALIZED_BY]->(service:Service)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN service
}
MATCH p = (service)(()-[s:SUPPORTED_BY WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){1,/*=max_depth*/4}(element:Service|Resource)
WITH element, t, min(length(p)) AS hops
ORDER BY t.creationDate, t.uid
WITH element, collect(t) AS found, max(hops) AS depth
WHERE size(found) >= $min_tickets
CALL (element) {
  OPTIONAL MATCH (element)<-[:AFFECTS]-(problem:ServiceProblem)
  WHERE problem.status IN ['acknowledged', 'inProgress', 'pending', 'held']
  RETURN min(problem.uid) AS open_problem
}
WITH element, found, depth, open_problem
WHERE $known OR open_problem IS NULL
CALL (found) {
  CALL (found) {
    UNWIND found AS t
    MATCH (t)<-[:ON_TICKET]-(c:Customer)
    RETURN c
    UNION
    UNWIND found AS t
    MATCH (t)-[:ABOUT]->(:Product)<-[o:OWNS]-(c:Customer)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN c
    UNION
    UNWIND found AS t
    MATCH (t)-[:ABOUT]->(:Product)-[y:REALIZED_BY]->(:Service)<-[z:REALIZED_BY]-(:Product)<-[o:OWNS]-(c:Customer)
    WHERE y.validFrom <= $as_of AND (y.validTo IS NULL OR y.validTo > $as_of)
      AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
      AND o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN c
    UNION
    UNWIND found AS t
    MATCH (t)-[:ABOUT]->(:Service)<-[z:REALIZED_BY]-(:Product)<-[o:OWNS]-(c:Customer)
    WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
      AND o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN c
  }
  RETURN count(DISTINCT c) AS customers
}
CALL (found) {
  UNWIND found AS t
  OPTIONAL MATCH (t)<-[:ON_TICKET {role: 'reporter'}]-(u:User)
  RETURN count(DISTINCT u) AS users
}
RETURN
  element.uid AS element_uid,
  element.name AS name,
  coalesce(element.serviceType, element.resourceType) AS element_type,
  size(found) AS tickets,
  customers,
  users,
  depth,
  found[0].creationDate AS first_seen,
  [t IN found | t.uid] AS ticket_uids,
  open_problem
ORDER BY tickets DESC, depth, element_uid
LIMIT $limit
