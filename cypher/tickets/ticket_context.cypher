/*
title    = "Context of a ticket"
question = "Who reported this ticket, for whom, about what, under which clock, and which similar tickets are near it?"
actors   = ["care-agent"]
access   = "read"
returns  = "many"
key      = ["section", "uid", "role"]
timeout  = 15
notes    = """
Relationships with validity count as they stood when the ticket was created (at as_of where it has no creationDate); a ticket created after as_of has no rows, and other tickets created after as_of are not seen. status, state and the problems behind are those of now.
The accounts of the ticket are the Accounts it is ABOUT and those that a Product it is ABOUT, or that realises (REALIZED_BY) a Service it is ABOUT, is BILLED_TO; where there are none, the accounts held as accountHolder by a Customer ON_TICKET with role customer. Sections, in this order:
ticket   the ticket; role is its ticketType, detail its status, at its creationDate
person   whoever is ON_TICKET; role is reporter, customer, member or another; detail is "<role> on <account uid>": the role on an account of the ticket of a Customer (HOLDS_ACCOUNT), of a User (USES_ACCOUNT), of a Party by the users that IDENTIFIES it; of several the first of accountHolder, billPayer, billReceiver, primary, delegate, secondary, guest, others, then by account uid; empty without one
about    what it is ABOUT; role is product, service or account, detail its status or state
account  the accounts of the ticket that it is not ABOUT; role is billing, or held for those found by their holder; detail is the Customer holding it as accountHolder (the first by uid)
clock    requestedResolution, expectedResolution and resolution: the ticket, at the date of that name, where it has one (a resolutionDate after as_of is not seen); and repair_metric: the SLA that wins for it, at creationDate + target of its objective, detail the objective, name the SLA's. The SLA is found as in sla.sla_jeopardy, when the ticket was created: active (state empty or active, any case), with an objective of repair_metric that has a target, and covering 1 a Product the ticket is ABOUT, or that realises a Service it is ABOUT; 2 an account the ticket is ABOUT or such a product is BILLED_TO; 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of that customer, of anybody ON_TICKET, or of the Party that one of them engages or IDENTIFIES. The first by precedence (absent last), path, fewer nested hops, later validFrom of COVERED_BY, SLA uid wins; of its objectives the one that ends first, then the first by uid. A unit that begins with s, m or d (any case) is seconds, minutes or days, any other, or none, is hours. hours_left is from the resolution, or while unresolved from as_of, to `at`, rounded to 2 decimals, below 0 when late; empty for resolution
problem  ServiceProblems: role partOf where the ticket is PART_OF_PROBLEM, else affects where one AFFECTS a service of the ticket (a Service it is ABOUT, or that realises a Product it is ABOUT) or what supports it, up to max_depth hops of SUPPORTED_BY; name is the category, detail the status
related  tickets at either end of RELATED_TICKET; role is the relationshipType, or related; detail the status, at the creationDate
similar  other tickets created at most `days` before or after this one; role is the first that holds: sameThing (ABOUT the same Product, Service or Account), sameAccount (ABOUT an account of this ticket, a product BILLED_TO it, or a service that realises such a product), sameSupport (ABOUT a Service that stands, up to max_depth hops of SUPPORTED_BY, on an element on which a service of this ticket stands, also up to max_depth hops). Elements and services on which more than `fanout` others stand directly are not followed down: a core router is near everything. detail is the status, at the creationDate
Order: section as above, then the order of roles named here (others last, by name), then uid.
"""
source   = ["TMF621", "TMF656"]

[params]
ticket        = { type = "ref[TroubleTicket]", help = "Ticket: uid or number", example = "TT-1" }
days          = { type = "int", default = 7, min = 0, unit = "days", help = "How near in time a similar ticket is; 7 is the window of repeated contacts" }
repair_metric = { type = "string", default = "timeToRepair", help = "Metric of the objective that makes the clock" }
max_depth     = { type = "int", literal = true, default = 2, min = 1, max = 6, unit = "hops", help = "Hops of SUPPORTED_BY to a shared element" }
fanout        = { type = "int", default = 2000, min = 1, unit = "services", help = "An element that supports more than this connects nobody" }
depth         = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of         = { type = "datetime", default = "now", help = "Nothing after this instant is seen" }
limit         = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
section    = { type = "string", help = "What the row is about" }
uid        = { type = "string", pii = "identifier", help = "The thing" }
role       = { type = "string", nullable = true, help = "How it belongs to the ticket" }
name       = { type = "string", pii = "name", help = "Its name" }
detail     = { type = "string", pii = "identifier", help = "Status, role on the account, objective" }
at         = { type = "datetime", help = "When; of a clock when it ends" }
hours_left = { type = "float", unit = "hours", help = "Until a clock ends; below 0 is late" }
*/
MATCH (t:TroubleTicket {uid: $ticket})
WHERE t.creationDate IS NULL OR t.creationDate <= $as_of
WITH t, coalesce(t.creationDate, $as_of) AS created,
  CASE WHEN t.resolutionDate <= $as_of THEN t.resolutionDate ELSE $as_of END AS clock_now
