/*
title    = "Watermelon SLAs"
question = "Which SLAs are green outside, but have users with a poor experience inside?"
actors   = ["sla-manager"]
access   = "read"
returns  = "many"
key      = ["sla_uid"]
timeout  = 300
scope    = "graph"
chart    = { bars = ["users_measured", "users_poor"], of = ["sla_uid", "name"] }
notes    = """
Green: at most max_violations SLAViolations OF_SLA are dated in [since, until) and not after as_of. conformance is the share of the SLA's objectives (HAS_OBJECTIVE) that none of these violations BREACHES, rounded to 4 decimals; empty for an SLA without objectives. With the default of no violation it is 1.
Users of an SLA: for each User and each Service it uses (USES_SERVICE), the active SLAs (state empty or active, any case) that are candidates of sla.effective_sla for the two, whether they win or not: they cover (COVERED_BY) a Product REALIZED_BY the service; an Account the user uses; a Customer holding that account as accountHolder; or a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. All at as_of. An SLA needs no objective of the metric: green is what it measures.
Windows that count are the user's QoEMeasurements (HAS_QOE) on such a service, of this metric and granularity, with windowStart in [since, until) and before as_of, n above 0, mean not empty. A user with at least one is measured. The experience of the user under the SLA is Σ(n·mean)/Σn over its windows on all of these services, rounded to 3 decimals; p10 is never combined. poor: experience < threshold (with better = lower: > threshold). The default threshold 3.60 is the MOS of R = 70, below which ITU-T G.107 expects many users to be dissatisfied.
A row is a green SLA with at least one poor user. share = users_poor / users_measured, rounded to 4 decimals, empty where users_measured is below min_n: a share of so few says nothing. worst_service is, over the windows of the poor users, the service with the lowest Σ(n·mean)/Σn, rounded to 3 decimals (with better = lower: the highest), then the first by uid; worst_qoe that value, empty where users_measured is below min_n.
Order: users_poor from the greatest, then sla_uid.
Cost: reads the windows of the metric since then by their index, and for each user measured its SLAs.
"""
source   = ["ITU-T G.107", "ITU-T P.800", "TMF623"]

[params]
metric         = { type = "string", default = "mos", help = "Metric of the windows" }
granularity    = { type = "string", default = "day", help = "Length of the windows; windows of different lengths overlap" }
threshold      = { type = "float", default = 3.6, unit = "in the metric's unit", help = "An experience below this is poor" }
better         = { type = "string", default = "higher", choices = ["higher", "lower"], help = "Whether a higher or a lower value is better" }
max_violations = { type = "int", default = 0, min = 0, unit = "violations", help = "With more violations an SLA is not green" }
since          = { type = "datetime", default = "as_of-30d", help = "Violations and windows from then on" }
until          = { type = "datetime", default = "as_of", help = "Violations and windows before then" }
min_n          = { type = "int", default = 5, min = 1, help = "No share of fewer users is given" }
depth          = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of          = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit          = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
sla_uid        = { type = "string", help = "The SLA that looks green" }
name           = { type = "string", help = "Its name" }
violations     = { type = "int", unit = "violations", help = "Violations in the window" }
conformance    = { type = "float", unit = "share", help = "Share of its objectives without a violation" }
users_poor     = { type = "int", unit = "users", help = "Users with a poor experience" }
users_measured = { type = "int", unit = "users", help = "Users with any window that counts" }
share          = { type = "float", unit = "share", help = "Poor users of those measured; empty for fewer than min_n" }
worst_service  = { type = "string", help = "The service that was worst for the poor users" }
worst_qoe      = { type = "float", unit = "in the metric's unit", help = "Their experience of it; empty for fewer than min_n" }
*/
MATCH (q:QoEMeasurement)
WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
  AND q.granularity = $granularity AND q.n > 0 AND q.mean IS NOT NULL
MATCH (user:User)-[:HAS_QOE]->(q)
WITH DISTINCT user, q
WITH user, q.service AS service_uid, sum(q.n * q.mean) AS total, sum(q.n) AS n
MATCH (service:Service {uid: service_uid})
WHERE EXISTS {
  MATCH (user)-[us:USES_SERVICE]->(service)
  WHERE us.validFrom <= $as_of AND (us.validTo IS NULL OR us.validTo > $as_of)
}
CALL (user, service) {
  MATCH (service)<-[z:REALIZED_BY]-(:Product)-[cover:COVERED_BY]->(sla:SLA)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  RETURN sla
  UNION
  MATCH (user)-[a:USES_ACCOUNT]->(:Account)-[cover:COVERED_BY]->(sla:SLA)
  WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
    AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  RETURN sla
  UNION
  MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[cover:COVERED_BY]->(sla:SLA)
  WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  RETURN sla
  UNION
  CALL (user) {
    WITH user
    RETURN user AS one
    UNION
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(one:Customer)
    WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN one
  }
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  UNWIND [one, party] AS member
  WITH DISTINCT member
  MATCH (member)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  RETURN sla
}
WITH user, service_uid, total, n, sla
WHERE toLower(coalesce(sla.state, 'active')) = 'active'
WITH sla, user, round(sum(total) / sum(n), 3) AS experience, collect({service: service_uid, total: total, n: n}) AS parts
WITH sla, count(user) AS users_measured,
  collect(CASE WHEN ($better = 'higher' AND experience < $threshold) OR ($better = 'lower' AND experience > $threshold) THEN parts END) AS poor
WHERE size(poor) > 0
CALL (sla) {
  OPTIONAL MATCH (sla)<-[:OF_SLA]-(v:SLAViolation)
  WHERE v.date >= $since AND v.date < $until AND v.date <= $as_of
  RETURN collect(DISTINCT v) AS violated
}
WITH *, size(violated) AS violations
WHERE violations <= $max_violations
CALL (sla, violated) {
  OPTIONAL MATCH (sla)-[:HAS_OBJECTIVE]->(o:ServiceLevelObjective)
  WITH DISTINCT o, violated
  WITH count(o) AS objectives,
    count(CASE WHEN NOT EXISTS { MATCH (o)<-[:BREACHES]-(v:SLAViolation) WHERE v IN violated } THEN o END) AS kept
  RETURN CASE WHEN objectives > 0 THEN round(1.0 * kept / objectives, 4) END AS conformance
}
CALL (poor) {
  UNWIND poor AS parts
  UNWIND parts AS part
  WITH part.service AS service_uid, round(sum(part.total) / sum(part.n), 3) AS qoe
  ORDER BY CASE $better WHEN 'higher' THEN qoe ELSE -qoe END, service_uid
  LIMIT 1
  RETURN service_uid AS worst_service, qoe AS worst_qoe
}
RETURN
  sla.uid AS sla_uid,
  sla.name AS name,
  violations,
  conformance,
  size(poor) AS users_poor,
  users_measured,
  CASE WHEN users_measured >= $min_n THEN round(1.0 * size(poor) / users_measured, 4) END AS share,
  worst_service,
  CASE WHEN users_measured >= $min_n THEN worst_qoe END AS worst_qoe
ORDER BY users_poor DESC, sla_uid
LIMIT $limit
