/*
title    = "Who can access"
question = "Who may view or manage this account, product or service (or what may this user act on), and which grant allows it?"
actors   = ["privacy-officer", "account-holder", "identity-admin", "care-agent"]
access   = "read"
returns  = "many"
key      = ["user_uid", "asset_uid", "via", "role", "path", "expires"]
timeout  = 15
notes    = """
Grants, all at as_of:
account     the user uses the account (USES_ACCOUNT, its role)
holder      the user IDENTIFIES the Party of a Customer that holds the account (HOLDS_ACCOUNT, its role; billReceiver grants nothing)
permission  a Permission GRANTED_TO the user ON_ASSET, from its validFrom to before its validTo, either empty is open; role is involvementRole, granted_by the GRANTED_BY (the first by uid), expires its validTo
guardian    the user IDENTIFIES a guardian of the Individual behind a user of the service (USES_SERVICE)
An account's grants reach the products BILLED_TO it and the services that realise those; a permission on a product reaches its services. With an asset given, asset_uid is that asset and path leads from the user to it; with a user given the rows are the assets that are granted directly: accounts, permitted assets, and services through guardian.
entitlements are those of the Permission itself (one that lists none grants nothing); the other ways carry the role's defaults (action:function; the table in the README). A grant without any is left out, and so is one without an entitlement of action where that is given: the word before the colon (view, manage, pay, use) or one whole entitlement.
expires is the end of the relationship that grants. Order: user_uid, asset_uid, via, role, path, expires (open last).
"""
source   = ["TMF672", "TMF691"]

[params]
asset  = { type = "ref[Account|Product|Service|User]", help = "Account, product or service; or a user, for what it may act on", example = "A-1001" }
action = { type = "string", optional = true, help = "Only grants of this action or entitlement" }
as_of  = { type = "datetime", default = "now", help = "Grants in force at this instant" }
limit  = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[derived]
defaults = "entitlements()"

[columns]
user_uid     = { type = "string", pii = "identifier", help = "Who may" }
asset_uid    = { type = "string", pii = "identifier", help = "On what" }
via          = { type = "string", help = "account, holder, permission or guardian" }
role         = { type = "string", help = "The role that carries the entitlements" }
entitlements = { type = "list[string]", help = "action:function" }
granted_by   = { type = "string", pii = "identifier", help = "Who gave a permission, or added the user" }
path         = { type = "list[string]", pii = "identifier", help = "From the user to the asset" }
expires      = { type = "datetime", nullable = true, help = "When the grant ends; empty is open" }
*/
MATCH (asset:Account|Product|Service|User {uid: $asset})
CALL (asset) {
  // The asset itself, and what it can be reached through: the paths from there down to it.
  WITH asset
  WHERE NOT asset:User
  RETURN asset AS granted, [] AS tail
  UNION
  MATCH (asset:Product)-[b:BILLED_TO]->(a:Account)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN a AS granted, ['<-BILLED_TO-', asset.uid] AS tail
  UNION
  MATCH (asset:Service)<-[z:REALIZED_BY]-(p:Product)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN p AS granted, ['-REALIZED_BY->', asset.uid] AS tail
  UNION
  MATCH (asset:Service)<-[z:REALIZED_BY]-(p:Product)-[b:BILLED_TO]->(a:Account)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    AND b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN a AS granted, ['<-BILLED_TO-', p.uid, '-REALIZED_BY->', asset.uid] AS tail
  UNION
  MATCH (asset:User)-[r:USES_ACCOUNT]->(granted:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN granted, [] AS tail
  UNION
  MATCH (asset:User)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(:Customer)-[h:HOLDS_ACCOUNT]->(granted:Account)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN granted, [] AS tail
  UNION
  MATCH (asset:User)<-[:GRANTED_TO]-(:Permission)-[:ON_ASSET]->(granted:Account|Product|Service)
  RETURN granted, [] AS tail
  UNION
  MATCH (asset:User)-[i:IDENTIFIES]->(:Individual)-[w:GUARDIAN_OF]->(:Individual)<-[j:IDENTIFIES]-(:User)-[s:USES_SERVICE]->(granted:Service)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of)
    AND j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
    AND s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN granted, [] AS tail
}
WITH DISTINCT asset, granted, tail
CALL (asset, granted, tail) {
  MATCH (u:User)-[r:USES_ACCOUNT]->(granted:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN u, 'account' AS via, r.role AS role, null AS own, r.addedBy AS granted_by, r.validTo AS expires,
    [u.uid, '-USES_ACCOUNT->', granted.uid] AS head
  UNION
  MATCH (u:User)-[i:IDENTIFIES]->(p:Individual|Organization)<-[e:ENGAGED_PARTY]-(c:Customer)-[h:HOLDS_ACCOUNT]->(granted:Account)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN u, 'holder' AS via, h.role AS role, null AS own, null AS granted_by, h.validTo AS expires,
    [u.uid, '-IDENTIFIES->', p.uid, '<-ENGAGED_PARTY-', c.uid, '-HOLDS_ACCOUNT->', granted.uid] AS head
  UNION
  MATCH (u:User)<-[:GRANTED_TO]-(x:Permission)-[:ON_ASSET]->(granted)
  WHERE (x.validFrom IS NULL OR x.validFrom <= $as_of) AND (x.validTo IS NULL OR x.validTo > $as_of)
  OPTIONAL MATCH (x)-[:GRANTED_BY]->(giver:User|Individual|Organization)
  WITH u, x, min(giver.uid) AS granted_by
  RETURN u, 'permission' AS via, x.involvementRole AS role, coalesce(x.entitlements, []) AS own, granted_by, x.validTo AS expires,
    [u.uid, '<-GRANTED_TO-', x.uid, '-ON_ASSET->', granted.uid] AS head
  UNION
  MATCH (u:User)-[i:IDENTIFIES]->(g:Individual)-[w:GUARDIAN_OF]->(m:Individual)<-[j:IDENTIFIES]-(k:User)-[s:USES_SERVICE]->(granted:Service)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of)
    AND j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
    AND s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN u, 'guardian' AS via, 'guardian' AS role, null AS own, null AS granted_by, w.validTo AS expires,
    [u.uid, '-IDENTIFIES->', g.uid, '-GUARDIAN_OF->', m.uid, '<-IDENTIFIES-', k.uid, '-USES_SERVICE->', granted.uid] AS head
}
WITH asset, granted, tail, u, via, role, granted_by, expires, head, coalesce(own, $defaults[role], []) AS entitlements
WHERE (NOT asset:User OR u = asset)
  AND size(entitlements) > 0
  AND ($action IS NULL OR any(x IN entitlements WHERE x = $action OR x STARTS WITH $action + ':'))
RETURN DISTINCT
  u.uid AS user_uid,
  CASE WHEN asset:User THEN granted.uid ELSE asset.uid END AS asset_uid,
  via,
  role,
  entitlements,
  granted_by,
  head + tail AS path,
  expires
ORDER BY user_uid, asset_uid, via, role, path, expires
LIMIT $limit
