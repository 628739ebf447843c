/*
title    = "Wasted self-care transactions"
question = "Which self-care visits were left unfinished, by whom, where did they stop and why, and were they wasted?"
actors   = ["product-owner", "care-agent", "retention-analyst"]
access   = "read"
returns  = "many"
key      = ["transaction_uid"]
timeout  = 30
scope    = "graph"
chart    = [{ count = "visits", of = ["waste_cause"] }, { count = "visits", along = "started_at" }]
notes    = """
Visits (SelfCareTransaction) with start in [since, until) and before as_of. What is after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than idle minutes before as_of. Only these are rows.
recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the same intent at an end after this one's start and at most recover_hours after its end
undecided   not recovered, and recover_hours after its end have not passed at as_of
wasted      neither recovered nor undecided
waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 * lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more than one step); unknown
escalated   within recover_hours after its end, and not before its start: an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a TroubleTicket (creationDate); of the user or the Party it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the visit CONCERNS (users and the parties they identify, holding customers in any role and the parties they engage)
account_uid is the account the visit CONCERNS (the first by uid), else the one used at start (primary, delegate, secondary, guest, then uid); kind is the user's role on it at start.
Order: started_at, transaction_uid.
"""
source   = ["TMF701 (which has no abandoned state)", "Apdex: frustrated above 4T, T = 2 s", "Web Vitals: LCP poor above 4.0 s"]

[params]
since          = { type = "datetime", default = "as_of-30d", help = "Visits begun from then on" }
until          = { type = "datetime", default = "as_of", help = "Visits begun before then" }
intent         = { type = "string", optional = true, help = "Only visits with this intent" }
kind           = { type = "string", optional = true, choices = ["primary", "secondary", "guest", "delegate"], help = "Only visits by users of this kind" }
cause          = { type = "string", optional = true, choices = ["error", "slowLoad", "formWall", "bounce", "midFlow", "unknown"], help = "Only visits with this cause" }
idle           = { type = "int", default = 30, min = 1, unit = "minutes", help = "Silence after which an open visit counts as abandoned" }
recover_hours  = { type = "int", default = 24, min = 1, unit = "hours", help = "Time to come back, or to call" }
lcp_seconds    = { type = "float", default = 4.0, min = 0, unit = "s", help = "Largest contentful paint above which a page is slow" }
apdex_t        = { type = "float", default = 2.0, min = 0, unit = "s", help = "Apdex threshold T; a load above 4T frustrates" }
bounce_seconds = { type = "float", default = 10.0, min = 0, unit = "s", help = "Dwell on a single page below which it bounced" }
as_of          = { type = "datetime", default = "now", help = "What was known at this instant" }
limit          = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
transaction_uid = { type = "string", help = "The visit" }
user_uid        = { type = "string", pii = "identifier", help = "Who (the first by uid); empty when nobody was signed in" }
kind            = { type = "string", help = "The user's role on the account at the start" }
account_uid     = { type = "string", pii = "identifier", help = "The account it was about" }
intent          = { type = "string", pii = "behaviour", help = "What they wanted" }
started_at      = { type = "datetime", help = "When the visit began" }
last_page       = { type = "string", help = "Page of the last step" }
seconds_in      = { type = "float", unit = "s", help = "From start to end, in whole seconds" }
waste_cause     = { type = "string", help = "The first cause that holds" }
recovered       = { type = "boolean", help = "Whether they came back and completed it" }
wasted          = { type = "boolean", help = "Neither recovered nor undecided" }
undecided       = { type = "boolean", help = "Whether they may still come back" }
escalated       = { type = "boolean", help = "Whether it became a call or a ticket" }
*/
MATCH (t:SelfCareTransaction)
WHERE t.start >= $since AND t.start < $until AND t.start < $as_of
  AND ($intent IS NULL OR t.intent = $intent)
