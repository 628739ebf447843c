/*
title    = "Experience of a user"
question = "What quality of experience did this user get, per service and window, against what was promised?"
actors   = ["care-agent", "account-holder", "secondary-user"]
access   = "read"
returns  = "many"
key      = ["window_start", "granularity", "service_uid", "metric"]
timeout  = 15
chart    = { lines = ["mean"], along = "window_start", of = ["service_uid", "metric", "granularity"], measure = "metric", promised = ["target", "statistic"] }
notes    = """
A row is a QoEMeasurement of the user (HAS_QOE) with windowStart in [since, until) and before as_of; service_uid is what it names in its own property service. Windows of different granularity are rows of their own and overlap: do not add them up. To sum windows, mean = Σ(n·mean)/Σn; a p10 is never combined.
target is what the effective SLA promised for the service and the metric at windowStart (every relationship with validity counts as it stood then; the SLA's state as of now). Its candidates are the active SLAs (state empty or active, any case) with an objective of the metric that cover 1 a Product REALIZED_BY the service; 2 an Account the user uses; 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. Order of candidates as in sla.effective_sla: precedence ascending (absent last), path 1 to 4, fewer nested hops, later validFrom of COVERED_BY, SLA uid; the first wins. Of several objectives of the winner for the metric it is that with statistic mean, else p10, else shareBelow, else any other or none; then by uid.
met compares the value named by statistic (p10 and shareBelow; else the mean) with target by the objective's comparator (any case): >=, ge, .ge: value >= target - tolerance; >, gt, .gt, .g: value > target - tolerance; <=, le, .le: value <= target + tolerance; <, lt, .lt, .l: value < target + tolerance; an empty tolerance is 0. Empty when the value, the target or a known comparator is missing.
mos is the mean for metric mos; for metric r (the E-model's rating) it is made of the mean R: 1 + 0.035·R + R·(R - 60)·(100 - R)·7e-6, 1 for R < 0, 4.5 for R > 100, rounded to 2 decimals; empty for others. Metric names in any case.
band of metric mos, by the mean: the nearest word of ITU-T P.800, with the cuts of acr_bands: 4.5 and more excellent, 3.5 good, 2.5 fair, 1.5 poor, below bad. Band of metric r, by the mean and r_bands (ITU-T G.107): 90 and more very satisfied, 80 satisfied, 70 some users dissatisfied, 60 many users dissatisfied, 50 nearly all users dissatisfied, below not recommended. Empty for other metrics.
Order: window_start, newest first, then service_uid, metric, granularity.
"""
source   = ["ITU-T P.800 (words of ACR)", "ITU-T G.107 (R, and MOS from R)", "ITU-T G.109 (R below 50)", "TMF657"]

[params]
user        = { type = "ref[User]", help = "User: uid or id", example = "U-2003" }
metric      = { type = "string", optional = true, help = "Only this metric" }
granularity = { type = "string", optional = true, help = "Only windows of this length: day, month" }
since       = { type = "datetime", default = "as_of-30d", help = "Windows begun from then on" }
until       = { type = "datetime", default = "as_of", help = "Windows begun before then" }
acr_bands   = { type = "list[float]", default = [4.5, 3.5, 2.5, 1.5], help = "Lowest mean of excellent, good, fair and poor" }
r_bands     = { type = "list[float]", default = [90.0, 80.0, 70.0, 60.0, 50.0], help = "Lowest R of the five bands" }
depth       = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of       = { type = "datetime", default = "now", help = "No window begun later is seen" }
limit       = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
window_start = { type = "datetime", help = "When the window begins" }
granularity  = { type = "string", help = "Its length" }
service_uid  = { type = "string", help = "The service measured" }
metric       = { type = "string", help = "What was measured" }
n            = { type = "int", unit = "samples", help = "Measurements in the window" }
mean         = { type = "float", unit = "in the metric's unit", pii = "behaviour", help = "Their mean" }
p10          = { type = "float", unit = "in the metric's unit", pii = "behaviour", help = "The value that nine of ten exceed" }
share_below  = { type = "float", unit = "share", pii = "behaviour", help = "Share below the threshold of the measurement" }
mos          = { type = "float", unit = "MOS", pii = "behaviour", help = "The mean as MOS" }
band         = { type = "string", pii = "behaviour", help = "What that is called" }
target       = { type = "float", unit = "in unit", help = "What was promised" }
statistic    = { type = "string", help = "Of which statistic: mean, p10 or shareBelow" }
unit         = { type = "string", help = "Unit of the target" }
met          = { type = "boolean", help = "Whether the promise was kept" }
sla_uid      = { type = "string", help = "The SLA that promised it" }
*/
MATCH (user:User {uid: $user})-[:HAS_QOE]->(q:QoEMeasurement)
WHERE q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
  AND ($metric IS NULL OR toLower(q.metric) = toLower($metric))
  AND ($granularity IS NULL OR q.granularity = $granularity)
