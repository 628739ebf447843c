/*
title    = "Failure demand"
question = "Which wasted self-care visits became a call or a ticket, by the same user or by someone else on the account?"
actors   = ["product-owner", "care-agent"]
access   = "read"
returns  = "many"
key      = ["transaction_uid", "contact_uid"]
timeout  = 180
scope    = "graph"
chart    = { count = "contacts", of = ["by_whom", "channel"] }
notes    = """
Visits (SelfCareTransaction) with start in [since, until) and before as_of. What is after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than idle minutes before as_of.
recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the same intent at an end after this one's start and at most recover_hours after its end
undecided   not recovered, and recover_hours after its end have not passed at as_of
wasted      neither recovered nor undecided. Only these are rows, one for each contact.
contact     within hours after its end (both ends included), and not before its start, nor after as_of: an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a TroubleTicket (creationDate); of the user or the Party it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the visit CONCERNS (users and the parties they identify, holding customers in any role and the parties they engage). A contact is of whoever HAD_INTERACTION or is ON_TICKET, in whatever role.
by_whom     who made the contact, of those people (whoever else it names is not looked at), judged by all of them that it names in a role other than customer and member: self (the visit's user, or the Party it IDENTIFIES, is one of them), other (a User or an Individual is one of them), unknown (it names nobody but the customer, an organization or a member; or the visit has no user)
contact_user_uid  who made it: the first by uid of those that decide by_whom, a User before an Individual or an Organization; empty when by_whom is unknown
gap_minutes from the visit's end to the contact, whole seconds over 60; negative for a contact during the visit
account_uid is the account the visit CONCERNS (the first by uid), else the one used at start (primary, delegate, secondary, guest, then uid); kind is the user's role on it at start. Where several users STARTED a visit, the first by uid is its user.
Order: contacted_at, transaction_uid, contact_uid.
"""
source   = ["TMF701 (which has no abandoned state)", "Failure demand: a contact caused by a failure to do something or to do it right; 24 hours by practice"]

[params]
since         = { type = "datetime", default = "as_of-30d", help = "Visits begun from then on" }
until         = { type = "datetime", default = "as_of", help = "Visits begun before then" }
hours         = { type = "int", default = 24, min = 1, unit = "hours", help = "Time after the visit in which a contact belongs to it" }
intent        = { type = "string", optional = true, help = "Only visits with this intent" }
by_whom       = { type = "string", optional = true, choices = ["self", "other", "unknown"], help = "Only contacts made by these" }
idle          = { type = "int", default = 30, min = 1, unit = "minutes", help = "Silence after which an open visit counts as abandoned" }
recover_hours = { type = "int", default = 24, min = 1, unit = "hours", help = "Time to come back" }
as_of         = { type = "datetime", default = "now", help = "What was known at this instant" }
limit         = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
transaction_uid  = { type = "string", help = "The wasted visit" }
intent           = { type = "string", pii = "behaviour", help = "What they wanted" }
user_uid         = { type = "string", pii = "identifier", help = "Who; empty when nobody was signed in" }
kind             = { type = "string", help = "The user's role on the account at the start" }
account_uid      = { type = "string", pii = "identifier", help = "The account it was about" }
contact_uid      = { type = "string", help = "The call or the ticket" }
contacted_at     = { type = "datetime", help = "When" }
channel          = { type = "string", help = "How" }
by_whom          = { type = "string", help = "self, other or unknown" }
contact_user_uid = { type = "string", pii = "identifier", help = "Who made it: a User, or a person without one" }
gap_minutes      = { type = "float", unit = "minutes", help = "From the visit's end to the contact" }
*/
MATCH (t:SelfCareTransaction)
WHERE t.start >= $since AND t.start < $until AND t.start < $as_of
  AND ($intent IS NULL OR t.intent = $intent)
CALL (t) {
  OPTIONAL MATCH (t)-[:HAS_STEP]->(s:SelfCareStep)
  WHERE s.enteredAt IS NULL OR s.enteredAt <= $as_of
  RETURN collect(s.enteredAt) + collect(s.leftAt) AS signs
}
WITH t, CASE WHEN t.end <= $as_of THEN t.end END AS known_end,
  reduce(latest = t.start, x IN signs | CASE WHEN x > latest AND x <= $as_of THEN x ELSE latest END) AS last_sign
