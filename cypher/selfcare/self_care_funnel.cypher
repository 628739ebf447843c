/*
title    = "Self-care funnel"
question = "Where in this flow do primary, secondary and guest users drop out?"
actors   = ["product-owner"]
access   = "read"
returns  = "many"
key      = ["step", "kind"]
timeout  = 180
scope    = "graph"
chart    = { bars = ["entered", "completed"], of = ["step", "kind"] }
notes    = """
Visits (SelfCareTransaction) whose intent is flow, with start in [since, until) and before as_of. What is after as_of is not seen: an outcome counts once its end (where one is known) is not after as_of, a step once its enteredAt (where one is known) is not. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of).
unfinished  outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than idle minutes before as_of.
completed   outcome is completed. A visit that is neither is still open.
kind is the user's role at the start on the account of the visit: the account it CONCERNS (the first by uid), else the one used at start (primary, delegate, secondary, guest, then uid); empty when nobody was signed in or the user has no role on it. Where several users STARTED a visit, the first by uid is its user.
A row is a step (a pageId that at least one visit of the flow has) and a kind, with at least min_n visits entered. Steps without a pageId make no row.
place       where the step stands in the flow: of each visit with the page, of whatever kind, the least seq on it; of these the lower median
entered     visits with the page, and completed visits of which no step is kept at all: they are taken to have gone through every step
assumed     how many of entered are such completed visits
left        unfinished visits whose last step (greatest seq) is on the page
completed   how many of entered completed the flow; conv_by_kind is completed / entered
median_seconds  median of leftAt minus enteredAt, in whole seconds, over the steps on the page with both known and leftAt not after as_of, those of one visit each; the mean of the middle two where they are even; empty without any
Order: place, step, kind (primary, delegate, secondary, guest, other, empty).
"""
source   = ["TMF701 (which has no abandoned state)"]

[params]
flow  = { type = "string", help = "The intent of the visits", example = "buyRoaming", pii = "behaviour" }
since = { type = "datetime", default = "as_of-30d", help = "Visits begun from then on" }
until = { type = "datetime", default = "as_of", help = "Visits begun before then" }
min_n = { type = "int", default = 5, min = 1, unit = "visits", help = "Rows with fewer visits entered are left out" }
idle  = { type = "int", default = 30, min = 1, unit = "minutes", help = "Silence after which an open visit counts as abandoned" }
as_of = { type = "datetime", default = "now", help = "What was known at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
step           = { type = "string", help = "The page" }
kind           = { type = "string", nullable = true, help = "The users' role on the account" }
place          = { type = "int", help = "Where the step stands in the flow" }
entered        = { type = "int", unit = "visits", help = "Visits that came to it" }
assumed        = { type = "int", unit = "visits", help = "Completed visits among them whose steps are not kept" }
left           = { type = "int", unit = "visits", help = "Visits that ended on it unfinished" }
completed      = { type = "int", unit = "visits", help = "Visits among the entered that completed the flow" }
conv_by_kind   = { type = "float", unit = "share", help = "completed / entered" }
median_seconds = { type = "float", unit = "s", help = "Time on the page" }
*/
MATCH (t:SelfCareTransaction)
WHERE t.start >= $since AND t.start < $until AND t.start < $as_of AND t.intent = $flow
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
WITH t, steps, coalesce(outcome = 'completed', false) AS done,
  coalesce(outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver'], false)
    OR (outcome IS NULL AND end + duration({minutes: $idle}) < $as_of) AS unfinished
CALL (t) {
  OPTIONAL MATCH (one:User)-[:STARTED]->(t)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS u
}
CALL (t) {
  OPTIONAL MATCH (t)-[:CONCERNS]->(a:Account)
  RETURN min(a.uid) AS concerned_uid
}
CALL (t, u, concerned_uid) {
  OPTIONAL MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
    AND (concerned_uid IS NULL OR a.uid = concerned_uid)
  WITH a, r
  ORDER BY CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, a.uid, r.role
  RETURN collect(r.role)[0] AS kind
}
WITH collect({visit: t.uid, kind: kind, steps: steps, done: done, unfinished: unfinished}) AS visits
CALL (visits) {
  UNWIND visits AS v
  UNWIND v.steps AS s
  WITH v.visit AS visit, s.pageId AS step, min(s.seq) AS seq
  WHERE step IS NOT NULL
  RETURN step, percentileDisc(seq, 0.5) AS place
}
UNWIND visits AS v
WITH step, place, v, [s IN v.steps WHERE s.pageId = step] AS here
WHERE size(here) > 0 OR (v.done AND size(v.steps) = 0)
UNWIND CASE WHEN size(here) = 0 THEN [null] ELSE here END AS s
WITH step, place, v.kind AS kind, v,
  CASE WHEN s.enteredAt IS NOT NULL AND s.leftAt <= $as_of THEN duration.inSeconds(s.enteredAt, s.leftAt).seconds END AS seconds
WITH step, place, kind,
  count(DISTINCT v.visit) AS entered,
  count(DISTINCT CASE WHEN size(v.steps) = 0 THEN v.visit END) AS assumed,
  count(DISTINCT CASE WHEN v.unfinished AND v.steps[-1].pageId = step THEN v.visit END) AS left,
  count(DISTINCT CASE WHEN v.done THEN v.visit END) AS completed,
  percentileCont(seconds, 0.5) AS median_seconds
WHERE entered >= $min_n
RETURN
  step,
  kind,
  place,
  entered,
  assumed,
  left,
  completed,
  toFloat(completed) / entered AS conv_by_kind,
  median_seconds
ORDER BY place, step,
  CASE kind WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, kind
LIMIT $limit
