/*
title    = "Silent quitters"
question = "Which users wasted several self-care visits and never contacted us?"
actors   = ["retention-analyst", "product-owner"]
access   = "read"
returns  = "many"
key      = ["user_uid"]
timeout  = 180
scope    = "graph"
chart    = { bars = ["wasted"], of = ["user_uid", "last_cause"] }
notes    = """
Visits (SelfCareTransaction) that a User STARTED, with start in [as_of - days, as_of). What is after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than idle minutes before as_of.
recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the same intent at an end after this one's start and at most recover_hours after its end
undecided   not recovered, and recover_hours after its end have not passed at as_of
wasted      neither recovered nor undecided
waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 * lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more than one step); unknown
contact     an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a TroubleTicket (creationDate), not after as_of
escalated   within recover_hours after its end, and not before its start: a contact of the user or the Party it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the visit CONCERNS (users and the parties they identify, holding customers in any role and the parties they engage)
silent      none of the user's wasted visits is escalated, and there is no contact, from the start of the first of them on, of the user, of a Party it IDENTIFIES at as_of, or of a Customer that engages such a Party at as_of
A row is a User with at least n wasted visits who is silent. A contact before the first of these visits does not count, nor does a contact of somebody else on the account that escalates none of them. Where several users STARTED a visit, it counts for the first by uid.
last_cause is the waste_cause of the last of them (by start, then uid); account_uid is the account that one CONCERNS (the first by uid), else the one the user used at its start (primary, delegate, secondary, guest, then uid); kind is the user's role on it then. holder_uid is the Customer holding that account as accountHolder at as_of (the first by uid), holder_tenure the whole days from its startDate to as_of, cut towards zero (below zero for one that begins later), empty where that is not known.
Order: wasted descending, user_uid.
"""
source   = ["TMF701 (which has no abandoned state)", "Apdex: frustrated above 4T, T = 2 s", "Web Vitals: LCP poor above 4.0 s"]

[params]
n              = { type = "int", default = 2, min = 1, unit = "visits", help = "At least so many wasted visits" }
days           = { type = "int", default = 30, min = 1, unit = "days", help = "Visits of so many days before as_of" }
idle           = { type = "int", default = 30, min = 1, unit = "minutes", help = "Silence after which an open visit counts as abandoned" }
recover_hours  = { type = "int", default = 24, min = 1, unit = "hours", help = "Time to come back, or to call" }
lcp_seconds    = { type = "float", default = 4.0, min = 0, unit = "s", help = "Largest contentful paint above which a page is slow" }
apdex_t        = { type = "float", default = 2.0, min = 0, unit = "s", help = "Apdex threshold T; a load above 4T frustrates" }
bounce_seconds = { type = "float", default = 10.0, min = 0, unit = "s", help = "Dwell on a single page below which it bounced" }
as_of          = { type = "datetime", default = "now", help = "What was known at this instant" }
limit          = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid      = { type = "string", pii = "identifier", help = "Who went away" }
kind          = { type = "string", help = "The user's role on the account" }
account_uid   = { type = "string", pii = "identifier", help = "The account of the last wasted visit" }
wasted        = { type = "int", unit = "visits", help = "Wasted visits" }
first_at      = { type = "datetime", help = "When the first of them began" }
last_at       = { type = "datetime", help = "When the last of them began" }
last_cause    = { type = "string", help = "Why the last one was wasted" }
holder_uid    = { type = "string", pii = "identifier", help = "The customer who holds the account" }
holder_tenure = { type = "int", unit = "days", help = "How long that customer has been one" }
*/
MATCH (t:SelfCareTransaction)
WHERE t.start >= $as_of - duration({days: $days}) AND t.start < $as_of
CALL (t) {
  MATCH (one:User)-[:STARTED]->(t)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS u
}
CALL (t) {
  OPTIONAL MATCH (t)-[:HAS_STEP]->(s:SelfCareStep)
  WHERE s.enteredAt IS NULL OR s.enteredAt <= $as_of
  WITH s
  ORDER BY s.seq
  RETURN collect(s) AS steps
}
WITH t, u, steps, CASE WHEN t.end <= $as_of THEN t.end END AS known_end,
  reduce(latest = t.start, x IN [s IN steps | s.enteredAt] + [s IN steps | s.leftAt] |
    CASE WHEN x > latest AND x <= $as_of THEN x ELSE latest END) AS last_sign
WITH t, u, steps, coalesce(known_end, last_sign) AS end,
  CASE WHEN t.end IS NULL OR t.end <= $as_of THEN t.outcome END AS outcome
