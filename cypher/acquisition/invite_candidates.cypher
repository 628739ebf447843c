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
As of the last load: the loader marks a User GuestUser while it uses an account as guest. All relationships are valid now. A row is such a user of whom all this holds:
active     status is active, unknown or empty, and lastActiveAt is not before since
consent    a PrivacyProfile with status active or empty (in any case) APPLIES_FOR a Party the user IDENTIFIES, and one of its purposes is purpose (in any case); consent is its uid (the first by uid)
qoe        of its QoEMeasurements (HAS_QOE) of the metric with windowStart not before since, n above 0 and a mean: the sum of n * mean over the sum of n, rounded to 3 decimals, is at least qoe. sessions, the sum of n, is at least min_sessions.
no customer  neither a Customer it was CONVERTED_TO nor one that engages (ENGAGED_PARTY) a Party it IDENTIFIES, or a Party SAME_AS that one in either direction, has status active, suspended or empty
no child   no Party it IDENTIFIES has a birth date after today (UTC), age_limit years earlier; an unknown birth date does not hold it back
account_uid is the account it uses as guest (the first by uid), inviter the User who SENT the Invitation ACCEPTED_AS it (the latest by its at, unknown last, then the first by uid), else the addedBy of its use of account_uid.
Order: qoe descending, sessions descending, user_uid.
"""
source   = ["ITU-T P.800: 4 is good", "Mean over windows: sum(n * mean) / sum(n)", "TMF644"]

[params]
min_sessions = { type = "int", default = 5, min = 1, unit = "sessions", help = "At least so many measured sessions" }
qoe          = { type = "float", default = 4.0, unit = "metric", help = "At least this experience on average" }
metric       = { type = "string", default = "mos", help = "Metric of the experience" }
since        = { type = "datetime", default = "as_of-30d", help = "Sessions, and a sign of life, from then on" }
purpose      = { type = "string", default = "marketing", help = "The purpose that the guest must have agreed to" }
age_limit    = { type = "int", default = 18, min = 0, max = 25, unit = "years", help = "Nobody known to be younger is listed" }
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
MATCH (u:GuestUser)
WHERE coalesce(u.status, 'unknown') IN ['active', 'unknown'] AND u.lastActiveAt >= $since
MATCH (u)-[g:USES_ACCOUNT {role: 'guest'}]->(a:Account)
WHERE g.validFrom <= datetime() AND (g.validTo IS NULL OR g.validTo > datetime())
WITH u, a, g
ORDER BY a.uid, g.validFrom
WITH u, collect({account: a.uid, added_by: g.addedBy})[0] AS host
CALL (u) {
  OPTIONAL MATCH (u)-[i:IDENTIFIES]->(p:Individual|Organization)
  WHERE i.validFrom <= datetime() AND (i.validTo IS NULL OR i.validTo > datetime())
  RETURN collect(DISTINCT p) AS parties
}
WITH u, host, parties
WHERE none(p IN parties WHERE coalesce(p.birthDate > date() - duration({years: $age_limit}), false))
CALL (parties) {
  UNWIND parties AS p
  MATCH (p)<-[f:APPLIES_FOR]-(profile:PrivacyProfile)
  WHERE f.validFrom <= datetime() AND (f.validTo IS NULL OR f.validTo > datetime())
    AND toLower(coalesce(profile.status, 'active')) = 'active'
    AND any(x IN profile.purposes WHERE toLower(x) = toLower($purpose))
  RETURN min(profile.uid) AS consent
}
WITH u, host, parties, consent
WHERE consent IS NOT NULL
CALL (u, parties) {
  CALL (u, parties) {
    MATCH (u)-[:CONVERTED_TO]->(c:Customer)
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
    WHERE e.validFrom <= datetime() AND (e.validTo IS NULL OR e.validTo > datetime())
    RETURN c
  }
  WITH c
  WHERE coalesce(c.status, 'active') IN ['active', 'suspended']
  RETURN count(c) AS customers
}
WITH u, host, consent
WHERE customers = 0
CALL (u) {
  // The metric comes after the windows of the guest, or the plan would begin at all windows of that metric.
  MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WITH DISTINCT q
  WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart <= datetime() AND q.n > 0 AND q.mean IS NOT NULL
  WITH sum(q.n) AS sessions, sum(q.n * q.mean) AS total
  WHERE sessions > 0
  RETURN sessions, round(total / sessions, 3) AS experience
}
WITH u, host, consent, sessions, experience
WHERE sessions >= $min_sessions AND experience >= $qoe
CALL (u) {
  OPTIONAL MATCH (u)<-[x:ACCEPTED_AS]-(:Invitation)<-[:SENT]-(one:User)
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