CALL (t) {
  OPTIONAL MATCH (t)-[:ABOUT]->(thing:Product|Service|Account)
  RETURN collect(DISTINCT thing) AS things
}
CALL (t) {
  OPTIONAL MATCH (t)<-[:ON_TICKET]-(person:Individual|Organization|User|Customer)
  RETURN collect(DISTINCT person) AS people
}
CALL (things, created) {
  UNWIND things AS thing
  OPTIONAL MATCH (thing:Service)<-[z:REALIZED_BY]-(p:Product)
  WHERE z.validFrom <= created AND (z.validTo IS NULL OR z.validTo > created)
  WITH CASE WHEN thing:Product THEN thing ELSE p END AS product
  RETURN collect(DISTINCT product) AS products
}
CALL (things, created) {
  UNWIND things AS thing
  OPTIONAL MATCH (thing:Product)-[z:REALIZED_BY]->(s:Service)
  WHERE z.validFrom <= created AND (z.validTo IS NULL OR z.validTo > created)
  WITH CASE WHEN thing:Service THEN thing ELSE s END AS service
  RETURN collect(DISTINCT service) AS services
}
CALL (things, products, created) {
  UNWIND things + products AS thing
  OPTIONAL MATCH (thing:Product)-[b:BILLED_TO]->(a:Account)
  WHERE b.validFrom <= created AND (b.validTo IS NULL OR b.validTo > created)
  WITH CASE WHEN thing:Account THEN thing ELSE a END AS account
  RETURN collect(DISTINCT account) AS promised
}
CALL (t, promised, created) {
  OPTIONAL MATCH (t)<-[:ON_TICKET {role: 'customer'}]-(:Customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  WHERE promised = [] AND h.validFrom <= created AND (h.validTo IS NULL OR h.validTo > created)
  RETURN collect(DISTINCT a) AS held
}
WITH *, promised + held AS accounts
CALL (promised, created) {
  UNWIND promised AS account
  MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= created AND (h.validTo IS NULL OR h.validTo > created)
  RETURN collect(DISTINCT c) AS holders
}
CALL (people, holders, created) {
  UNWIND people + holders AS one
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= created AND (r.validTo IS NULL OR r.validTo > created)
  UNWIND [one, party] AS member
  RETURN collect(DISTINCT member) AS members
}
CALL (services, created) {
  UNWIND services AS service
  MATCH (service)(()-[s:SUPPORTED_BY WHERE s.validFrom <= created AND (s.validTo IS NULL OR s.validTo > created)]->()){1,/*=max_depth*/2}(element:Service|Resource)
  RETURN collect(DISTINCT element) AS elements
}
CALL (t, created, clock_now, things, people, products, services, promised, held, accounts, holders, members, elements) {
  RETURN 1 AS rank, 0 AS place, 'ticket' AS section, t.uid AS uid, t.ticketType AS role, t.name AS name, t.status AS detail, t.creationDate AS at, null AS hours_left
  UNION
  MATCH (t)<-[on:ON_TICKET]-(person:Individual|Organization|User|Customer)
  WITH DISTINCT person, on.role AS role, accounts, created
  CALL (person, accounts, created) {
    CALL (person, accounts, created) {
      MATCH (person)-[r:HOLDS_ACCOUNT|USES_ACCOUNT]->(a:Account)
      WHERE a IN accounts AND r.validFrom <= created AND (r.validTo IS NULL OR r.validTo > created)
      RETURN r.role AS standing, a.uid AS account_uid
      UNION
      MATCH (person:Party)<-[i:IDENTIFIES]-(:User)-[r:USES_ACCOUNT]->(a:Account)
      WHERE a IN accounts AND i.validFrom <= created AND (i.validTo IS NULL OR i.validTo > created)
        AND r.validFrom <= created AND (r.validTo IS NULL OR r.validTo > created)
      RETURN r.role AS standing, a.uid AS account_uid
    }
    WITH standing, account_uid
    ORDER BY [x IN range(0, 7) WHERE x = 7 OR ['accountHolder', 'billPayer', 'billReceiver', 'primary', 'delegate', 'secondary', 'guest'][x] = standing][0], account_uid, standing
    RETURN collect(standing + ' on ' + account_uid)[0] AS detail
  }
  RETURN 2 AS rank, CASE role WHEN 'reporter' THEN 1 WHEN 'customer' THEN 2 WHEN 'member' THEN 3 ELSE 4 END AS place, 'person' AS section,
    person.uid AS uid, role, coalesce(person.name, person.nickname) AS name, detail, null AS at, null AS hours_left
  UNION
  UNWIND things AS thing
  RETURN 3 AS rank, CASE WHEN thing:Product THEN 1 WHEN thing:Service THEN 2 ELSE 3 END AS place, 'about' AS section, thing.uid AS uid,
    CASE WHEN thing:Product THEN 'product' WHEN thing:Service THEN 'service' ELSE 'account' END AS role,
    thing.name AS name, coalesce(thing.status, thing.state) AS detail, null AS at, null AS hours_left
  UNION
  UNWIND accounts AS account
  WITH account, things, held, created
  WHERE NOT account IN things
  OPTIONAL MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= created AND (h.validTo IS NULL OR h.validTo > created)
  WITH account, held, min(c.uid) AS detail
  RETURN 4 AS rank, CASE WHEN account IN held THEN 2 ELSE 1 END AS place, 'account' AS section, account.uid AS uid,
    CASE WHEN account IN held THEN 'held' ELSE 'billing' END AS role, account.name AS name, detail, null AS at, null AS hours_left
  UNION
  UNWIND [
    {place: 1, role: 'requestedResolution', at: t.requestedResolutionDate},
    {place: 2, role: 'expectedResolution', at: t.expectedResolutionDate},
    {place: 3, role: 'resolution', at: CASE WHEN t.resolutionDate <= $as_of THEN t.resolutionDate END}] AS clock
  WITH clock, t, clock_now
  WHERE clock.at IS NOT NULL
  RETURN 5 AS rank, clock.place AS place, 'clock' AS section, t.uid AS uid, clock.role AS role, t.name AS name, null AS detail, clock.at AS at,
    CASE WHEN clock.place < 3 THEN round(duration.inSeconds(clock_now, clock.at).seconds / 3600.0, 2) END AS hours_left
  UNION
  CALL (products, promised, holders, members, created) {
    UNWIND products AS thing
    RETURN thing, 1 AS way, 0 AS hops
    UNION
    UNWIND promised AS thing
    RETURN thing, 2 AS way, 0 AS hops
    UNION
    UNWIND holders AS thing
    RETURN thing, 3 AS way, 0 AS hops
    UNION
    UNWIND members AS member
    MATCH (member)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= created AND (s.validTo IS NULL OR s.validTo > created)]->()){0,/*=depth*/4}(thing:Group)
    WHERE m.validFrom <= created AND (m.validTo IS NULL OR m.validTo > created)
    RETURN thing, 4 AS way, size(s) AS hops
  }
  MATCH (thing)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(o:ServiceLevelObjective {metric: $repair_metric})
  WHERE cover.validFrom <= created AND (cover.validTo IS NULL OR cover.validTo > created)
    AND toLower(coalesce(sla.state, 'active')) = 'active'
    AND o.target IS NOT NULL
  WITH t, created, clock_now, sla, o, cover, way, hops,
    created + duration({seconds: toInteger(o.target * CASE left(toLower(coalesce(o.unit, '')), 1) WHEN 's' THEN 1 WHEN 'm' THEN 60 WHEN 'd' THEN 86400 ELSE 3600 END)}) AS ends
  ORDER BY coalesce(cover.precedence, 9223372036854775807), way, hops, cover.validFrom DESC, sla.uid, ends, o.uid
  LIMIT 1
  RETURN 5 AS rank, 4 AS place, 'clock' AS section, sla.uid AS uid, $repair_metric AS role, sla.name AS name, o.uid AS detail, ends AS at,
    round(duration.inSeconds(clock_now, ends).seconds / 3600.0, 2) AS hours_left
  UNION
  CALL (t, services, elements) {
    MATCH (t)-[:PART_OF_PROBLEM]->(problem:ServiceProblem)
    RETURN problem, 1 AS place
    UNION
    UNWIND services + elements AS element
    MATCH (element)<-[:AFFECTS]-(problem:ServiceProblem)
    RETURN problem, 2 AS place
  }
  WITH problem, min(place) AS place
  RETURN 6 AS rank, place, 'problem' AS section, problem.uid AS uid, ['partOf', 'affects'][place - 1] AS role,
    problem.category AS name, problem.status AS detail, null AS at, null AS hours_left
  UNION
  CALL (t) {
    MATCH (t)-[r:RELATED_TICKET]->(other:TroubleTicket)
    RETURN r, other
    UNION
    MATCH (t)<-[r:RELATED_TICKET]-(other:TroubleTicket)
    RETURN r, other
  }
  WITH r, other
  WHERE other.creationDate IS NULL OR other.creationDate <= $as_of
  RETURN 7 AS rank, 0 AS place, 'related' AS section, other.uid AS uid, coalesce(r.relationshipType, 'related') AS role,
    other.name AS name, other.status AS detail, other.creationDate AS at, null AS hours_left
  UNION
  CALL (things, accounts, services, elements, created) {
    UNWIND things AS thing
    RETURN thing, 1 AS place
    UNION
    UNWIND accounts AS thing
    RETURN thing, 2 AS place
    UNION
    UNWIND accounts AS account
    MATCH (account)<-[b:BILLED_TO]-(thing:Product)
    WHERE b.validFrom <= created AND (b.validTo IS NULL OR b.validTo > created)
    RETURN thing, 2 AS place
    UNION
    UNWIND accounts AS account
    MATCH (account)<-[b:BILLED_TO]-(:Product)-[z:REALIZED_BY]->(thing:Service)
    WHERE b.validFrom <= created AND (b.validTo IS NULL OR b.validTo > created)
      AND z.validFrom <= created AND (z.validTo IS NULL OR z.validTo > created)
    RETURN thing, 2 AS place
    UNION
    UNWIND elements AS element
    // The degree is read from the store: an element that supports half the country is not expanded.
    MATCH (element)((x)<-[s:SUPPORTED_BY]-(:Service) WHERE COUNT { (x)<-[:SUPPORTED_BY]-() } <= $fanout AND s.validFrom <= created AND (s.validTo IS NULL OR s.validTo > created)){1,/*=max_depth*/2}(thing:Service)
    RETURN thing, 3 AS place
  }
  MATCH (thing)<-[:ABOUT]-(other:TroubleTicket)
  WHERE other <> t AND other.creationDate <= $as_of
    AND other.creationDate >= created - duration({days: $days}) AND other.creationDate <= created + duration({days: $days})
  WITH other, min(place) AS place
  RETURN 8 AS rank, place, 'similar' AS section, other.uid AS uid, ['sameThing', 'sameAccount', 'sameSupport'][place - 1] AS role,
    other.name AS name, other.status AS detail, other.creationDate AS at, null AS hours_left
}
RETURN section, uid, role, name, detail, at, hours_left
ORDER BY rank, place, role, uid
LIMIT $limit