WITH DISTINCT user, q, q.windowStart AS at
CALL (user, q, at) {
  CALL (user, q, at) {
    MATCH (:Service {uid: q.service})<-[z:REALIZED_BY]-(thing:Product)
    WHERE z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
    RETURN thing, 1 AS way, 0 AS hops
    UNION
    MATCH (user)-[a:USES_ACCOUNT]->(thing:Account)
    WHERE a.validFrom <= at AND (a.validTo IS NULL OR a.validTo > at)
    RETURN thing, 2 AS way, 0 AS hops
    UNION
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(thing:Customer)
    WHERE a.validFrom <= at AND (a.validTo IS NULL OR a.validTo > at)
      AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
    RETURN thing, 3 AS way, 0 AS hops
    UNION
    CALL (user, at) {
      WITH user
      RETURN user AS one
      UNION
      MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(one:Customer)
      WHERE a.validFrom <= at AND (a.validTo IS NULL OR a.validTo > at)
        AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
      RETURN one
    }
    OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
    WHERE r.validFrom <= at AND (r.validTo IS NULL OR r.validTo > at)
    UNWIND [one, party] AS member
    WITH DISTINCT member, at
    MATCH (member)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= at AND (s.validTo IS NULL OR s.validTo > at)]->()){0,/*=depth*/4}(thing:Group)
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
    RETURN thing, 4 AS way, size(s) AS hops
  }
  MATCH (thing)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(o:ServiceLevelObjective {metric: q.metric})
  WHERE cover.validFrom <= at AND (cover.validTo IS NULL OR cover.validTo > at)
    AND toLower(coalesce(sla.state, 'active')) = 'active'
  WITH sla, o, cover, way, hops
  ORDER BY coalesce(cover.precedence, 9223372036854775807), way, hops, cover.validFrom DESC, sla.uid,
    CASE o.statistic WHEN 'mean' THEN 1 WHEN 'p10' THEN 2 WHEN 'shareBelow' THEN 3 ELSE 4 END, o.uid
  WITH collect({sla: sla.uid, objective: o})[0] AS first
  RETURN first.sla AS sla_uid, first.objective AS o
}
WITH q, at, sla_uid, o,
  CASE o.statistic WHEN 'p10' THEN q.p10 WHEN 'shareBelow' THEN q.shareBelow ELSE q.mean END AS value,
  coalesce(o.tolerance, 0.0) AS tolerance
RETURN
  at AS window_start,
  q.granularity AS granularity,
  q.service AS service_uid,
  q.metric AS metric,
  q.n AS n,
  q.mean AS mean,
  q.p10 AS p10,
  q.shareBelow AS share_below,
  CASE
    WHEN toLower(q.metric) = 'mos' THEN q.mean
    WHEN toLower(q.metric) <> 'r' THEN null
    WHEN q.mean < 0 THEN 1.0
    WHEN q.mean > 100 THEN 4.5
    ELSE round(1 + 0.035 * q.mean + q.mean * (q.mean - 60) * (100 - q.mean) * 0.000007, 2)
  END AS mos,
  CASE
    WHEN q.mean IS NULL THEN null
    WHEN toLower(q.metric) = 'mos' THEN ['excellent', 'good', 'fair', 'poor', 'bad'][size([cut IN $acr_bands WHERE q.mean < cut])]
    WHEN toLower(q.metric) = 'r' THEN ['very satisfied', 'satisfied', 'some users dissatisfied', 'many users dissatisfied', 'nearly all users dissatisfied', 'not recommended'][size([cut IN $r_bands WHERE q.mean < cut])]
  END AS band,
  o.target AS target,
  o.statistic AS statistic,
  o.unit AS unit,
  CASE
    WHEN toLower(o.comparator) IN ['>=', 'ge', '.ge'] THEN value >= o.target - tolerance
    WHEN toLower(o.comparator) IN ['>', 'gt', '.gt', '.g'] THEN value > o.target - tolerance
    WHEN toLower(o.comparator) IN ['<=', 'le', '.le'] THEN value <= o.target + tolerance
    WHEN toLower(o.comparator) IN ['<', 'lt', '.lt', '.l'] THEN value < o.target + tolerance
  END AS met,
  sla_uid
ORDER BY window_start DESC, service_uid, metric, granularity
LIMIT $limit