// In the order of the index, so that neither this nor the last order keeps all visits in memory.
WITH t
ORDER BY t.start, t.uid
CALL (t) {
  OPTIONAL MATCH (t)-[:HAS_STEP]->(s:SelfCareStep)
  WHERE s.enteredAt IS NULL OR s.enteredAt <= $as_of
  WITH s
  ORDER BY s.seq
  RETURN collect(s) AS steps
}
WITH t, steps, CASE WHEN t.end <= $as_of THEN t.end END AS known_end,
  reduce(latest = t.start, x IN [s IN steps | s.enteredAt] + [s IN steps | s.leftAt] |
    CASE WHEN x > latest AND x <= $as_of THEN x ELSE latest END) AS last_sign
WITH t, steps, coalesce(known_end, last_sign) AS end,
  CASE WHEN t.end IS NULL OR t.end <= $as_of THEN t.outcome END AS outcome
WHERE outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver']
  OR (outcome IS NULL AND end + duration({minutes: $idle}) < $as_of)
// Each of these visits is a row, unless a kind or a cause is asked for: only the first of them are looked into.
WITH t, steps, end
ORDER BY t.start, t.uid
LIMIT CASE WHEN $kind IS NULL AND $cause IS NULL THEN $limit ELSE 9223372036854775807 END
CALL (t) {
  OPTIONAL MATCH (one:User)-[:STARTED]->(t)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS u
}
WITH t, steps, end, u, end + duration({hours: $recover_hours}) AS deadline
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
CALL (t, u) {
  OPTIONAL MATCH (t)-[:CONCERNS]->(a:Account)
  RETURN collect(DISTINCT a) AS concerned
}
CALL (t, u) {
  OPTIONAL MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
  WITH a, r
  ORDER BY CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, a.uid, r.role
  RETURN collect(a) AS used, collect(r.role) AS roles
}
CALL (concerned) {
  UNWIND concerned AS a
  RETURN min(a.uid) AS concerned_uid
}
WITH t, steps, end, u, deadline, recovered, concerned + used AS accounts,
  coalesce(concerned_uid, used[0].uid) AS account_uid, used, roles
WITH *, [i IN range(0, size(used) - 1) WHERE used[i].uid = account_uid | roles[i]][0] AS kind
WHERE $kind IS NULL OR kind = $kind
CALL (t, u, accounts, deadline) {
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
  WITH DISTINCT person, t, deadline
  MATCH (person)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
  WITH contact, coalesce(contact.creationDate, contact.start) AS at, t, deadline
  WHERE at >= t.start AND at <= deadline AND at <= $as_of
    AND (contact:TroubleTicket
      OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
  RETURN count(contact) > 0 AS escalated
}
WITH t, steps, end, u, deadline, recovered, account_uid, kind, escalated, steps[0] AS first, steps[-1] AS last
WITH *,
  CASE
    WHEN any(s IN steps WHERE s.error IS NOT NULL) THEN 'error'
    WHEN last.lcpMs > 1000 * $lcp_seconds OR last.loadMs > 4000 * $apdex_t THEN 'slowLoad'
    WHEN first.isForm AND first.fieldsFilled = 0 THEN 'formWall'
    WHEN size(steps) = 1 AND CASE WHEN first.leftAt <= $as_of THEN first.leftAt ELSE end END < first.enteredAt + duration({seconds: $bounce_seconds}) THEN 'bounce'
    WHEN size(steps) > 1 THEN 'midFlow'
    ELSE 'unknown'
  END AS waste_cause
WHERE $cause IS NULL OR waste_cause = $cause
RETURN
  t.uid AS transaction_uid,
  u.uid AS user_uid,
  kind,
  account_uid,
  t.intent AS intent,
  t.start AS started_at,
  last.pageId AS last_page,
  duration.inSeconds(t.start, end).seconds AS seconds_in,
  waste_cause,
  recovered,
  NOT recovered AND deadline <= $as_of AS wasted,
  NOT recovered AND deadline > $as_of AS undecided,
  escalated
ORDER BY started_at, transaction_uid
LIMIT $limit
