/*
title    = "Effective SLA"
question = "Which SLA applies to this user or product, inherited by which path, which one wins?"
actors   = ["sla-manager", "care-agent"]
access   = "read"
returns  = "many"
key      = ["service_uid", "objective_uid"]
timeout  = 15
notes    = """
For each service of the subject (a User's USES_SERVICE, a Product's REALIZED_BY) and each metric, the candidates are the active SLAs (state empty, or active in any case) that cover, at as_of: 1 a Product realised by the service (for a Product as subject, itself alone); 2 an Account the user uses (the one the product is BILLED_TO); 3 a Customer holding that account as accountHolder; 4 a Group, nested up to depth, of the user, of the Party it IDENTIFIES, of that customer or of its Party. An SLA with several ways in keeps the best. Order of candidates: precedence ascending (1 first, absent last), then path 1 to 4, fewer nested hops, later validFrom of COVERED_BY, SLA uid. The first wins the metric; the others are shown as lost. All objectives of an SLA for the metric are rows. A parent account's SLA is not inherited. path is uid, -TYPE-> or <-TYPE-, uid, … from the subject to the SLA; among equally good ones the first as text.
Order of rows: service_uid, metric, winner first, then the order of candidates, objective_uid.
"""
source   = ["TMF623", "TMF657"]

[params]
subject = { type = "ref[User|Product]", help = "User or product: uid, or an id that only one has", example = "U-1002" }
metric  = { type = "string", optional = true, help = "Only this metric" }
depth   = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of   = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit   = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
service_uid   = { type = "string", help = "The service promised for" }
metric        = { type = "string", help = "What is promised" }
sla_uid       = { type = "string", help = "The agreement" }
via           = { type = "string", help = "product, account, customer or group: what it covers" }
path          = { type = "list[string]", pii = "identifier", help = "From the subject to the SLA" }
precedence    = { type = "int", help = "1 wins over 2; empty comes last" }
objective_uid = { type = "string", help = "The objective" }
comparator    = { type = "string", help = "How the value compares with the target when kept" }
target        = { type = "float", unit = "as unit says", help = "The promised value" }
unit          = { type = "string", help = "Unit of the target" }
wins          = { type = "boolean", help = "Whether this SLA decides the metric of the service" }
*/
MATCH (subject:User|Product {uid: $subject})
CALL (subject) {
  MATCH (subject:User)-[u:USES_SERVICE]->(service:Service)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN service
  UNION
  MATCH (subject:Product)-[z:REALIZED_BY]->(service:Service)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN service
}
CALL (subject, service) {
  // 1: a product realised by the service
  MATCH p = (subject:User)-[u:USES_SERVICE]->(service)<-[z:REALIZED_BY]-(:Product)-[cover:COVERED_BY]->(sla:SLA)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN p, sla, cover, 1 AS way, 0 AS hops
  UNION
  MATCH p = (subject:Product)-[cover:COVERED_BY]->(sla:SLA)
  RETURN p, sla, cover, 1 AS way, 0 AS hops
  UNION
  // 2: the account
  MATCH p = (subject)-[u:USES_ACCOUNT|BILLED_TO]->(:Account)-[cover:COVERED_BY]->(sla:SLA)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN p, sla, cover, 2 AS way, 0 AS hops
  UNION
  // 3: the customer who holds it
  MATCH p = (subject)-[u:USES_ACCOUNT|BILLED_TO]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[cover:COVERED_BY]->(sla:SLA)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN p, sla, cover, 3 AS way, 0 AS hops
  UNION
  // 4: a group of the user, of the user's party, of that customer, of its party
  MATCH p = (subject:User)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN p, sla, cover, 4 AS way, size(s) AS hops
  UNION
  MATCH p = (subject:User)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN p, sla, cover, 4 AS way, size(s) AS hops
  UNION
  MATCH p = (subject)-[u:USES_ACCOUNT|BILLED_TO]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN p, sla, cover, 4 AS way, size(s) AS hops
  UNION
  MATCH p = (subject)-[u:USES_ACCOUNT|BILLED_TO]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN p, sla, cover, 4 AS way, size(s) AS hops
}
WITH service, p, sla, cover, way, hops
WHERE cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  AND toLower(coalesce(sla.state, 'active')) = 'active'
MATCH (sla)-[:HAS_OBJECTIVE]->(objective:ServiceLevelObjective)
WHERE $metric IS NULL OR objective.metric = $metric
WITH service, objective, sla, cover, way, hops,
  [i IN range(0, 2 * length(p)) |
    CASE
      WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid
      WHEN startNode(relationships(p)[i / 2]) = nodes(p)[i / 2] THEN '-' + type(relationships(p)[i / 2]) + '->'
      ELSE '<-' + type(relationships(p)[i / 2]) + '-'
    END] AS path
ORDER BY coalesce(cover.precedence, 9223372036854775807), way, hops, cover.validFrom DESC, path
WITH service, objective, sla,
  collect({precedence: cover.precedence, way: way, hops: hops, since: cover.validFrom, path: path})[0] AS best
ORDER BY coalesce(best.precedence, 9223372036854775807), best.way, best.hops, best.since DESC, sla.uid, objective.uid
WITH service, objective.metric AS metric, collect({objective: objective, sla: sla, best: best}) AS candidates
UNWIND range(0, size(candidates) - 1) AS place
WITH service, metric, candidates[0].sla AS winner, candidates[place] AS candidate, place
RETURN
  service.uid AS service_uid,
  metric,
  candidate.sla.uid AS sla_uid,
  ['product', 'account', 'customer', 'group'][candidate.best.way - 1] AS via,
  candidate.best.path AS path,
  candidate.best.precedence AS precedence,
  candidate.objective.uid AS objective_uid,
  candidate.objective.comparator AS comparator,
  candidate.objective.target AS target,
  candidate.objective.unit AS unit,
  candidate.sla = winner AS wins
ORDER BY service_uid, metric, place
LIMIT $limit
