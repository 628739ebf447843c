/*
title    = "Enjoyment index"
question = "What share of the front-end users had a good experience, and what share is not measured at all?"
actors   = ["product-owner", "sla-manager"]
access   = "read"
returns  = "many"
key      = ["bucket"]
timeout  = 300
scope    = "graph"
chart    = { bars = ["good_share", "poor_share", "unmeasured_share"], of = ["bucket"], stacked = true }
notes    = """
users are the Users that exist at as_of (createdAt empty or not after as_of) and are not suspended or archived now (status empty, active or unknown). Buckets, at as_of, by group_by: kind = the user's roles on the accounts it uses (USES_ACCOUNT), unknown without one; group = uid of each Group of which the user, or the Party it IDENTIFIES, is a direct member (MEMBER_OF), none without one; offering = offeringId of each Product REALIZED_BY a service the user uses (USES_SERVICE), none without one (a product without offeringId does not count); all = one bucket. A user in several buckets is counted once in each, so their sum may exceed all.
A user is measured when at least one QoEMeasurement counts (HAS_QOE): of this metric and granularity, windowStart in [since, until) and before as_of, n above 0, mean not empty. The user's experience is Σ(n·mean)/Σn over these windows, all services together, rounded to 3 decimals; p10 is never combined.
good  experience >= threshold (with better = lower: <= threshold); poor: measured and not good
good_share, poor_share and unmeasured_share are of all users of the bucket, rounded to 4 decimals, and add up to 1: whoever is not measured is neither well nor badly off. The default threshold 3.60 is the MOS of R = 70, below which ITU-T G.107 expects many users to be dissatisfied.
Small groups: where users is below min_n, all numbers are empty; where measured is above 0 and below min_n, measured and the three shares are empty. suppressed says so; the row stays.
Order: users from the greatest (empty last), then bucket.
Cost: reads every User and its windows: minutes for millions. group limits it to the members of one group, nested ones included up to depth.
"""
source   = ["ITU-T G.107", "ITU-T P.800"]

[params]
group_by    = { type = "string", default = "kind", choices = ["kind", "group", "offering", "all"], help = "What makes a bucket" }
group       = { type = "ref[Group]", optional = true, example = "G-FIRM", help = "Only users who are members of this group, themselves or the Party they identify" }
metric      = { type = "string", default = "mos", help = "Metric of the windows" }
granularity = { type = "string", default = "day", help = "Length of the windows; windows of different lengths overlap" }
threshold   = { type = "float", default = 3.6, unit = "in the metric's unit", help = "A good experience is at least this" }
better      = { type = "string", default = "higher", choices = ["higher", "lower"], help = "Whether a higher or a lower value is better" }
since       = { type = "datetime", default = "as_of-30d", help = "Windows begun from then on" }
until       = { type = "datetime", default = "as_of", help = "Windows begun before then" }
min_n       = { type = "int", default = 5, min = 1, help = "Groups of fewer users are suppressed" }
depth       = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops through nested groups, for group" }
as_of       = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit       = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
bucket           = { type = "string", nullable = true, help = "Kind, group uid, offeringId, or all" }
users            = { type = "int", unit = "users", help = "Front-end users in it" }
measured         = { type = "int", unit = "users", help = "Those with a window that counts" }
good_share       = { type = "float", unit = "share", help = "Share of the users with a good experience" }
poor_share       = { type = "float", unit = "share", help = "Share of the users with a poor one" }
unmeasured_share = { type = "float", unit = "share", help = "Share of the users nobody knows about" }
suppressed       = { type = "boolean", help = "Whether numbers are left out because too few stand behind" }
*/
CALL () {
  WITH $group AS group
  WHERE group IS NULL
  MATCH (u:User)
  RETURN u
  UNION
  MATCH (:Group {uid: $group})(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-()){0,/*=depth*/4}(:Group)<-[m:MEMBER_OF]-(u:User)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN u
  UNION
  MATCH (:Group {uid: $group})(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-()){0,/*=depth*/4}(:Group)<-[m:MEMBER_OF]-(:Individual|Organization)<-[i:IDENTIFIES]-(u:User)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN u
}
WITH u
WHERE (u.createdAt IS NULL OR u.createdAt <= $as_of)
  AND coalesce(u.status, 'unknown') IN ['active', 'unknown']
CALL (u) {
  OPTIONAL MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WHERE q.metric = $metric AND q.granularity = $granularity
    AND q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
    AND q.n > 0 AND q.mean IS NOT NULL
  WITH DISTINCT q
  WITH sum(q.n * q.mean) AS total, sum(q.n) AS n
  RETURN CASE WHEN n > 0 THEN round(total / n, 3) END AS experience
}
CALL (u) {
  CALL (u) {
    WITH u
    WHERE $group_by = 'all'
    RETURN 'all' AS bucket
    UNION
    WITH u
    WHERE $group_by = 'kind'
    MATCH (u)-[r:USES_ACCOUNT]->(:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN r.role AS bucket
    UNION
    WITH u
    WHERE $group_by = 'group'
    MATCH (u)-[m:MEMBER_OF]->(g:Group)
    WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    RETURN g.uid AS bucket
    UNION
    WITH u
    WHERE $group_by = 'group'
    MATCH (u)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(g:Group)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    RETURN g.uid AS bucket
    UNION
    WITH u
    WHERE $group_by = 'offering'
    MATCH (u)-[s:USES_SERVICE]->(:Service)<-[z:REALIZED_BY]-(p:Product)
    WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
      AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    RETURN p.offeringId AS bucket
  }
  RETURN collect(DISTINCT bucket) AS found
}
UNWIND CASE WHEN found <> [] THEN found WHEN $group_by = 'kind' THEN ['unknown'] ELSE ['none'] END AS bucket
WITH bucket,
  count(u) AS users,
  count(experience) AS measured,
  count(CASE WHEN ($better = 'higher' AND experience >= $threshold) OR ($better = 'lower' AND experience <= $threshold) THEN 1 END) AS good
WITH *, users < $min_n AS few, users < $min_n OR (measured > 0 AND measured < $min_n) AS suppressed
RETURN
  bucket,
  CASE WHEN NOT few THEN users END AS users,
  CASE WHEN NOT suppressed THEN measured END AS measured,
  CASE WHEN NOT suppressed THEN round(1.0 * good / users, 4) END AS good_share,
  CASE WHEN NOT suppressed THEN round(1.0 * (measured - good) / users, 4) END AS poor_share,
  CASE WHEN NOT suppressed THEN round(1.0 * (users - measured) / users, 4) END AS unmeasured_share,
  suppressed
ORDER BY coalesce(users, -1) DESC, bucket
LIMIT $limit
