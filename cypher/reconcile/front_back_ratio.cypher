/*
title    = "Front end against back end"
question = "How many front-end users stand behind an account holder, by kind, segment or region?"
actors   = ["product-owner", "marketing", "data-engineer"]
access   = "read"
returns  = "many"
key      = ["bucket"]
timeout  = 300
scope    = "graph"
notes    = """
All at as_of. A holder is a Customer that HOLDS_ACCOUNT as accountHolder; a user is a User that USES_ACCOUNT in any role. Accounts count in whatever state; a user of no account counts nowhere.
Buckets by group_by: all is one bucket of that name; segment is the holder's segment; region is the account's region; kind is the user's role on the account. An empty segment or region, and for segment an account without a holder, is the bucket unknown.
holders are the distinct holders of the bucket's accounts, for segment the holders of that segment, for kind the holders of an account with a user of that kind. users are the distinct users of the bucket's accounts (for kind in that role); primary, secondary, guest and delegate are the distinct users with that role there, so one user may count in several of the four and in several buckets; a user in another role counts in users alone. ratio is users / holders, rounded to two places. front_only are the users among them that the back end does not know (the marker FrontOnly, as of the last load).
A bucket with fewer than min_n holders, or with fewer than min_n users but at least one, is left out: few people could be recognised. A bucket without holders and users does not exist.
Reads every customer and every user: its cost grows with the operator.
Order: bucket.
"""

[params]
group_by = { type = "string", default = "all", choices = ["all", "kind", "segment", "region"], help = "What makes a bucket" }
min_n    = { type = "int", default = 5, min = 1, help = "Fewer holders or users than this are suppressed" }
as_of    = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit    = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
bucket     = { type = "string", nullable = true, help = "all, or the kind, segment or region" }
holders    = { type = "int", unit = "customers", help = "Account holders" }
users      = { type = "int", unit = "users", help = "Users of their accounts" }
primary    = { type = "int", unit = "users", help = "In the role primary" }
secondary  = { type = "int", unit = "users", help = "In the role secondary" }
guest      = { type = "int", unit = "users", help = "In the role guest" }
delegate   = { type = "int", unit = "users", help = "In the role delegate" }
front_only = { type = "int", unit = "users", help = "Unknown to the back end, as of the last load" }
ratio      = { type = "float", unit = "users per holder", help = "users / holders" }
*/
// Two passes that each count a person once in a bucket, so that nothing but the buckets is kept in memory.
CALL () {
  MATCH (c:Customer)
  CALL (c) {
    MATCH (c)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
    WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    CALL (c, a) {
      WITH c, a
      WHERE $group_by <> 'kind'
      RETURN CASE $group_by WHEN 'segment' THEN coalesce(c.segment, 'unknown') WHEN 'region' THEN coalesce(a.region, 'unknown') ELSE 'all' END AS bucket
      UNION
      WITH a
      WHERE $group_by = 'kind'
      MATCH (a)<-[r:USES_ACCOUNT]-(:User)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN r.role AS bucket
    }
    RETURN DISTINCT bucket
  }
  RETURN bucket, 1 AS holder, 0 AS user, [] AS roles, false AS front_only
  UNION ALL
  MATCH (u:User)
  CALL (u) {
    MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    CALL (a, r) {
      WITH a, r
      WHERE $group_by <> 'segment'
      RETURN CASE $group_by WHEN 'kind' THEN r.role WHEN 'region' THEN coalesce(a.region, 'unknown') ELSE 'all' END AS bucket
      UNION
      WITH a
      WHERE $group_by = 'segment'
      OPTIONAL MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
      WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
      RETURN coalesce(c.segment, 'unknown') AS bucket
    }
    RETURN bucket, collect(DISTINCT r.role) AS roles
  }
  RETURN bucket, 0 AS holder, 1 AS user, roles, u:FrontOnly AS front_only
}
WITH
  bucket,
  sum(holder) AS holders,
  sum(user) AS users,
  count(CASE WHEN 'primary' IN roles THEN 1 END) AS primary,
  count(CASE WHEN 'secondary' IN roles THEN 1 END) AS secondary,
  count(CASE WHEN 'guest' IN roles THEN 1 END) AS guest,
  count(CASE WHEN 'delegate' IN roles THEN 1 END) AS delegate,
  count(CASE WHEN front_only THEN 1 END) AS front_only
WHERE holders >= $min_n AND (users = 0 OR users >= $min_n)
RETURN
  bucket,
  holders,
  users,
  primary,
  secondary,
  guest,
  delegate,
  front_only,
  round(1.0 * users / holders, 2) AS ratio
ORDER BY bucket
LIMIT $limit
