/*
title    = "Waste by page"
question = "On which self-care page do most visits end unfinished and wasted, with what load time, and how many customers does it touch?"
actors   = ["product-owner"]
access   = "read"
returns  = "many"
key      = ["page_id"]
timeout  = 180
scope    = "graph"
chart    = { bars = ["entries", "exits", "wasted"], of = ["page_id"] }
notes    = """
Visits (SelfCareTransaction) with start in [since, until) and before as_of, on the device where one is given. What is after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of, a step once its enteredAt (where one is known) is not. A visit without such a step is not counted: a source that keeps the steps of unfinished visits only makes entries the unfinished ones. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than idle minutes before as_of.
recovered   the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the same intent at an end after this one's start and at most recover_hours after its end
undecided   not recovered, and recover_hours after its end have not passed at as_of
wasted      neither recovered nor undecided
waste_cause the first that holds: error (a step has an error); slowLoad (the last step's lcpMs > 1000 * lcp_seconds, or loadMs > 4000 * apdex_t); formWall (the first step isForm and fieldsFilled = 0); bounce (one step, left in under bounce_seconds; where no leftAt is known the visit's end counts); midFlow (more than one step); unknown
A row is a pageId that at least min_n visits entered; steps without a pageId make no row. The last step of a visit is the one of the greatest seq.
entries     visits with a step on the page
exits       unfinished visits whose last step is on the page
wasted      exits that are wasted; waste_rate is wasted / entries
p75_lcp     of all steps on the page with lcpMs, those of one visit each: the smallest value that at least three quarters of them do not exceed (nearest rank)
apdex       of all steps on the page with loadMs: (those of at most 1000 * apdex_t + half of those above that and of at most 4000 * apdex_t) / all; empty without any
top_cause   the most frequent waste_cause of the wasted exits, the first in the order above among equals; empty without any
affected_customers  distinct Customers who hold, as accountHolder at the visit's start, the account of a wasted exit. That account is the one the visit CONCERNS (the first by uid), else the one its user used at start (primary, delegate, secondary, guest, then uid).
Where several users STARTED a visit, the first by uid is its user.
Order: wasted descending, waste_rate descending, page_id.
"""
source   = ["TMF701 (which has no abandoned state)", "Apdex: frustrated above 4T, T = 2 s", "Web Vitals: LCP poor above 4.0 s, judged at the 75th percentile, by device"]

[params]
since          = { type = "datetime", default = "as_of-30d", help = "Visits begun from then on" }
until          = { type = "datetime", default = "as_of", help = "Visits begun before then" }
device         = { type = "string", optional = true, help = "Only visits on this device, as the source spells it" }
min_n          = { type = "int", default = 5, min = 1, unit = "visits", help = "Pages entered by fewer visits are left out" }
idle           = { type = "int", default = 30, min = 1, unit = "minutes", help = "Silence after which an open visit counts as abandoned" }
recover_hours  = { type = "int", default = 24, min = 1, unit = "hours", help = "Time to come back" }
lcp_seconds    = { type = "float", default = 4.0, min = 0, unit = "s", help = "Largest contentful paint above which a page is slow" }
apdex_t        = { type = "float", default = 2.0, min = 0, unit = "s", help = "Apdex threshold T; a load above 4T frustrates" }
bounce_seconds = { type = "float", default = 10.0, min = 0, unit = "s", help = "Dwell on a single page below which it bounced" }
as_of          = { type = "datetime", default = "now", help = "What was known at this instant" }
limit          = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
page_id            = { type = "string", nullable = true, help = "The page" }
entries            = { type = "int", unit = "visits", help = "Visits that came to it" }
exits              = { type = "int", unit = "visits", help = "Visits that ended on it unfinished" }
wasted             = { type = "int", unit = "visits", help = "Exits neither recovered nor undecided" }
waste_rate         = { type = "float", unit = "share", help = "wasted / entries" }
p75_lcp            = { type = "int", unit = "ms", help = "Largest contentful paint, 75th percentile" }
apdex              = { type = "float", unit = "score", help = "0 to 1; .94 excellent, .85 good, .70 fair, .50 poor, below unacceptable" }
top_cause          = { type = "string", help = "The most frequent cause of the waste" }
affected_customers = { type = "int", unit = "customers", help = "Holders of the accounts behind the wasted visits" }
*/
MATCH (t:SelfCareTransaction)
WHERE t.start >= $since AND t.start < $until AND t.start < $as_of
  AND ($device IS NULL OR t.device = $device)
