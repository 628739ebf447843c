/*
title    = "Unprotected minors"
question = "Which minors use a service with no active parental-control policy, or without a living guardian?"
actors   = ["privacy-officer", "account-holder"]
access   = "read"
returns  = "many"
key      = ["individual_uid", "user_uid", "missing"]
timeout  = 60
scope    = "graph"
notes    = """
Every hop is valid at as_of. An Individual is looked at with each User that IDENTIFIES it and uses at least one Service (USES_SERVICE), of service_type and the service itself where those are given. Rows by what is missing:
policy    the Individual is a minor, and at least one of these services is bound by no policy in force: none that APPLIES_TO the user, to that service, or to a Group of which the user or the Individual is a member or which is up to depth hops (SUBGROUP_OF) around such a group. services are those bound by none.
guardian  the Individual is a minor, and no Individual whose status is other than deceased is GUARDIAN_OF it. services are all of them.
age       the birth date is unknown, so that nobody can say: one row instead of the two above, left out where unknown_age is false. services are all of them.
A minor is younger than age_limit years on the day of as_of (UTC): the birth date is after that day, age_limit years earlier. Somebody born on 29 February comes of age on 1 March where the year has no such day. A policy is in force when its validFrom is empty or not after as_of, its validTo empty or after as_of, and its status empty or active (in any case).
age_band is 0-6, 7-12, 13-15, 16-17 or 18+ by completed years; empty without a birth date. household is the Household of which the user or the Individual is a member (the first by uid), guardian the one found (the first by uid).
Order: missing (guardian, policy, age), individual_uid, user_uid.
"""
source   = ["GDPR Art. 8 (16 years unless the state sets less: Spain 14, United Kingdom 13)", "COPPA (United States, 13)"]

[params]
age_limit    = { type = "int", default = 16, min = 1, max = 25, unit = "years", help = "Younger is a minor" }
service      = { type = "ref[Service]", optional = true, help = "Only users of this service", example = "S-1003" }
service_type = { type = "string", optional = true, help = "Only users of services of this type" }
unknown_age  = { type = "boolean", default = true, help = "Also those whose birth date is unknown" }
depth        = { type = "int", literal = true, default = 3, min = 1, max = 6, unit = "hops", help = "Hops through nested groups" }
as_of        = { type = "datetime", default = "now", help = "Relationships and policies valid at this instant" }
limit        = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
individual_uid = { type = "string", pii = "identifier", help = "The minor" }
age_band       = { type = "string", pii = "birth", help = "Completed years, in bands" }
user_uid       = { type = "string", nullable = true, pii = "identifier", help = "The user who signs in" }
services       = { type = "list[string]", help = "Services used without protection" }
household      = { type = "string", pii = "identifier", help = "The household, if any" }
guardian       = { type = "string", pii = "identifier", help = "A living guardian, if any" }
missing        = { type = "string", help = "guardian, policy or age" }
*/
CALL () {
  MATCH (i:Individual)
  WHERE i.birthDate > date($as_of) - duration({years: $age_limit})
  RETURN i
  UNION
  WITH 1 AS once
  WHERE $unknown_age
  MATCH (i:Individual)
  WHERE i.birthDate IS NULL
  RETURN i
}
MATCH (i)<-[d:IDENTIFIES]-(u:User)-[r:USES_SERVICE]->(s:Service)
WHERE d.validFrom <= $as_of AND (d.validTo IS NULL OR d.validTo > $as_of)
  AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  AND ($service IS NULL OR s.uid = $service)
  AND ($service_type IS NULL OR s.serviceType = $service_type)
WITH DISTINCT i, u, s
ORDER BY s.uid
WITH i, u, collect(s) AS services
CALL (i, u) {
  // Policies on the user and on its groups bind every service.
  CALL (i, u) {
    RETURN u AS target
    UNION
    UNWIND [i, u] AS member
    MATCH (member)-[m:MEMBER_OF]->(:Group)(()-[n:SUBGROUP_OF WHERE n.validFrom <= $as_of AND (n.validTo IS NULL OR n.validTo > $as_of)]->(:Group)){0,/*=depth*/3}(target:Group)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    RETURN target
  }
  MATCH (target)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  WHERE (policy.validFrom IS NULL OR policy.validFrom <= $as_of) AND (policy.validTo IS NULL OR policy.validTo > $as_of)
    AND toLower(coalesce(policy.status, 'active')) = 'active'
  RETURN count(policy) > 0 AS bound
}
CALL (services, bound) {
  UNWIND services AS s
  OPTIONAL MATCH (s)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  WHERE (policy.validFrom IS NULL OR policy.validFrom <= $as_of) AND (policy.validTo IS NULL OR policy.validTo > $as_of)
    AND toLower(coalesce(policy.status, 'active')) = 'active'
  WITH s, bound, count(policy) AS policies
  ORDER BY s.uid
  RETURN collect(CASE WHEN NOT bound AND policies = 0 THEN s.uid END) AS unbound
}
CALL (i) {
  OPTIONAL MATCH (i)<-[w:GUARDIAN_OF]-(g:Individual)
  WHERE w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of) AND coalesce(g.status, '') <> 'deceased'
  RETURN min(g.uid) AS guardian
}
CALL (i, u) {
  UNWIND [i, u] AS member
  OPTIONAL MATCH (member)-[m:MEMBER_OF]->(h:Household)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN min(h.uid) AS household
}
WITH i, u, [s IN services | s.uid] AS used, unbound, guardian, household,
  duration.between(i.birthDate, date($as_of)).years AS age
UNWIND CASE
    WHEN i.birthDate IS NULL THEN ['age']
    ELSE CASE WHEN guardian IS NULL THEN ['guardian'] ELSE [] END + CASE WHEN size(unbound) > 0 THEN ['policy'] ELSE [] END
  END AS missing
RETURN
  i.uid AS individual_uid,
  CASE WHEN age < 7 THEN '0-6' WHEN age < 13 THEN '7-12' WHEN age < 16 THEN '13-15' WHEN age < 18 THEN '16-17' WHEN age >= 18 THEN '18+' END AS age_band,
  u.uid AS user_uid,
  CASE missing WHEN 'policy' THEN unbound ELSE used END AS services,
  household,
  guardian,
  missing
ORDER BY CASE missing WHEN 'guardian' THEN 1 WHEN 'policy' THEN 2 ELSE 3 END, individual_uid, user_uid
LIMIT $limit
