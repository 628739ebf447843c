/*
title    = "Guests to invite"
question = "Which active guests with good experience and a marketing consent are not customers yet?"
actors   = ["marketing"]
access   = "read"
returns  = "many"
key      = ["user_uid"]
timeout  = 60
scope    = "graph"
notes    = """
Relationships at as_of; status, lastActiveAt and purposes are as of the last load. A row is a User of whom all this holds:
guest      it uses an account as guest (USES_ACCOUNT)
active     status is active, unknown or empty, and lastActiveAt is not before since
consent    a PrivacyProfile with status active or empty (in any case) APPLIES_FOR a Party the user IDENTIFIES, and one of its purposes is purpose (in any case); consent is its uid (the first by uid)
qoe        of its QoEMeasurements (HAS_QOE) of the metric with windowStart in [since, as_of), n above 0 and a mean: the sum of n * mean over the sum of n, rounded to 3 decimals, is at least qoe. sessions, the sum of n, is at least min_sessions.
no customer  no Customer that it was CONVERTED_TO (an at after as_of is not seen, an unknown one is) or that engages (ENGAGED_PARTY) a Party it IDENTIFIES, or a Party SAME_AS that one in either direction, is one at as_of: startDate empty or not after as_of, and status active, suspended or empty, or terminated with a terminationDate after as_of
no child   no Party it IDENTIFIES has a birth date after the day of as_of (UTC), age_limit years earlier; an unknown birth date does not hold it back
account_uid is the account it uses as guest (the first by uid), inviter the User who SENT the Invitation ACCEPTED_AS it (the latest by the at of ACCEPTED_AS, not after as_of, an unknown one last, then the first by uid), else the addedBy of its use of account_uid (of several such uses the one that began first).
Order: qoe descending, sessions descending, user_uid.
Cost: reads the windows of the metric since then by their index.
"""
source   = ["ITU-T P.800: 4 is good", "Mean over windows: sum(n * mean) / sum(n)", "TMF644"]

[params]
min_sessions = { type = "int", default = 5, min = 1, unit = "sessions", help = "At least so many measured sessions" }
qoe          = { type = "float", default = 4.0, unit = "metric", help = "At least this experience on average" }
metric       = { type = "string", default = "mos", help = "Metric of the experience" }
since        = { type = "datetime", default = "as_of-30d", help = "Sessions, and a sign of life, from then on" }
purpose      = { type = "string", default = "marketing", help = "The purpose that the guest must have agreed to" }
age_limit    = { type = "int", default = 18, min = 0, max = 25, unit = "years", help = "Nobody known to be younger is listed" }
as_of        = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit        = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid    = { type = "string", pii = "identifier", help = "The guest" }
nickname    = { type = "string", pii = "name", help = "What the guest is called" }
account_uid = { type = "string", pii = "identifier", help = "Whose guest: the account" }
inviter     = { type = "string", pii = "identifier", help = "The user who invited the guest" }
sessions    = { type = "int", unit = "sessions", help = "Measured sessions" }
qoe         = { type = "float", unit = "metric", pii = "behaviour", help = "Mean experience" }
consent     = { type = "string", help = "The privacy profile with the purpose" }
last_active = { type = "datetime", pii = "behaviour", help = "Last sign of life in the front end" }
*/
// Whoever has an average so good has a window so good; the average is rounded to 3 decimals.
MATCH (q:QoEMeasurement)
WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart < $as_of AND q.n > 0 AND q.mean > $qoe - 0.001
MATCH (u:User)-[:HAS_QOE]->(q)
WITH DISTINCT u
WHERE coalesce(u.status, 'unknown') IN ['active', 'unknown'] AND u.lastActiveAt >= $since
MATCH (u)-[g:USES_ACCOUNT {role: 'guest'}]->(a:Account)
WHERE g.validFrom <= $as_of AND (g.validTo IS NULL OR g.validTo > $as_of)
WITH u, a, g
ORDER BY a.uid, g.validFrom
WITH u, collect({account: a.uid, added_by: g.addedBy})[0] AS host
CALL (u) {
  OPTIONAL MATCH (u)-[i:IDENTIFIES]->(p:Individual|Organization)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN collect(DISTINCT p) AS parties
}
WITH u, host, parties
WHERE none(p IN parties WHERE coalesce(p.birthDate > date($as_of) - duration({years: $age_limit}), false))
CALL (parties) {
  UNWIND parties AS p
  MATCH (p)<-[f:APPLIES_FOR]-(profile:PrivacyProfile)
  WHERE f.validFrom <= $as_of AND (f.validTo IS NULL OR f.validTo > $as_of)
    AND toLower(coalesce(profile.status, 'active')) = 'active'
    AND any(x IN profile.purposes WHERE toLower(x) = toLower($purpose))
  RETURN min(profile.uid) AS consent
}
WITH u, host, parties, consent
WHERE consent IS NOT NULL
CALL (u, parties) {
  CALL (u, parties) {
    MATCH (u)-[v:CONVERTED_TO]->(c:Customer)
    WHERE v.at IS NULL OR v.at <= $as_of
    RETURN c
    UNION
    UNWIND parties AS p
    CALL (p) {
      RETURN p AS same
      UNION
      MATCH (p)-[:SAME_AS]->(same:Individual|Organization)
      RETURN same
      UNION
      MATCH (p)<-[:SAME_AS]-(same:Individual|Organization)
      RETURN same
    }
    MATCH (same)<-[e:ENGAGED_PARTY]-(c:Customer)
    WHERE e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    RETURN c
  }
  WITH c
  WHERE (c.startDate IS NULL OR c.startDate <= $as_of)
    AND (coalesce(c.status, 'active') IN ['active', 'suspended'] OR (c.status = 'terminated' AND c.terminationDate > $as_of))
  RETURN count(c) AS customers
}
WITH u, host, consent
WHERE customers = 0
CALL (u) {
  // The metric comes after the windows of the guest, or the plan would begin at all windows of that metric.
  MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WITH DISTINCT q
  WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart < $as_of AND q.n > 0 AND q.mean IS NOT NULL
  WITH sum(q.n) AS sessions, sum(q.n * q.mean) AS total
  WHERE sessions > 0
  RETURN sessions, round(total / sessions, 3) AS experience
}
WITH u, host, consent, sessions, experience
WHERE sessions >= $min_sessions AND experience >= $qoe
CALL (u) {
  OPTIONAL MATCH (u)<-[x:ACCEPTED_AS]-(:Invitation)<-[:SENT]-(one:User)
  WHERE x.at IS NULL OR x.at <= $as_of
  WITH one, x
  ORDER BY x.at IS NULL, x.at DESC, one.uid
  RETURN collect(one.uid)[0] AS invited_by
}
RETURN
  u.uid AS user_uid,
  u.nickname AS nickname,
  host.account AS account_uid,
  coalesce(invited_by, host.added_by) AS inviter,
  sessions,
  experience AS qoe,
  consent,
  u.lastActiveAt AS last_active
ORDER BY qoe DESC, sessions DESC, user_uid
LIMIT $limit
