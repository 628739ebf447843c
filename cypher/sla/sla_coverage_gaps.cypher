/*
title    = "Gaps in SLA coverage"
question = "Which users of a covered account use a service that no SLA covers?"
actors   = ["sla-manager"]
access   = "read"
returns  = "many"
key      = ["user_uid", "service_uid", "account_uid"]
timeout  = 120
scope    = "graph"
notes    = """
All at as_of. An SLA is active when its state is empty or active (any case), and counts only with at least one objective (HAS_OBJECTIVE).
covered account  at least one Product BILLED_TO the account is REALIZED_BY a service and has an effective SLA as sla.effective_sla has it for that product: an active SLA covers (COVERED_BY) the product, the account, a Customer holding the account as accountHolder, or a Group, nested (SUBGROUP_OF) up to depth, of that customer or of its Party
gap              a User of the covered account (USES_ACCOUNT) uses (USES_SERVICE) a service without a winner, that is without any candidate of sla.effective_sla for this user and service: no active SLA covers a Product REALIZED_BY the service (of whichever account), nor any account the user uses, nor a customer holding such an account as accountHolder, nor a group, nested up to depth, of the user, of the Party it IDENTIFIES, of such a customer or of the Party it engages
An SLA on the account, its holder or the holder's groups leaves no gap for any of its users, so rows come only from accounts of which some products are covered by themselves.
A row is a user, a service and a covered account the user uses. kind is the user's role on that account (of several the first of primary, delegate, secondary, guest, others; with kind given, that kind). account_holder is the Customer that holds the account as accountHolder (the first by uid; with segment given, of that segment, and accounts without such a holder are left out). holder_sla is, of the active SLAs that cover a product of the account (BILLED_TO, REALIZED_BY a service), the first by precedence (absent last), then later validFrom of COVERED_BY, then SLA uid, then product uid; covered_product is its product.
Order: account_uid, user_uid, service_uid.
Cost: reads every SLA (with spec: those of one specification) and the users of the accounts behind.
"""
source   = ["TMF623", "eTOM 1.3.8"]

[params]
segment = { type = "string", optional = true, help = "Only accounts held by customers of this segment" }
kind    = { type = "string", optional = true, choices = ["primary", "secondary", "guest", "delegate"], help = "Only users of this kind on the account" }
spec    = { type = "string", optional = true, example = "SPEC-FIBRE-GOLD", help = "Only accounts with a product covered by an SLA of this specification (specificationId)" }
depth   = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of   = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit   = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
account_uid     = { type = "string", pii = "identifier", help = "The covered account" }
user_uid        = { type = "string", pii = "identifier", help = "Who uses the account and the service" }
kind            = { type = "string", help = "The user's role on the account" }
service_uid     = { type = "string", help = "The service that no SLA covers for this user" }
service_type    = { type = "string", help = "Its type" }
account_holder  = { type = "string", pii = "identifier", help = "uid of the Customer who holds the account as accountHolder" }
holder_sla      = { type = "string", help = "The SLA that covers a product of the account" }
covered_product = { type = "string", help = "That product" }
*/
CALL () {
  WITH $spec AS spec
  WHERE spec IS NOT NULL
  MATCH (sla:SLA {specificationId: spec})
  RETURN sla
  UNION
  WITH $spec AS spec
  WHERE spec IS NULL
  MATCH (sla:SLA)
  RETURN sla
}
// Only an SLA on a product can leave a gap beside it: one on the account or above reaches every user and service.
MATCH (sla)<-[cover:COVERED_BY]-(product:Product)-[b:BILLED_TO]->(account:Account)
WHERE cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
  AND b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  AND toLower(coalesce(sla.state, 'active')) = 'active'
  AND EXISTS { (sla)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective) }
  AND EXISTS { (product)-[z:REALIZED_BY]->(:Service) WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of) }
WITH account, sla, product, cover
ORDER BY coalesce(cover.precedence, 9223372036854775807), cover.validFrom DESC, sla.uid, product.uid
WITH account, collect(sla.uid)[0] AS holder_sla, collect(product.uid)[0] AS covered_product
CALL (account) {
  OPTIONAL MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND ($segment IS NULL OR c.segment = $segment)
  RETURN min(c.uid) AS account_holder
}
WITH account, holder_sla, covered_product, account_holder
WHERE $segment IS NULL OR account_holder IS NOT NULL
MATCH (account)<-[r:USES_ACCOUNT]-(user:User)
WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  AND ($kind IS NULL OR r.role = $kind)
WITH account, holder_sla, covered_product, account_holder, user, r.role AS role
ORDER BY CASE role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END, role
WITH account, holder_sla, covered_product, account_holder, user, collect(role)[0] AS kind
WHERE NOT EXISTS {
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
  AND NOT EXISTS {
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
  AND NOT EXISTS {
    MATCH (user)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
  AND NOT EXISTS {
    MATCH (user)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
  AND NOT EXISTS {
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
      AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
  AND NOT EXISTS {
    MATCH (user)-[a:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->()){0,/*=depth*/4}(:Group)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE a.validFrom <= $as_of AND (a.validTo IS NULL OR a.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
      AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
MATCH (user)-[us:USES_SERVICE]->(service:Service)
WHERE us.validFrom <= $as_of AND (us.validTo IS NULL OR us.validTo > $as_of)
  AND NOT EXISTS {
    MATCH (service)<-[z:REALIZED_BY]-(:Product)-[cover:COVERED_BY]->(sla:SLA)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective)
    WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
      AND cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
      AND toLower(coalesce(sla.state, 'active')) = 'active'
  }
RETURN DISTINCT
  account.uid AS account_uid,
  user.uid AS user_uid,
  kind,
  service.uid AS service_uid,
  service.serviceType AS service_type,
  account_holder,
  holder_sla,
  covered_product
ORDER BY account_uid, user_uid, service_uid
LIMIT $limit
