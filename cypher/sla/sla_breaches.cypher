/*
title    = "SLA breaches"
question = "Which objectives were violated, for whom, and with what consequence?"
actors   = ["sla-manager", "billing-analyst"]
access   = "read"
returns  = "many"
key      = ["violation_uid"]
timeout  = 60
scope    = "graph"
notes    = """
A row is an SLAViolation dated in [since, until) and not after as_of. Who was hit is asked at the violation's date: every relationship with validity counts as it stood then. as_of only hides what came later: violations dated after it, and a creditPaidAt after it.
customers and users are those behind the SLA that was violated (OF_SLA):
customers behind an SLA  own a covered Product (COVERED_BY, OWNS); hold a covered Account as accountHolder; are covered themselves; or are MEMBER_OF a covered Group or of one nested in it (SUBGROUP_OF, up to depth hops), or engage a Party that is
users behind an SLA      use (USES_SERVICE) a service that realises a covered Product; use (USES_ACCOUNT) a covered Account; use an account held as accountHolder by a customer that is covered or in a covered group (itself or its Party, nested as above), or are MEMBER_OF such a group themselves, or IDENTIFIES a Party that is
Where the violation is OBSERVED_ON services, of these only the users that use (USES_SERVICE) one of the services, and only the customers that own a Product realised by one or hold as accountHolder an Account that such a product is BILLED_TO. Without OBSERVED_ON all of them count. Without OF_SLA, or with an SLA that covered nothing then, both are 0. The state of the SLA does not matter.
With group given, only violations that hit somebody who was, at the date, a member of the group or of one nested in it up to depth: one of the customers or users, or the Party it engages or IDENTIFIES. severity is compared without regard to case.
sla_uid is the SLA (OF_SLA), objective_uid the objective (BREACHES), service_uid the service (OBSERVED_ON), account_uid the Account CREDITED_TO; of several the first by uid, empty where there is none. target is referenceValue, else the objective's target; unit and metric are the objective's. paid is true when creditPaidAt is not after as_of, false when credit_due is above 0 and it is not paid, else empty.
customer_uids and user_uids show the first `show` by uid; customers and users count all.
Order: at, newest first, then violation_uid.
"""
source   = ["TMF623", "TMF657"]

[params]
since    = { type = "datetime", default = "as_of-30d", help = "Violations dated from then on" }
until    = { type = "datetime", default = "as_of", help = "Violations dated before then" }
severity = { type = "string", optional = true, help = "Only this severity" }
group    = { type = "ref[Group]", optional = true, example = "G-HOME", help = "Only violations that hit members of this group, nested groups included" }
show     = { type = "int", default = 10, min = 0, unit = "uids", help = "How many of the customers and users to name" }
depth    = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of    = { type = "datetime", default = "now", help = "Nothing after this instant is seen" }
limit    = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
violation_uid = { type = "string", help = "The violation" }
at            = { type = "datetime", help = "Its date" }
severity      = { type = "string", help = "How bad" }
sla_uid       = { type = "string", help = "The agreement violated" }
objective_uid = { type = "string", help = "The objective not met" }
metric        = { type = "string", help = "What was promised" }
actual        = { type = "float", unit = "in unit", help = "The value measured" }
target        = { type = "float", unit = "in unit", help = "The value promised" }
unit          = { type = "string", help = "Unit of actual and target" }
service_uid   = { type = "string", help = "Where it was observed" }
customers     = { type = "int", unit = "customers", help = "Customers hit" }
users         = { type = "int", unit = "users", help = "Users hit" }
customer_uids = { type = "list[string]", pii = "identifier", help = "The first of the customers" }
user_uids     = { type = "list[string]", pii = "identifier", help = "The first of the users" }
consequence   = { type = "string", help = "What follows" }
account_uid   = { type = "string", pii = "identifier", help = "The account to be credited" }
credit_due    = { type = "float", unit = "in currency", help = "The credit" }
currency      = { type = "string", help = "ISO 4217" }
paid          = { type = "boolean", help = "Whether it was paid by as_of; empty when nothing is due" }
*/
MATCH (v:SLAViolation)
WHERE v.date >= $since AND v.date < $until AND v.date <= $as_of
  AND ($severity IS NULL OR toLower(v.severity) = toLower($severity))
