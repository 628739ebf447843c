/*
title    = "SLAs in jeopardy"
question = "Which objectives are past their warning level but not violated, and which tickets threaten a time to repair?"
actors   = ["sla-manager", "noc"]
access   = "read"
returns  = "many"
key      = ["clock", "objective_uid", "subject_uid", "service_uid", "ticket_uid"]
timeout  = 120
scope    = "graph"
notes    = """
Two clocks. All relationships at as_of; an SLA is active when its state is empty or active (any case); nothing after as_of is seen.
clock measurement: for each subject (User or Service that HAS_QOE), service and metric of metrics, the newest QoEMeasurement with windowStart in [since, as_of) (of several that begin together the first by uid). current is its mean, p10 or shareBelow, as the objective's statistic says (an empty statistic is mean). The objectives are those, with this metric, of the SLA that wins. Its candidates are the active SLAs with an objective of the metric that cover 1 a Product REALIZED_BY the service; 2 an Account the user uses, or with a Service as subject one that such a product is BILLED_TO; 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. Order of candidates as in sla.effective_sla: precedence ascending (absent last), path 1 to 4, fewer nested hops, later validFrom of COVERED_BY, SLA uid. subject_uid is the user or service measured, service_uid the service.
It is a row when the objective has a target and a warning, and current lies past the warning and not past the target: with warning above target, current < warning and current >= target - tolerance; with warning below target, current > warning and current <= target + tolerance; an empty tolerance is 0. Equal to the warning is not past it. A warning equal to the target, or an empty value, gives no row; past the target it is violated, and no row. The comparator is not looked at.
clock repair: TroubleTickets of type incident (any case) with creationDate in [since, as_of], both included, open at as_of: status acknowledged, inProgress, pending or held now, or resolutionDate after as_of. The SLA that wins for repair_metric is found among the active SLAs with an objective of it that cover 1 a Product the ticket is ABOUT, or that realises a Service it is ABOUT; 2 an Account it is ABOUT, or that such a product is BILLED_TO; 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of that customer, of anybody ON_TICKET, or of the Party that one of them engages or IDENTIFIES; in the same order. Each objective of the winner for repair_metric with a target is a clock. It ends at creationDate + target, in the objective's unit: a unit that begins with s, m or d (any case) is seconds, minutes or days, any other, or none, is hours; time pending or held counts. hours_left is from as_of to that end, current the time from creationDate to as_of in the objective's unit; both rounded to 2 decimals.
It is a row when the end is not before as_of (later it is violated), and hours_left <= hours_ahead, or current > warning, or the ticket's expectedResolutionDate is after the end. subject_uid is the first by uid of what the ticket is ABOUT, service_uid the first Service among it.
Order: hours_left (measurements, which have none, last), objective_uid, subject_uid, service_uid, ticket_uid.
Cost: reads the windows of the metrics and the tickets since then, by their indexes.
"""
source   = ["TMF657 thresholdTarget (the warning level)", "TMF623 (tolerance)", "TMF621"]

[params]
hours_ahead   = { type = "float", default = 8.0, min = 0, unit = "hours", help = "A repair clock that ends so soon is in jeopardy; 8 is a shift" }
metrics       = { type = "list[string]", default = ["mos"], help = "Metrics whose windows are looked at" }
repair_metric = { type = "string", default = "timeToRepair", help = "Metric of the objectives that tickets run against" }
since         = { type = "datetime", default = "as_of-7d", help = "Windows begun and tickets created from then on" }
depth         = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of         = { type = "datetime", default = "now", help = "Relationships valid at this instant; nothing after it is seen" }
limit         = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
clock         = { type = "string", help = "measurement or repair" }
sla_uid       = { type = "string", help = "The agreement in jeopardy" }
objective_uid = { type = "string", nullable = true, help = "The objective" }
metric        = { type = "string", help = "What is promised" }
current       = { type = "float", unit = "in unit", help = "The value now; of a ticket the time since its creation" }
warning       = { type = "float", unit = "in unit", help = "The warning level" }
target        = { type = "float", unit = "in unit", help = "The promised value" }
unit          = { type = "string", help = "Unit of the objective" }
subject_uid   = { type = "string", nullable = true, pii = "identifier", help = "The user or service measured; what the ticket is about" }
service_uid   = { type = "string", nullable = true, help = "The service" }
ticket_uid    = { type = "string", nullable = true, help = "The ticket whose clock runs; empty for a measurement" }
hours_left    = { type = "float", unit = "hours", help = "Until the repair clock ends; empty for a measurement" }
*/
CALL () {
  UNWIND $metrics AS metric
  // The index on (metric, windowStart) finds the windows; only the newest of each subject and service counts.
  MATCH (q:QoEMeasurement)
  WHERE q.metric = metric AND q.windowStart >= $since AND q.windowStart < $as_of
  MATCH (subject:User|Service)-[:HAS_QOE]->(q)
  WITH subject, metric, q.service AS service_uid, max(q.windowStart) AS newest
  CALL (subject, metric, service_uid, newest) {
    MATCH (subject)-[:HAS_QOE]->(q:QoEMeasurement)
    WHERE q.metric = metric AND q.service = service_uid AND q.windowStart = newest
    WITH q
    ORDER BY q.uid
    LIMIT 1
    RETURN q
  }
  CALL (service_uid) {
    OPTIONAL MATCH (:Service {uid: service_uid})<-[z:REALIZED_BY]-(p:Product)
    WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    RETURN collect(DISTINCT p) AS products
  }
  CALL (subject, products) {
    CALL (subject, products) {
      MATCH (subject:User)-[r:USES_ACCOUNT]->(a:Account)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN a
      UNION
      UNWIND CASE WHEN subject:Service THEN products ELSE [] END AS product
      MATCH (product)-[b:BILLED_TO]->(a:Account)
      WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
      RETURN a
    }
    RETURN collect(DISTINCT a) AS accounts
  }
  RETURN 'measurement' AS clock, metric, q, null AS t, subject.uid AS subject_uid, service_uid, products, accounts,
    CASE WHEN subject:User THEN [subject] ELSE [] END AS people
  UNION
  MATCH (t:TroubleTicket)
  WHERE t.creationDate >= $since AND t.creationDate <= $as_of
    AND toLower(t.ticketType) = 'incident'
    AND (t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] OR t.resolutionDate > $as_of)
  CALL (t) {
    OPTIONAL MATCH (t)-[:ABOUT]->(thing:Product|Service|Account)
    WITH thing
    ORDER BY thing.uid
    RETURN collect(DISTINCT thing) AS things
  }
  CALL (things) {
    UNWIND things AS thing
    OPTIONAL MATCH (thing:Service)<-[z:REALIZED_BY]-(p:Product)
    WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    WITH CASE WHEN thing:Product THEN thing ELSE p END AS product
    RETURN collect(DISTINCT product) AS products
  }
  CALL (products) {
    UNWIND products AS product
    MATCH (product)-[b:BILLED_TO]->(a:Account)
    WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
    RETURN collect(DISTINCT a) AS paying
  }
  CALL (t) {
    OPTIONAL MATCH (t)<-[:ON_TICKET]-(person:Individual|Organization|User|Customer)
    RETURN collect(DISTINCT person) AS people
  }
  RETURN 'repair' AS clock, $repair_metric AS metric, null AS q, t, things[0].uid AS subject_uid,
    [x IN things WHERE x:Service | x.uid][0] AS service_uid, products, paying + [x IN things WHERE x:Account] AS accounts, people
}
CALL (accounts) {
  UNWIND accounts AS account
  MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN collect(DISTINCT c) AS customers
}
CALL (people, customers) {
  UNWIND people + customers AS one
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  UNWIND [one, party] AS member
  RETURN collect(DISTINCT member) AS members
}
CALL (products, accounts, customers, members, metric) {
  CALL (products, accounts, customers, members) {
    UNWIND products AS thing
    RETURN thing, 1 AS way, 0 AS hops
    UNION
    UNWIND accounts AS thing
    RETURN thing, 2 AS way, 0 AS hops
    UNION
    UNWIND customers AS thing
    RETURN thing, 3 AS way, 0 AS hops
    UNION
    UNWIND members AS member
    MATCH (member)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(thing:Group)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    RETURN thing, 4 AS way, size(s) AS hops
  }
  MATCH (thing)-[cover:COVERED_BY]->(sla:SLA)
  WHERE cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
    AND toLower(coalesce(sla.state, 'active')) = 'active'
    AND EXISTS { (sla)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective {metric: metric}) }
  WITH sla, cover, way, hops
  ORDER BY coalesce(cover.precedence, 9223372036854775807), way, hops, cover.validFrom DESC, sla.uid
  LIMIT 1
  RETURN sla
}
MATCH (sla)-[:HAS_OBJECTIVE]->(o:ServiceLevelObjective {metric: metric})
WITH clock, metric, q, t, subject_uid, service_uid, sla, o, coalesce(o.tolerance, 0.0) AS tolerance,
  CASE left(toLower(coalesce(o.unit, '')), 1) WHEN 's' THEN 1.0 WHEN 'm' THEN 60.0 WHEN 'd' THEN 86400.0 ELSE 3600.0 END AS unit_seconds
