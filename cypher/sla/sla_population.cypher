/*
title    = "People behind an SLA specification"
question = "How many customers and users stand behind this SLA specification, by cohort?"
actors   = ["sla-manager"]
access   = "read"
returns  = "many"
key      = ["cohort"]
timeout  = 120
scope    = "graph"
notes    = """
The SLAs are those with specificationId = spec, found by its index, that are active: state empty or active (any case). All relationships at as_of.
customers behind an SLA  own a covered Product (COVERED_BY, OWNS); hold a covered Account as accountHolder; are covered themselves; or are MEMBER_OF a covered Group or of one nested in it (SUBGROUP_OF, up to depth hops), or engage a Party that is
users behind an SLA      use (USES_SERVICE) a service that realises a covered Product; use (USES_ACCOUNT) a covered Account; use an account held as accountHolder by a customer that is covered or in a covered group (itself or its Party, nested as above), or are MEMBER_OF such a group themselves, or IDENTIFIES a Party that is
They are promised something, whether this SLA wins over another or not; an SLA needs no objective here, a user of an account no service.
cohort, by group_by: segment = the customer's segment; start_year = the year (UTC) of the customer's startDate; region = the region of the accounts; kind = the user's roles on the accounts it uses, and customers are in the cohort accountHolder. The customers of a user are those that hold, as accountHolder, an account it uses; the accounts of a customer are those it holds as accountHolder, those of a user the ones it uses. An empty value, or none, is the cohort unknown. Who falls into several cohorts is counted once in each.
breaches counts the violations OF_SLA, dated in [since, until) and not after as_of, of the SLAs behind which somebody of the cohort stands; slas counts these SLAs.
A cohort is suppressed when both its customers and its users are fewer than min_n: the row stays, with customers, users, slas and breaches empty and suppressed true. A cohort of nobody has no row.
Order: cohort.
"""
source   = ["TMF623"]

[params]
spec     = { type = "string", example = "SPEC-FAMILY-CARE", help = "SLA specification: specificationId of the SLAs" }
group_by = { type = "string", default = "segment", choices = ["segment", "region", "start_year", "kind"], help = "What makes a cohort" }
since    = { type = "datetime", default = "as_of-30d", help = "Breaches dated from then on" }
until    = { type = "datetime", default = "as_of", help = "Breaches dated before then" }
min_n    = { type = "int", default = 5, min = 1, help = "Cohorts of fewer people are suppressed" }
depth    = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups" }
as_of    = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit    = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
cohort     = { type = "string", nullable = true, help = "The cohort, or unknown" }
customers  = { type = "int", unit = "customers", help = "Customers behind these SLAs" }
users      = { type = "int", unit = "users", help = "Users behind these SLAs" }
slas       = { type = "int", unit = "SLAs", help = "SLAs behind which somebody of the cohort stands" }
breaches   = { type = "int", unit = "violations", help = "Violations of these SLAs in the window" }
suppressed = { type = "boolean", help = "Whether the cohort is too small to be counted" }
*/
// The specification is an indexed property: millions of SLAs share it, and no node stands between them.
MATCH (sla:SLA {specificationId: $spec})
WHERE toLower(coalesce(sla.state, 'active')) = 'active'
CALL (sla) {
  OPTIONAL MATCH (sla)<-[c:COVERED_BY]-(:Group)(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-()){0,/*=depth*/4}(g:Group)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
  RETURN collect(DISTINCT g) AS groups
}
CALL (sla, groups) {
  CALL (sla, groups) {
    MATCH (sla)<-[c:COVERED_BY]-(customer:Customer)
    WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    RETURN customer
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(customer:Customer)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    RETURN customer
    UNION
    UNWIND groups AS g
    MATCH (g)<-[m:MEMBER_OF]-(:Individual|Organization)<-[e:ENGAGED_PARTY]-(customer:Customer)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    RETURN customer
  }
  RETURN collect(DISTINCT customer) AS whole
}
CALL (sla, groups, whole) {
  UNWIND whole AS person
  RETURN person
  UNION
  MATCH (sla)<-[c:COVERED_BY]-(:Product)<-[o:OWNS]-(person:Customer)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    AND o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  RETURN person
  UNION
  MATCH (sla)<-[c:COVERED_BY]-(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(person:Customer)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN person
  UNION
  MATCH (sla)<-[c:COVERED_BY]-(:Product)-[z:REALIZED_BY]->(:Service)<-[u:USES_SERVICE]-(person:User)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN person
  UNION
  MATCH (sla)<-[c:COVERED_BY]-(:Account)<-[u:USES_ACCOUNT]-(person:User)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN person
  UNION
  UNWIND whole AS customer
  MATCH (customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(:Account)<-[u:USES_ACCOUNT]-(person:User)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN person
  UNION
  UNWIND groups AS g
  MATCH (g)<-[m:MEMBER_OF]-(person:User)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN person
  UNION
  UNWIND groups AS g
  MATCH (g)<-[m:MEMBER_OF]-(:Individual|Organization)<-[i:IDENTIFIES]-(person:User)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN person
}
CALL (person) {
  CALL (person) {
    WITH person
    WHERE $group_by = 'kind' AND person:Customer
    RETURN 'accountHolder' AS cohort
    UNION
    WITH person
    WHERE $group_by = 'kind'
    MATCH (person:User)-[u:USES_ACCOUNT]->(:Account)
    WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    RETURN u.role AS cohort
    UNION
    WITH person
    WHERE $group_by = 'region'
    MATCH (person)-[r:USES_ACCOUNT|HOLDS_ACCOUNT]->(a:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND (person:User OR r.role = 'accountHolder')
    RETURN coalesce(a.region, 'unknown') AS cohort
    UNION
    WITH person
    WHERE $group_by IN ['segment', 'start_year'] AND person:Customer
    RETURN coalesce(CASE $group_by WHEN 'segment' THEN person.segment ELSE toString(person.startDate.year) END, 'unknown') AS cohort
    UNION
    WITH person
    WHERE $group_by IN ['segment', 'start_year']
    MATCH (person:User)-[u:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
    WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN coalesce(CASE $group_by WHEN 'segment' THEN c.segment ELSE toString(c.startDate.year) END, 'unknown') AS cohort
  }
  RETURN collect(cohort) AS cohorts
}
UNWIND CASE WHEN cohorts = [] THEN ['unknown'] ELSE cohorts END AS cohort
WITH cohort, sla, collect(DISTINCT person) AS people
CALL (sla) {
  OPTIONAL MATCH (sla)<-[:OF_SLA]-(v:SLAViolation)
  WHERE v.date >= $since AND v.date < $until AND v.date <= $as_of
  RETURN count(DISTINCT v) AS violations
}
WITH cohort, count(sla) AS slas, sum(violations) AS breaches, collect(people) AS everybody
UNWIND everybody AS people
UNWIND people AS person
WITH cohort, slas, breaches,
  count(DISTINCT CASE WHEN person:Customer THEN person END) AS customers,
  count(DISTINCT CASE WHEN person:User THEN person END) AS users
WITH *, customers < $min_n AND users < $min_n AS suppressed
RETURN
  cohort,
  CASE WHEN NOT suppressed THEN customers END AS customers,
  CASE WHEN NOT suppressed THEN users END AS users,
  CASE WHEN NOT suppressed THEN slas END AS slas,
  CASE WHEN NOT suppressed THEN breaches END AS breaches,
  suppressed
ORDER BY cohort
LIMIT $limit