CALL (t) {
  MATCH (t)-[:HAS_STEP]->(s:SelfCareStep)
  WHERE s.enteredAt IS NULL OR s.enteredAt <= $as_of
  WITH s
  ORDER BY s.seq
  RETURN collect(s) AS steps
}
WITH t, steps
WHERE size(steps) > 0
WITH t, steps, CASE WHEN t.end <= $as_of THEN t.end END AS known_end,
  reduce(latest = t.start, x IN [s IN steps | s.enteredAt] + [s IN steps | s.leftAt] |
    CASE WHEN x > latest AND x <= $as_of THEN x ELSE latest END) AS last_sign
WITH t, steps, coalesce(known_end, last_sign) AS end,
  CASE WHEN t.end IS NULL OR t.end <= $as_of THEN t.outcome END AS outcome
WITH t, steps, end, end + duration({hours: $recover_hours}) AS deadline,
  coalesce(outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver'], false)
    OR (outcome IS NULL AND end + duration({minutes: $idle}) < $as_of) AS unfinished
CALL (t) {
  OPTIONAL MATCH (one:User)-[:STARTED]->(t)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS u
}
CALL (t, u, deadline, unfinished) {
  WITH t, u, deadline
  WHERE unfinished
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
WITH t, u, steps, end, unfinished, steps[0] AS first, steps[-1] AS last,
  unfinished AND NOT recovered AND deadline <= $as_of AS wasted
WITH t, u, steps, unfinished, wasted, last,
  CASE
    WHEN any(s IN steps WHERE s.error IS NOT NULL) THEN 1
    WHEN last.lcpMs > 1000 * $lcp_seconds OR last.loadMs > 4000 * $apdex_t THEN 2
    WHEN first.isForm AND first.fieldsFilled = 0 THEN 3
    WHEN size(steps) = 1 AND CASE WHEN first.leftAt <= $as_of THEN first.leftAt ELSE end END < first.enteredAt + duration({seconds: $bounce_seconds}) THEN 4
    WHEN size(steps) > 1 THEN 5
    ELSE 6
  END AS cause
UNWIND steps AS s
WITH s, s.pageId AS page_id, t, u, cause,
  unfinished AND last.pageId = s.pageId AS left,
  wasted AND last.pageId = s.pageId AS lost
WHERE page_id IS NOT NULL
WITH page_id,
  count(DISTINCT t) AS entries,
  count(DISTINCT CASE WHEN left THEN t END) AS exits,
  collect(DISTINCT CASE WHEN lost THEN {visit: t, user: u, cause: cause} END) AS losses,
  percentileDisc(s.lcpMs, 0.75) AS p75_lcp,
  count(s.loadMs) AS loads,
  count(CASE WHEN s.loadMs <= 1000 * $apdex_t THEN 1 END) AS satisfied,
  count(CASE WHEN s.loadMs > 1000 * $apdex_t AND s.loadMs <= 4000 * $apdex_t THEN 1 END) AS tolerating
WHERE entries >= $min_n
CALL (losses) {
  UNWIND losses AS loss
  WITH loss.cause AS cause, count(*) AS times
  ORDER BY times DESC, cause
  RETURN ['error', 'slowLoad', 'formWall', 'bounce', 'midFlow', 'unknown'][collect(cause)[0] - 1] AS top_cause
}
CALL (losses) {
  UNWIND losses AS loss
  WITH loss.visit AS visit, loss.user AS user
  CALL (visit, user) {
    CALL (visit, user) {
      MATCH (visit)-[:CONCERNS]->(a:Account)
      RETURN a, 0 AS rank
      UNION
      MATCH (user)-[r:USES_ACCOUNT]->(a:Account)
      WHERE r.validFrom <= visit.start AND (r.validTo IS NULL OR r.validTo > visit.start)
      RETURN a, CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END AS rank
    }
    WITH a, rank
    ORDER BY rank, a.uid
    LIMIT 1
    RETURN a
  }
  MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= visit.start AND (h.validTo IS NULL OR h.validTo > visit.start)
  RETURN count(DISTINCT c) AS affected_customers
}
RETURN
  page_id,
  entries,
  exits,
  size(losses) AS wasted,
  toFloat(size(losses)) / entries AS waste_rate,
  p75_lcp,
  CASE WHEN loads > 0 THEN (satisfied + tolerating / 2.0) / loads END AS apdex,
  top_cause,
  affected_customers
ORDER BY wasted DESC, waste_rate DESC, page_id
LIMIT $limit
