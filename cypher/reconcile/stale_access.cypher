/*
title    = "Stale access"
question = "Which users still have live access to an account that is closed, or that belongs to a household they left?"
actors   = ["identity-admin", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["user_uid", "account_uid", "reason", "role", "grant_path"]
timeout  = 120
scope    = "graph"
notes    = """
All at as_of. A user has live access to an account through a USES_ACCOUNT valid at as_of (role is its role), or through a Permission GRANTED_TO the user ON_ASSET the account, from the permission's validFrom to before its validTo, either empty is open (role is its involvementRole). A user whose status is suspended or archived has none. What a holder may see because they hold the account is no access here.
Reasons:
accountClosed  the account is closed for at least grace_days: closedAt is not after as_of less grace_days; without closedAt, its state is Closed. stale_since is closedAt, empty where it is unknown.
leftHousehold  the user, or a Party that the user IDENTIFIES at as_of, was a member (MEMBER_OF, any role) of a Household that at as_of is OWNED_BY the account or by a Customer that then HOLDS_ACCOUNT it as accountHolder; every such membership of the user and those parties in that household has ended at as_of, the last (greatest validTo) at least grace_days before; a membership that only begins after as_of does not count. Not stale where the user IDENTIFIES at as_of the party a Customer engages (ENGAGED_PARTY) that then HOLDS_ACCOUNT the account in any role: who pays has not lost it. stale_since is that greatest validTo; with several such households the latest of them, of equally late ones the first by uid.
Both reasons are two rows. grant_path is uid, -TYPE-> or <-TYPE-, uid, … from the user to the account. Two periods with one role are one row.
Reads every account and every household with its members: its cost grows with the operator.
Order: user_uid, account_uid, reason, role (empty last), grant_path.
"""
source   = ["30 days: time to settle the last bill; a practice, no standard"]

[params]
grace_days = { type = "int", default = 30, min = 0, unit = "days", help = "Access may outlive its reason by so many days" }
as_of      = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit      = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
user_uid    = { type = "string", pii = "identifier", help = "Who still has access" }
account_uid = { type = "string", pii = "identifier", help = "To which account" }
reason      = { type = "string", help = "accountClosed or leftHousehold" }
role        = { type = "string", help = "Role on the account, or of the permission" }
grant_path  = { type = "list[string]", pii = "identifier", help = "From the user to the account" }
stale_since = { type = "datetime", help = "Since when it has no reason" }
group_uid   = { type = "string", pii = "identifier", help = "The household left; empty for accountClosed" }
*/
CALL () {
  MATCH (account:Account)
  WHERE account.closedAt <= $as_of - duration({days: $grace_days})
  RETURN account, null AS leaver, 'accountClosed' AS reason, account.closedAt AS stale_since, null AS group_uid
  UNION
  MATCH (account:Account {state: 'Closed'})
  WHERE account.closedAt IS NULL
  RETURN account, null AS leaver, 'accountClosed' AS reason, null AS stale_since, null AS group_uid
  UNION
  MATCH (household:Household)<-[m:MEMBER_OF]-(member:Individual|Organization|User)
  WHERE m.validTo <= $as_of - duration({days: $grace_days})
  WITH DISTINCT household, member
  CALL (member) {
    WITH member
    WHERE member:User
    RETURN member AS leaver
    UNION
    MATCH (member:Party)<-[i:IDENTIFIES]-(leaver:User)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    RETURN leaver
  }
  WITH DISTINCT household, leaver
  CALL (household, leaver) {
    // Every membership that makes the user a member of the household, directly or as the party.
    MATCH (leaver)-[m:MEMBER_OF]->(household)
    RETURN m
    UNION
    MATCH (leaver)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(household)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    RETURN m
  }
  WITH household, leaver, m
  WHERE m.validFrom <= $as_of
  WITH household, leaver, max(m.validTo) AS stale_since, count(CASE WHEN m.validTo IS NULL OR m.validTo > $as_of THEN 1 END) AS current
  WHERE current = 0 AND stale_since <= $as_of - duration({days: $grace_days})
  CALL (household) {
    MATCH (household)-[o:OWNED_BY]->(account:Account)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN account
    UNION
    MATCH (household)-[o:OWNED_BY]->(:Customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(account:Account)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN account
  }
  WITH account, leaver, household, stale_since
  WHERE NOT EXISTS {
    MATCH (leaver)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(:Customer)-[h:HOLDS_ACCOUNT]->(account)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  }
  WITH account, leaver, household, stale_since
  ORDER BY stale_since DESC, household.uid
  WITH account, leaver, collect({since: stale_since, group: household.uid})[0] AS latest
  RETURN account, leaver, 'leftHousehold' AS reason, latest.since AS stale_since, latest.group AS group_uid
}
CALL (account, leaver) {
  MATCH (account)<-[r:USES_ACCOUNT]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    AND (leaver IS NULL OR u = leaver)
  RETURN u, r.role AS role, [u.uid, '-USES_ACCOUNT->', account.uid] AS grant_path
  UNION
  MATCH (account)<-[:ON_ASSET]-(x:Permission)-[:GRANTED_TO]->(u:User)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validTo IS NULL OR x.validTo > $as_of)
    AND (leaver IS NULL OR u = leaver)
  RETURN u, x.involvementRole AS role, [u.uid, '<-GRANTED_TO-', x.uid, '-ON_ASSET->', account.uid] AS grant_path
}
WITH account, u, reason, role, grant_path, stale_since, group_uid
WHERE NOT coalesce(u.status, 'unknown') IN ['suspended', 'archived']
RETURN
  u.uid AS user_uid,
  account.uid AS account_uid,
  reason,
  role,
  grant_path,
  stale_since,
  group_uid
ORDER BY user_uid, account_uid, reason, role, grant_path
LIMIT $limit