WITH *,
  CASE
    WHEN clock = 'repair' THEN duration.inSeconds(t.creationDate, $as_of).seconds / unit_seconds
    WHEN o.statistic = 'p10' THEN q.p10
    WHEN o.statistic = 'shareBelow' THEN q.shareBelow
    ELSE q.mean
  END AS current,
  CASE WHEN clock = 'repair' AND o.target IS NOT NULL THEN t.creationDate + duration({seconds: toInteger(o.target * unit_seconds)}) END AS ends
WHERE (clock = 'measurement' AND o.warning > o.target AND current < o.warning AND current >= o.target - tolerance)
  OR (clock = 'measurement' AND o.warning < o.target AND current > o.warning AND current <= o.target + tolerance)
  OR (clock = 'repair' AND ends >= $as_of AND (
    duration.inSeconds($as_of, ends).seconds <= $hours_ahead * 3600 OR current > o.warning OR t.expectedResolutionDate > ends))
RETURN DISTINCT
  clock,
  sla.uid AS sla_uid,
  o.uid AS objective_uid,
  metric,
  CASE WHEN clock = 'repair' THEN round(current, 2) ELSE current END AS current,
  o.warning AS warning,
  o.target AS target,
  o.unit AS unit,
  subject_uid,
  service_uid,
  t.uid AS ticket_uid,
  round(duration.inSeconds($as_of, ends).seconds / 3600.0, 2) AS hours_left
ORDER BY hours_left, objective_uid, subject_uid, service_uid, ticket_uid
LIMIT $limit