WITH t, coalesce(known_end, last_sign) AS end,
  CASE WHEN t.end IS NULL OR t.end <= $as_of THEN t.outcome END AS outcome
WHERE (outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver']
    OR (outcome IS NULL AND end + duration({minutes: $idle}) < $as_of))
  AND end + duration({hours: $recover_hours}) <= $as_of
CALL (t) {
  OPTIONAL MATCH (one:User)-[:STARTED]->(t)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS u
}
WITH t, end, u, end + duration({hours: $recover_hours}) AS deadline
CALL (t, u, deadline) {
  CALL (t, u) {
    MATCH (u)-[:STARTED]->(done:SelfCareTransaction {intent: t.intent, outcome: 'completed'})
    RETURN done
    UNION
    MATCH (done:SelfCareTransaction {sessionId: t.sessionId})
    WHERE done.intent = t.intent AND done.outcome = 'completed'
    RETURN done
  }
  OPTIONAL MATCH (done)-[:HAS_STEP]->(s:SelfCareStep)
  WHERE done.end IS NULL AND (s.enteredAt IS NULL OR s.enteredAt <= $as_of)
  UNWIND CASE WHEN done.end IS NULL THEN [done.start, s.enteredAt, s.leftAt] ELSE [done.end] END AS sign
  WITH t, deadline, done, sign
  WHERE sign <= $as_of
  WITH t, deadline, done, max(sign) AS done_at
  WHERE done_at > t.start AND done_at <= deadline
  RETURN count(done) > 0 AS recovered
}
WITH t, end, u
WHERE NOT recovered
CALL (t) {
  OPTIONAL MATCH (t)-[:CONCERNS]->(a:Account)
  WITH a
  ORDER BY a.uid
  RETURN collect(DISTINCT a) AS concerned
}
CALL (t, u) {
  OPTIONAL MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  WITH a, r
  ORDER BY CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, a.uid, r.role
  RETURN collect(a) AS used, collect(r.role) AS roles
}
WITH t, end, u, concerned + used AS accounts, (concerned + used)[0] AS account, used, roles
CALL (t, u, accounts) {
  CALL (t, u, accounts) {
    WITH u
    WHERE u IS NOT NULL
    RETURN u AS one
    UNION
    UNWIND accounts AS a
    MATCH (a)<-[r:USES_ACCOUNT|HOLDS_ACCOUNT]-(one:User|Customer)
    WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
    RETURN one
  }
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  UNWIND [one, party] AS person
  WITH person, u, collect(one) AS through
  WHERE person IS NOT NULL
  RETURN person, coalesce(u IN through, false) AS own
}
MATCH (person)-[named:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
WITH t, end, u, account, used, roles, person, own, named, contact, coalesce(contact.creationDate, contact.start) AS at
WHERE at >= t.start AND at <= end + duration({hours: $hours}) AND at <= $as_of
  AND (contact:TroubleTicket
    OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
WITH t, end, u, account, used, roles, contact, at, person,
  CASE
    WHEN u IS NULL OR named.role IN ['customer', 'member'] THEN 3
    WHEN own THEN 1
    WHEN person:User OR person:Individual THEN 2
    ELSE 3
  END AS who
ORDER BY who, NOT person:User, person.uid
WITH t, end, u, account, used, roles, contact, at, collect({who: who, uid: person.uid})[0] AS made
WITH *, ['self', 'other', 'unknown'][made.who - 1] AS by_whom
WHERE $by_whom IS NULL OR by_whom = $by_whom
RETURN
  t.uid AS transaction_uid,
  t.intent AS intent,
  u.uid AS user_uid,
  [i IN range(0, size(used) - 1) WHERE used[i] = account | roles[i]][0] AS kind,
  account.uid AS account_uid,
  contact.uid AS contact_uid,
  at AS contacted_at,
  contact.channel AS channel,
  by_whom,
  CASE WHEN made.who < 3 THEN made.uid END AS contact_user_uid,
  duration.inSeconds(end, at).seconds / 60.0 AS gap_minutes
ORDER BY contacted_at, transaction_uid, contact_uid
LIMIT $limit