WITH v, v.date AS at
CALL (v) {
  OPTIONAL MATCH (v)-[:OF_SLA]->(s:SLA)
  WITH s
  ORDER BY s.uid
  LIMIT 1
  RETURN s AS sla
}
CALL (v) {
  OPTIONAL MATCH (v)-[:BREACHES]->(o:ServiceLevelObjective)
  WITH o
  ORDER BY o.uid
  LIMIT 1
  RETURN o AS objective
}
CALL (v) {
  OPTIONAL MATCH (v)-[:OBSERVED_ON]->(s:Service)
  WITH s
  ORDER BY s.uid
  RETURN collect(DISTINCT s) AS services
}
CALL (v) {
  OPTIONAL MATCH (v)-[:CREDITED_TO]->(a:Account)
  RETURN min(a.uid) AS account_uid
}
CALL (sla, at) {
  OPTIONAL MATCH (sla)<-[c:COVERED_BY]-(:Group)(()<-[s:SUBGROUP_OF WHERE s.validFrom <= at AND (s.validTo IS NULL OR s.validTo > at)]-()){0,/*=depth*/4}(g:Group)
  WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
  RETURN collect(DISTINCT g) AS groups
}
CALL (sla, groups, at) {
  CALL (sla, groups, at) {
    MATCH (sla)<-[c:COVERED_BY]-(customer:Customer)
    WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
    RETURN customer
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(customer:Customer)
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
    RETURN customer
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(:Individual|Organization)<-[e:ENGAGED_PARTY]-(customer:Customer)
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
      AND e.validFrom <= at AND (e.validTo IS NULL OR e.validTo > at)
    RETURN customer
  }
  RETURN collect(DISTINCT customer) AS whole
}
CALL (sla, whole, services, at) {
  CALL (sla, whole, at) {
    UNWIND whole AS customer
    RETURN customer
    UNION
    MATCH (sla)<-[c:COVERED_BY]-(:Product)<-[o:OWNS]-(customer:Customer)
    WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
      AND o.validFrom <= at AND (o.validTo IS NULL OR o.validTo > at)
    RETURN customer
    UNION
    MATCH (sla)<-[c:COVERED_BY]-(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(customer:Customer)
    WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
      AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
    RETURN customer
  }
  WITH DISTINCT customer, services, at
  WHERE services = []
    OR EXISTS {
      MATCH (customer)-[o:OWNS]->(:Product)-[z:REALIZED_BY]->(s:Service)
      WHERE s IN services
        AND o.validFrom <= at AND (o.validTo IS NULL OR o.validTo > at)
        AND z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
    }
    OR EXISTS {
      MATCH (customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(:Account)<-[b:BILLED_TO]-(:Product)-[z:REALIZED_BY]->(s:Service)
      WHERE s IN services
        AND h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
        AND b.validFrom <= at AND (b.validTo IS NULL OR b.validTo > at)
        AND z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
    }
  WITH customer
  ORDER BY customer.uid
  RETURN collect(customer) AS customers
}
CALL (sla, groups, whole, services, at) {
  CALL (sla, groups, whole, at) {
    MATCH (sla)<-[c:COVERED_BY]-(:Product)-[z:REALIZED_BY]->(:Service)<-[u:USES_SERVICE]-(user:User)
    WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
      AND z.validFrom <= at AND (z.validTo IS NULL OR z.validTo > at)
      AND u.validFrom <= at AND (u.validTo IS NULL OR u.validTo > at)
    RETURN user
    UNION
    MATCH (sla)<-[c:COVERED_BY]-(:Account)<-[u:USES_ACCOUNT]-(user:User)
    WHERE c.validFrom <= at AND (c.validTo IS NULL OR c.validTo > at)
      AND u.validFrom <= at AND (u.validTo IS NULL OR u.validTo > at)
    RETURN user
    UNION
    UNWIND whole AS customer
    MATCH (customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(:Account)<-[u:USES_ACCOUNT]-(user:User)
    WHERE h.validFrom <= at AND (h.validTo IS NULL OR h.validTo > at)
      AND u.validFrom <= at AND (u.validTo IS NULL OR u.validTo > at)
    RETURN user
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(user:User)
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
    RETURN user
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(:Individual|Organization)<-[i:IDENTIFIES]-(user:User)
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
      AND i.validFrom <= at AND (i.validTo IS NULL OR i.validTo > at)
    RETURN user
  }
  WITH DISTINCT user, services, at
  WHERE services = []
    OR EXISTS {
      MATCH (user)-[u:USES_SERVICE]->(s:Service)
      WHERE s IN services
        AND u.validFrom <= at AND (u.validTo IS NULL OR u.validTo > at)
    }
  WITH user
  ORDER BY user.uid
  RETURN collect(user) AS users
}
WITH *
WHERE $group IS NULL
  OR EXISTS {
    UNWIND customers + users AS one
    MATCH (one)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= at AND (s.validTo IS NULL OR s.validTo > at)]->()){0,/*=depth*/4}(:Group {uid: $group})
    WHERE m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
    RETURN one
  }
  OR EXISTS {
    UNWIND customers + users AS one
    MATCH (one)-[i:IDENTIFIES|ENGAGED_PARTY]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= at AND (s.validTo IS NULL OR s.validTo > at)]->()){0,/*=depth*/4}(:Group {uid: $group})
    WHERE i.validFrom <= at AND (i.validTo IS NULL OR i.validTo > at)
      AND m.validFrom <= at AND (m.validTo IS NULL OR m.validTo > at)
    RETURN one
  }
RETURN
  v.uid AS violation_uid,
  at,
  v.severity AS severity,
  sla.uid AS sla_uid,
  objective.uid AS objective_uid,
  objective.metric AS metric,
  v.actualValue AS actual,
  coalesce(v.referenceValue, objective.target) AS target,
  objective.unit AS unit,
  services[0].uid AS service_uid,
  size(customers) AS customers,
  size(users) AS users,
  [x IN customers[0..$show] | x.uid] AS customer_uids,
  [x IN users[0..$show] | x.uid] AS user_uids,
  v.consequence AS consequence,
  account_uid,
  v.creditDue AS credit_due,
  v.currency AS currency,
  CASE
    WHEN v.creditPaidAt <= $as_of THEN true
    WHEN v.creditDue > 0 THEN false
  END AS paid
ORDER BY at DESC, violation_uid
LIMIT $limit
