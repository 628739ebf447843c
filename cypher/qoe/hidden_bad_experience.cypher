/*
title    = "Hidden bad experience"
question = "On which accounts does a secondary user or a guest suffer while the holder is fine?"
actors   = ["care-agent", "retention-analyst"]
access   = "read"
returns  = "many"
key      = ["account_uid", "user_uid", "service_uid"]
timeout  = 120
scope    = "graph"
chart    = { bars = ["holder_qoe", "user_qoe"], of = ["user_uid", "service_uid"] }
notes    = """
Relationships at as_of. Windows that count are the QoEMeasurements (HAS_QOE) of this metric and granularity with windowStart in [since, until) and before as_of, n above 0, mean not empty, on a service of the account: one that realises (REALIZED_BY) a Product BILLED_TO it. An experience is Σ(n·mean)/Σn over such windows, rounded to 3 decimals; p10 is never combined.
holder_qoe  the experience of one user on all services of the account: of the users with role primary on it the first by uid who has a window that counts; when none has, of the users that IDENTIFIES the Party of a Customer holding the account as accountHolder the first by uid who has one; when none has, the account has no row
user_qoe    the experience of a user whose role on the account is one of kinds, on one service of the account; each service is a row. The user whose experience is the holder's is left out. kind is the role (of several of kinds the first of secondary, guest, delegate, primary)
A row when holder_qoe >= threshold (the holder is fine), user_qoe < threshold (the user suffers), and gap = holder_qoe - user_qoe, rounded to 3 decimals, is at least `gap`. With better = lower: holder_qoe <= threshold, user_qoe > threshold and gap = user_qoe - holder_qoe. The default threshold 3.60 is the MOS of R = 70, below which ITU-T G.107 expects many users to be dissatisfied.
Order: gap from the greatest, then account_uid, user_uid, service_uid.
Cost: reads the windows of the metric since then by their index; with account given, only its users.
"""
source   = ["ITU-T G.107", "ITU-T P.800"]

[params]
gap         = { type = "float", default = 1.0, min = 0, unit = "in the metric's unit", help = "The holder is better off by at least this" }
threshold   = { type = "float", default = 3.6, unit = "in the metric's unit", help = "Fine is at least this, suffering below" }
metric      = { type = "string", default = "mos", help = "Metric of the windows" }
granularity = { type = "string", default = "day", help = "Length of the windows; windows of different lengths overlap" }
better      = { type = "string", default = "higher", choices = ["higher", "lower"], help = "Whether a higher or a lower value is better" }
kinds       = { type = "list[string]", default = ["secondary", "guest"], choices = ["primary", "secondary", "guest", "delegate"], help = "Kinds of user that may suffer unseen" }
account     = { type = "ref[Account]", optional = true, example = "A-1001", help = "Only this account" }
since       = { type = "datetime", default = "as_of-30d", help = "Windows begun from then on" }
until       = { type = "datetime", default = "as_of", help = "Windows begun before then" }
as_of       = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit       = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
account_uid = { type = "string", pii = "identifier", help = "The account" }
holder_user = { type = "string", pii = "identifier", help = "uid of the User whose experience is the holder's" }
holder_qoe  = { type = "float", unit = "in the metric's unit", pii = "behaviour", help = "The holder's experience" }
user_uid    = { type = "string", pii = "identifier", help = "Who suffers" }
kind        = { type = "string", help = "Role on the account" }
user_qoe    = { type = "float", unit = "in the metric's unit", pii = "behaviour", help = "The user's experience" }
service_uid = { type = "string", help = "Of which service" }
n           = { type = "int", unit = "samples", help = "Measurements behind user_qoe" }
gap         = { type = "float", unit = "in the metric's unit", pii = "behaviour", help = "How much better off the holder is" }
*/
CALL () {
  // A mean on the wrong side of the threshold needs a window there: the index on (metric, windowStart) finds them.
  WITH $account AS account
  WHERE account IS NULL
  MATCH (q:QoEMeasurement)
  WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
    AND q.granularity = $granularity AND q.n > 0
    AND (($better = 'higher' AND q.mean < $threshold) OR ($better = 'lower' AND q.mean > $threshold))
  MATCH (user:User)-[:HAS_QOE]->(q)
  RETURN user
  UNION
  MATCH (:Account {uid: $account})<-[r:USES_ACCOUNT]-(user:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN user
}
MATCH (user)-[r:USES_ACCOUNT]->(account:Account)
WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  AND r.role IN $kinds
  AND ($account IS NULL OR account.uid = $account)
WITH user, account, r.role AS role
ORDER BY CASE role WHEN 'secondary' THEN 1 WHEN 'guest' THEN 2 WHEN 'delegate' THEN 3 ELSE 4 END
WITH user, account, collect(role)[0] AS kind
CALL (user, account) {
  MATCH (user)-[:HAS_QOE]->(q:QoEMeasurement)
  WHERE q.metric = $metric AND q.granularity = $granularity
    AND q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
    AND q.n > 0 AND q.mean IS NOT NULL
  WITH DISTINCT account, q
  WITH account, q.service AS service_uid, sum(q.n) AS n, round(sum(q.n * q.mean) / sum(q.n), 3) AS user_qoe
  WHERE (($better = 'higher' AND user_qoe < $threshold) OR ($better = 'lower' AND user_qoe > $threshold))
    AND EXISTS {
      MATCH (:Service {uid: service_uid})<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(account)
      WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
        AND b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
    }
  RETURN service_uid, n, user_qoe
}
WITH account, collect({user: user, kind: kind, service_uid: service_uid, n: n, user_qoe: user_qoe}) AS sufferers
CALL (account) {
  CALL (account) {
    MATCH (account)<-[r:USES_ACCOUNT {role: 'primary'}]-(holder:User)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN holder, 1 AS rank
    UNION
    MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(:Individual|Organization)<-[i:IDENTIFIES]-(holder:User)
    WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
      AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    RETURN holder, 2 AS rank
  }
  WITH account, holder, min(rank) AS rank
  MATCH (holder)-[:HAS_QOE]->(q:QoEMeasurement)
  WHERE q.metric = $metric AND q.granularity = $granularity
    AND q.windowStart >= $since AND q.windowStart < $until AND q.windowStart < $as_of
    AND q.n > 0 AND q.mean IS NOT NULL
    AND EXISTS {
      MATCH (:Service {uid: q.service})<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(account)
      WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
        AND b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
    }
  WITH DISTINCT holder, rank, q
  WITH holder, rank, round(sum(q.n * q.mean) / sum(q.n), 3) AS holder_qoe
  ORDER BY rank, holder.uid
  LIMIT 1
  RETURN holder, holder_qoe
}
UNWIND sufferers AS x
WITH account, holder, holder_qoe, x,
  round(CASE $better WHEN 'higher' THEN holder_qoe - x.user_qoe ELSE x.user_qoe - holder_qoe END, 3) AS gap
WHERE x.user <> holder
  AND gap >= $gap
  AND (($better = 'higher' AND holder_qoe >= $threshold) OR ($better = 'lower' AND holder_qoe <= $threshold))
RETURN
  account.uid AS account_uid,
  holder.uid AS holder_user,
  holder_qoe,
  x.user.uid AS user_uid,
  x.kind AS kind,
  x.user_qoe AS user_qoe,
  x.service_uid AS service_uid,
  x.n AS n,
  gap
ORDER BY gap DESC, account_uid, user_uid, service_uid
LIMIT $limit
