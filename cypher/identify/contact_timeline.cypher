/*
title    = "Contact timeline"
question = "What happened to this customer and all their users, in order?"
actors   = ["care-agent", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["at", "kind", "event_uid", "about_uid"]
timeout  = 15
notes    = """
A row is one event with at in [since, until) and not after as_of. Nothing after as_of is seen: an outcome whose end or resolutionDate lies after as_of is empty; other current values are as of the last load.
People: the customer; the parties it engages (ENGAGED_PARTY) and the users that IDENTIFIES those; the users (USES_ACCOUNT, any role) of an account that the customer HOLDS_ACCOUNT in one of roles, and the parties these users IDENTIFIES. An event counts for somebody only while every relationship of that chain is valid at the event's own instant: what a user did before joining or after leaving is not here.
Kinds, each with at; subject; outcome:
interaction         a PartyInteraction somebody HAD_INTERACTION with: start; reason; resolution, else status
ticket              a TroubleTicket somebody is ON_TICKET of (any role): creationDate; name; status
ticketResolved      the same: resolutionDate; name; status
selfCare            a SelfCareTransaction a user STARTED: start; intent; outcome
poorExperience      a QoEMeasurement a user HAS_QOE, of metric, with a mean below poor_below: windowStart; metric; the mean as text
violation           an SLAViolation that is CREDITED_TO an account held (in roles), or OBSERVED_ON a Service that then realised a Product the customer OWNS, or that a user then used (USES_SERVICE): date; the metric of the objective it BREACHES (the first by name); consequence
creditPaid          an SLAViolation CREDITED_TO an account held (in roles): creditPaidAt; that metric; creditDue and currency as text, parted by a blank
userAdded           a USES_ACCOUNT of an account held (in roles): validFrom; nickname; role. One with an unknown start is no event
userRemoved         the same: validTo; the account must have been held until then or longer
invitation          an Invitation a user SENT: sentAt; status as subject, empty where it was ACCEPTED_AS somebody after as_of; no outcome
invitationAccepted  the ACCEPTED_AS of an invitation that a user SENT, or that was accepted as a user: its at; no subject; no outcome
conversion          a CONVERTED_TO from a user, or to the customer: its at; no subject; no outcome
about_uid is what an interaction or visit CONCERNS or a ticket is ABOUT (the first by uid), the service of a poorExperience, the Service a violation is OBSERVED_ON (the first by uid), the account of a creditPaid, userAdded or userRemoved, the sender of an invitationAccepted (the first by uid), the Customer of a conversion; else empty.
actor_uid is who did it: among the people of the event the role reporter, caller or none before member before any other before customer, then users before parties before the customer, then by uid. actor_user_uid is that user, or the user (the first by uid) through whom that party is among the people; empty where only the customer or a party without a user is known. For userAdded both are addedBy; for invitationAccepted and conversion both are the user who accepted or converted; for userRemoved, violation and creditPaid both are empty. event_uid is the uid of the interaction, ticket, visit, measurement, violation, invitation; of the user for userAdded, userRemoved and conversion. role is the actor's role on the interaction or ticket, and the role on the account for userAdded and userRemoved.
Where one event would be two rows of the same at, kind, event_uid and about_uid (two roles on one account) the first role by name is kept. Tickets that only concern a product, service or account, and visits by nobody signed in, are not rows.
Order: at, kind, event_uid, about_uid (empty last).
"""
source   = ["ITU-T G.107 (below a MOS of 3.60 many users are dissatisfied)"]

[params]
customer   = { type = "ref[Customer]", help = "Customer: uid or CRM id", example = "C-1001" }
since      = { type = "datetime", default = "as_of-30d", help = "Events from then on" }
until      = { type = "datetime", default = "as_of", help = "Events before then" }
kinds      = { type = "list[string]", optional = true, choices = ["interaction", "ticket", "ticketResolved", "selfCare", "poorExperience", "violation", "creditPaid", "userAdded", "userRemoved", "invitation", "invitationAccepted", "conversion"], help = "Only events of these kinds" }
roles      = { type = "list[string]", default = ["accountHolder"], choices = ["accountHolder", "billPayer", "billReceiver"], help = "Roles on an account that make its users theirs" }
metric     = { type = "string", default = "mos", help = "Metric of poorExperience" }
poor_below = { type = "float", default = 3.6, unit = "MOS", help = "A mean below this is a poor experience" }
as_of      = { type = "datetime", default = "now", help = "What was known at this instant" }
limit      = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
at             = { type = "datetime", help = "When it happened" }
kind           = { type = "string", help = "What kind of event" }
event_uid      = { type = "string", pii = "identifier", help = "The contact, ticket, visit, violation, …; the user added or removed" }
subject        = { type = "string", pii = "behaviour", help = "What it was about, in words" }
about_uid      = { type = "string", nullable = true, pii = "identifier", help = "The thing it was about" }
actor_uid      = { type = "string", pii = "identifier", help = "Who did it: user, party or customer" }
actor_user_uid = { type = "string", pii = "identifier", help = "The user behind the actor" }
role           = { type = "string", help = "The actor's role" }
channel        = { type = "string", help = "phone, web, app, …" }
outcome        = { type = "string", pii = "behaviour", help = "How it ended, as far as known at as_of" }
*/
MATCH (c:Customer {uid: $customer})
// Everybody who ever belonged to the customer, with the relationships that must hold when something happens.
CALL (c) {
  RETURN c AS person, null AS user, [] AS links
  UNION
  MATCH (c)-[e:ENGAGED_PARTY]->(p:Individual|Organization)
  RETURN p AS person, null AS user, [e] AS links
  UNION
  MATCH (c)-[e:ENGAGED_PARTY]->(p:Individual|Organization)<-[i:IDENTIFIES]-(u:User)
  UNWIND [u, p] AS person
  RETURN person, u.uid AS user, [e, i] AS links
  UNION
  MATCH (c)-[h:HOLDS_ACCOUNT]->(:Account)<-[r:USES_ACCOUNT]-(u:User)
  WHERE h.role IN $roles
  RETURN u AS person, u.uid AS user, [h, r] AS links
  UNION
  MATCH (c)-[h:HOLDS_ACCOUNT]->(:Account)<-[r:USES_ACCOUNT]-(u:User)-[i:IDENTIFIES]->(p:Individual|Organization)
  WHERE h.role IN $roles
  RETURN p AS person, u.uid AS user, [h, r, i] AS links
}
WITH c, collect({person: person, user: user, links: links}) AS people
CALL (c, people) {
  UNWIND people AS one
  WITH one, one.person AS person
  MATCH (person)-[r:HAD_INTERACTION]->(x:PartyInteraction)
  RETURN 'interaction' AS kind, x.start AS at, x AS event, x.uid AS event_uid, null AS about_uid, person.uid AS actor_uid, one.user AS actor_user_uid, r.role AS role,
    CASE WHEN person:User THEN 1 WHEN person:Party THEN 2 ELSE 3 END AS rank, one.links AS links,
    x.reason AS subject, x.channel AS channel, CASE WHEN x.end > $as_of THEN null ELSE coalesce(x.resolution, x.status) END AS outcome
  UNION ALL
  UNWIND people AS one
  WITH one, one.person AS person
  MATCH (person)-[r:ON_TICKET]->(x:TroubleTicket)
  UNWIND [['ticket', x.creationDate], ['ticketResolved', x.resolutionDate]] AS moment
  RETURN moment[0] AS kind, moment[1] AS at, x AS event, x.uid AS event_uid, null AS about_uid, person.uid AS actor_uid, one.user AS actor_user_uid, r.role AS role,
    CASE WHEN person:User THEN 1 WHEN person:Party THEN 2 ELSE 3 END AS rank, one.links AS links,
    x.name AS subject, x.channel AS channel, CASE WHEN x.resolutionDate > $as_of THEN null ELSE x.status END AS outcome
  UNION ALL
  UNWIND people AS one
  WITH one, one.person AS person
  MATCH (person)-[:STARTED]->(x:SelfCareTransaction)
  RETURN 'selfCare' AS kind, x.start AS at, x AS event, x.uid AS event_uid, null AS about_uid, person.uid AS actor_uid, one.user AS actor_user_uid, null AS role,
    1 AS rank, one.links AS links,
    x.intent AS subject, x.channel AS channel, CASE WHEN x.end > $as_of THEN null ELSE x.outcome END AS outcome
  UNION ALL
  UNWIND people AS one
  WITH one, one.person AS person
  MATCH (person:User)-[:HAS_QOE]->(x:QoEMeasurement)
  WHERE x.metric = $metric AND x.mean < $poor_below
  RETURN 'poorExperience' AS kind, x.windowStart AS at, x AS event, x.uid AS event_uid, x.service AS about_uid, person.uid AS actor_uid, one.user AS actor_user_uid, null AS role,
    1 AS rank, one.links AS links,
    x.metric AS subject, null AS channel, toString(x.mean) AS outcome
  UNION ALL
  CALL (c, people) {
    MATCH (c)-[h:HOLDS_ACCOUNT]->(:Account)<-[:CREDITED_TO]-(x:SLAViolation)
    WHERE h.role IN $roles
    RETURN x, [h] AS links
    UNION
    MATCH (c)-[o:OWNS]->(:Product)-[z:REALIZED_BY]->(:Service)<-[:OBSERVED_ON]-(x:SLAViolation)
    RETURN x, [o, z] AS links
    UNION
    UNWIND people AS one
    WITH one, one.person AS person
    MATCH (person:User)-[s:USES_SERVICE]->(:Service)<-[:OBSERVED_ON]-(x:SLAViolation)
    RETURN x, one.links + [s] AS links
  }
  CALL (x) {
    OPTIONAL MATCH (x)-[:OBSERVED_ON]->(s:Service)
    RETURN min(s.uid) AS about_uid
  }
  CALL (x) {
    OPTIONAL MATCH (x)-[:BREACHES]->(o:ServiceLevelObjective)
    RETURN min(o.metric) AS subject
  }
  RETURN 'violation' AS kind, x.date AS at, null AS event, x.uid AS event_uid, about_uid, null AS actor_uid, null AS actor_user_uid, null AS role,
    1 AS rank, links,
    subject, null AS channel, x.consequence AS outcome
  UNION ALL
  MATCH (c)-[h:HOLDS_ACCOUNT]->(a:Account)<-[:CREDITED_TO]-(x:SLAViolation)
  WHERE h.role IN $roles AND x.creditPaidAt IS NOT NULL
  CALL (x) {
    OPTIONAL MATCH (x)-[:BREACHES]->(o:ServiceLevelObjective)
    RETURN min(o.metric) AS subject
  }
  RETURN 'creditPaid' AS kind, x.creditPaidAt AS at, null AS event, x.uid AS event_uid, a.uid AS about_uid, null AS actor_uid, null AS actor_user_uid, null AS role,
    1 AS rank, [h] AS links,
    subject, null AS channel, toString(x.creditDue) + coalesce(' ' + x.currency, '') AS outcome
  UNION ALL
  MATCH (c)-[h:HOLDS_ACCOUNT]->(a:Account)<-[r:USES_ACCOUNT]-(u:User)
  WHERE h.role IN $roles AND r.validFrom.year > 1
  RETURN 'userAdded' AS kind, r.validFrom AS at, null AS event, u.uid AS event_uid, a.uid AS about_uid, r.addedBy AS actor_uid, r.addedBy AS actor_user_uid, r.role AS role,
    1 AS rank, [h] AS links,
    u.nickname AS subject, null AS channel, r.role AS outcome
  UNION ALL
  MATCH (c)-[h:HOLDS_ACCOUNT]->(a:Account)<-[r:USES_ACCOUNT]-(u:User)
  // Half-open: at validTo itself the period is over, so the holding is looked at just before.
  WHERE h.role IN $roles AND r.validTo IS NOT NULL AND h.validFrom < r.validTo AND (h.validTo IS NULL OR h.validTo >= r.validTo)
  RETURN 'userRemoved' AS kind, r.validTo AS at, null AS event, u.uid AS event_uid, a.uid AS about_uid, null AS actor_uid, null AS actor_user_uid, r.role AS role,
    1 AS rank, [] AS links,
    u.nickname AS subject, null AS channel, r.role AS outcome
  UNION ALL
  UNWIND people AS one
  WITH one, one.person AS person
  MATCH (person:User)-[:SENT]->(x:Invitation)
  RETURN 'invitation' AS kind, x.sentAt AS at, null AS event, x.uid AS event_uid, null AS about_uid, person.uid AS actor_uid, one.user AS actor_user_uid, null AS role,
    1 AS rank, one.links AS links,
    CASE WHEN EXISTS { MATCH (x)-[a:ACCEPTED_AS]->(:User) WHERE a.at > $as_of } THEN null ELSE x.status END AS subject, x.channel AS channel, null AS outcome
  UNION ALL
  UNWIND people AS one
  WITH one, one.person AS person
  CALL (person) {
    MATCH (person:User)-[:SENT]->(x:Invitation)-[r:ACCEPTED_AS]->(u:User)
    RETURN x, r, u
    UNION
    MATCH (x:Invitation)-[r:ACCEPTED_AS]->(person:User)
    RETURN x, r, person AS u
  }
  CALL (x) {
    OPTIONAL MATCH (x)<-[:SENT]-(s:User)
    RETURN min(s.uid) AS about_uid
  }
  RETURN 'invitationAccepted' AS kind, r.at AS at, null AS event, x.uid AS event_uid, about_uid, u.uid AS actor_uid, u.uid AS actor_user_uid, null AS role,
    1 AS rank, one.links AS links,
    null AS subject, x.channel AS channel, null AS outcome
  UNION ALL
  CALL (c, people) {
    UNWIND people AS one
    WITH one, one.person AS person
    MATCH (person:User)-[r:CONVERTED_TO]->(x:Customer)
    RETURN person AS u, r, x, one.links AS links
    UNION
    MATCH (u:User)-[r:CONVERTED_TO]->(c)
    RETURN u, r, c AS x, [] AS links
  }
  RETURN 'conversion' AS kind, r.at AS at, null AS event, u.uid AS event_uid, x.uid AS about_uid, u.uid AS actor_uid, u.uid AS actor_user_uid, null AS role,
    1 AS rank, links,
    null AS subject, null AS channel, null AS outcome
}
WITH *
WHERE at >= $since AND at < $until AND at <= $as_of
  AND ($kinds IS NULL OR kind IN $kinds)
  AND all(link IN links WHERE link.validFrom <= at AND (link.validTo IS NULL OR link.validTo > at))
WITH *
ORDER BY
  CASE WHEN kind IN ['userAdded', 'userRemoved'] OR role IS NULL OR role IN ['reporter', 'caller'] THEN 1 WHEN role = 'member' THEN 2 WHEN role = 'customer' THEN 4 ELSE 3 END,
  rank, actor_uid, actor_user_uid, role
WITH kind, at, event, event_uid, about_uid,
  collect({actor: actor_uid, user: actor_user_uid, role: role, subject: subject, channel: channel, outcome: outcome})[0] AS first
CALL (event) {
  OPTIONAL MATCH (event)-[:ABOUT|CONCERNS]->(x:Product|Service|Account|TroubleTicket)
  RETURN min(x.uid) AS concerned
}
RETURN
  at,
  kind,
  event_uid,
  first.subject AS subject,
  coalesce(about_uid, concerned) AS about_uid,
  first.actor AS actor_uid,
  first.user AS actor_user_uid,
  first.role AS role,
  first.channel AS channel,
  first.outcome AS outcome
ORDER BY at, kind, event_uid, about_uid
LIMIT $limit