WHERE (outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver']
    OR (outcome IS NULL AND end + duration({minutes: $idle}) < $as_of))
  AND end + duration({hours: $recover_hours}) <= $as_of
WITH t, u, steps, end, end + duration({hours: $recover_hours}) AS deadline
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
WITH t, u, steps, end, deadline
WHERE NOT recovered
WITH t, u, steps, end, deadline
ORDER BY t.start, t.uid
WITH u, collect({visit: t, steps: steps, end: end, deadline: deadline}) AS visits
WHERE size(visits) >= $n
CALL (u, visits) {
  // What the user itself said since, by whichever of its faces.
  CALL (u) {
    RETURN u AS face
    UNION
    MATCH (u)-[i:IDENTIFIES]->(face:Individual|Organization)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    RETURN face
    UNION
    MATCH (u)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(face:Customer)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    RETURN face
  }
  MATCH (face)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
  WITH contact, coalesce(contact.creationDate, contact.start) AS at, visits
  WHERE at >= visits[0].visit.start AND at <= $as_of
    AND (contact:TroubleTicket
      OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
  RETURN count(contact) AS own
}
WITH u, visits
WHERE own = 0
CALL (u, visits) {
  UNWIND visits AS v
  WITH u, v.visit AS t, v.deadline AS deadline
  CALL (t, u) {
    MATCH (t)-[:CONCERNS]->(a:Account)
    RETURN a
    UNION
    MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
    WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
    RETURN a
  }
  MATCH (a)<-[r:USES_ACCOUNT|HOLDS_ACCOUNT]-(one:User|Customer)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  WITH DISTINCT t, deadline, one
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  UNWIND [one, party] AS person
  WITH DISTINCT person, t, deadline
  MATCH (person)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
  WITH contact, coalesce(contact.creationDate, contact.start) AS at, t, deadline
  WHERE at >= t.start AND at <= deadline AND at <= $as_of
    AND (contact:TroubleTicket
      OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
  RETURN count(contact) AS others
}
CALL (u, visits) {
  // The Party that the user identified at the start of a visit, where it is not the one of today.
  UNWIND visits AS v
  WITH u, v.visit AS t, v.deadline AS deadline
  MATCH (u)-[r:IDENTIFIES]->(party:Individual|Organization)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  WITH contact, coalesce(contact.creationDate, contact.start) AS at, t, deadline
  WHERE at >= t.start AND at <= deadline AND at <= $as_of
    AND (contact:TroubleTicket
      OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
  RETURN count(contact) AS then
}
WITH u, visits, visits[-1].visit AS t, visits[-1].steps AS steps, visits[-1].end AS end
WHERE others + then = 0
WITH u, visits, t, end, steps, steps[0] AS first, steps[-1] AS last
CALL (t) {
  OPTIONAL MATCH (t)-[:CONCERNS]->(a:Account)
  WITH a
  ORDER BY a.uid
  LIMIT 1
  RETURN a AS concerned
}
CALL (t, u) {
  OPTIONAL MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  WITH a, r
  ORDER BY CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, a.uid, r.role
  RETURN collect(a) AS used, collect(r.role) AS roles
}
WITH *, coalesce(concerned, used[0]) AS account
CALL (account) {
  OPTIONAL MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  WITH c
  ORDER BY c.uid
  LIMIT 1
  RETURN c AS holder
}
RETURN
  u.uid AS user_uid,
  [i IN range(0, size(used) - 1) WHERE used[i] = account | roles[i]][0] AS kind,
  account.uid AS account_uid,
  size(visits) AS wasted,
  visits[0].visit.start AS first_at,
  t.start AS last_at,
  CASE
    WHEN any(s IN steps WHERE s.error IS NOT NULL) THEN 'error'
    WHEN last.lcpMs > 1000 * $lcp_seconds OR last.loadMs > 4000 * $apdex_t THEN 'slowLoad'
    WHEN first.isForm AND first.fieldsFilled = 0 THEN 'formWall'
    WHEN size(steps) = 1 AND CASE WHEN first.leftAt <= $as_of THEN first.leftAt ELSE end END < first.enteredAt + duration({seconds: $bounce_seconds}) THEN 'bounce'
    WHEN size(steps) > 1 THEN 'midFlow'
    ELSE 'unknown'
  END AS last_cause,
  holder.uid AS holder_uid,
  duration.inDays(holder.startDate, $as_of).days AS holder_tenure
ORDER BY wasted DESC, user_uid
LIMIT $limit
