/*
title    = "Orphan policies and permissions"
question = "Which parental-control policies and permissions were set by someone who is no longer guardian, admin or holder?"
actors   = ["identity-admin", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["policy_uid", "set_by", "applies_to"]
timeout  = 180
scope    = "graph"
notes    = """
A ParentalControlPolicy (SET_BY a User) or Permission (GRANTED_BY a User or Party) in force at as_of, each setter of it, and each thing it is for (APPLIES_TO, ON_ASSET): a row where the setter has no standing over that thing at as_of. In force: validFrom empty or not after as_of, validTo empty or after as_of; for a policy also status empty or active (in any case). A policy or permission that is for nothing makes no row.
Standing of a setter (with the Party that a User IDENTIFIES, and the Users that IDENTIFIES a Party) over a thing:
self      the thing is the setter's own User
guardian  its Individual is GUARDIAN_OF the Individual whom the thing, a User, IDENTIFIES; of the one whom a user of the thing, a Service, IDENTIFIES (USES_SERVICE); or of a member of the thing, a Group
holder    its Party is engaged by a Customer that holds as accountHolder an account of the thing, or it uses that account as primary. Accounts of a thing: an Account itself; of a Product the one it is BILLED_TO; of a Service those of the Products it realises; of a User those it uses; of a Group those that own it (OWNED_BY); a Group OWNED_BY a Customer is that Customer's: its Party has standing.
admin     it or its Party is head or admin of the thing, a Group, or of a Group of which the thing, a User, or its Party is directly a member
Each way of standing lasts while all its relationships are valid together: from the latest validFrom until before the earliest validTo; ways that begin after as_of are not seen.
reason is lost (there was a way that ended by as_of; lost_role_at is the latest end, lost_role its kind, the first by name among equals), never (there was none), unknown (nobody is named as setter).
Order: reason (lost, never, unknown), lost_role_at, policy_uid, set_by, applies_to.
"""
source   = ["TMF672"]

[params]
as_of = { type = "datetime", default = "now", help = "Standing, policies and permissions at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
policy_uid   = { type = "string", help = "The policy or permission" }
label        = { type = "string", help = "ParentalControlPolicy or Permission" }
set_by       = { type = "string", nullable = true, pii = "identifier", help = "Who set or granted it; empty when nobody is named" }
applies_to   = { type = "string", nullable = true, pii = "identifier", help = "What it is for" }
reason       = { type = "string", help = "lost, never or unknown" }
lost_role    = { type = "string", help = "What it had: guardian, holder, admin or self" }
lost_role_at = { type = "datetime", help = "Since when the setter has no standing" }
*/
CALL () {
  MATCH (policy:ParentalControlPolicy)
  WHERE toLower(coalesce(policy.status, 'active')) = 'active'
  RETURN policy
  UNION ALL
  MATCH (policy:Permission)
  RETURN policy
}
WITH policy
WHERE (policy.validFrom IS NULL OR policy.validFrom <= $as_of) AND (policy.validTo IS NULL OR policy.validTo > $as_of)
// One policy after the other, so that only the rows of the answer are kept together.
CALL (policy) {
  MATCH (policy)-[:APPLIES_TO|ON_ASSET]->(target:User|Service|Group|Account|Product)
  OPTIONAL MATCH (policy)-[:SET_BY|GRANTED_BY]->(setter:User|Individual|Organization)
  RETURN DISTINCT target, setter
}
CALL (setter) {
  // The setter's faces, each with the relationships that lead to it.
  CALL (setter) {
    RETURN setter AS face, [] AS head
    UNION
    MATCH (setter)-[i:IDENTIFIES]->(face:Individual|Organization)
    RETURN face, [i] AS head
    UNION
    MATCH (setter)<-[i:IDENTIFIES]-(face:User)
    RETURN face, [i] AS head
  }
  WITH face, head
  WHERE face IS NOT NULL
  RETURN collect({face: face, head: head}) AS faces
}
CALL (target, faces) {
  CALL (target, faces) {
    CALL (target) {
      WITH target
      WHERE target:Account
      RETURN target AS account, [] AS tail
      UNION
      MATCH (target:Product)-[b:BILLED_TO]->(account:Account)
      RETURN account, [b] AS tail
      UNION
      MATCH (target:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(account:Account)
      RETURN account, [z, b] AS tail
      UNION
      MATCH (target:User)-[r:USES_ACCOUNT]->(account:Account)
      RETURN account, [r] AS tail
      UNION
      MATCH (target:Group)-[o:OWNED_BY]->(account:Account)
      RETURN account, [o] AS tail
    }
    UNWIND faces AS f
    WITH account, tail, f.face AS face, f.head AS head
    MATCH (account)<-[r:USES_ACCOUNT {role: 'primary'}]-(face)
    RETURN 'holder' AS role, head + [r] + tail AS way
    UNION
    CALL (target) {
      WITH target
      WHERE target:Account
      RETURN target AS account, [] AS tail
      UNION
      MATCH (target:Product)-[b:BILLED_TO]->(account:Account)
      RETURN account, [b] AS tail
      UNION
      MATCH (target:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(account:Account)
      RETURN account, [z, b] AS tail
      UNION
      MATCH (target:User)-[r:USES_ACCOUNT]->(account:Account)
      RETURN account, [r] AS tail
      UNION
      MATCH (target:Group)-[o:OWNED_BY]->(account:Account)
      RETURN account, [o] AS tail
    }
    UNWIND faces AS f
    WITH account, tail, f.face AS face, f.head AS head
    MATCH (account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(face)
    RETURN 'holder' AS role, head + [e, h] + tail AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:Group)-[o:OWNED_BY]->(:Customer)-[e:ENGAGED_PARTY]->(face)
    RETURN 'holder' AS role, head + [e, o] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:Group)<-[m:MEMBER_OF]-(face)
    WHERE m.role IN ['head', 'admin']
    RETURN 'admin' AS role, head + [m] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:User)-[n:MEMBER_OF]->(:Group)<-[m:MEMBER_OF]-(face)
    WHERE m.role IN ['head', 'admin']
    RETURN 'admin' AS role, head + [m, n] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:User)-[i:IDENTIFIES]->(:Individual|Organization)-[n:MEMBER_OF]->(:Group)<-[m:MEMBER_OF]-(face)
    WHERE m.role IN ['head', 'admin']
    RETURN 'admin' AS role, head + [m, n, i] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:User)-[i:IDENTIFIES]->(:Individual)<-[w:GUARDIAN_OF]-(face)
    RETURN 'guardian' AS role, head + [w, i] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:Service)<-[s:USES_SERVICE]-(:User)-[i:IDENTIFIES]->(:Individual)<-[w:GUARDIAN_OF]-(face)
    RETURN 'guardian' AS role, head + [w, i, s] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    MATCH (target:Group)<-[n:MEMBER_OF]-(:Individual)<-[w:GUARDIAN_OF]-(face)
    RETURN 'guardian' AS role, head + [w, n] AS way
    UNION
    UNWIND faces AS f
    WITH target, f.face AS face, f.head AS head
    WHERE face = target
    RETURN 'self' AS role, head AS way
  }
  WITH role,
    reduce(latest = datetime('0001-01-01T00:00:00Z'), r IN way | CASE WHEN r.validFrom > latest THEN r.validFrom ELSE latest END) AS begins,
    reduce(earliest = null, r IN way | CASE WHEN earliest IS NULL OR r.validTo < earliest THEN r.validTo ELSE earliest END) AS ends
  WITH role, ends,
    begins <= $as_of AND (ends IS NULL OR ends > $as_of) AS stands,
    ends <= $as_of AND begins < ends AS lost
  ORDER BY ends DESC, role
  RETURN
    count(CASE WHEN stands THEN 1 END) AS standing,
    collect(CASE WHEN lost THEN {role: role, at: ends} END)[0] AS last
}
WITH policy, target, setter, standing, last
WHERE standing = 0
WITH policy, target, setter, last,
  CASE WHEN setter IS NULL THEN 'unknown' WHEN last IS NULL THEN 'never' ELSE 'lost' END AS reason
RETURN
  policy.uid AS policy_uid,
  [x IN ['ParentalControlPolicy', 'Permission'] WHERE x IN labels(policy)][0] AS label,
  setter.uid AS set_by,
  target.uid AS applies_to,
  reason,
  last.role AS lost_role,
  last.at AS lost_role_at
ORDER BY CASE reason WHEN 'lost' THEN 1 WHEN 'never' THEN 2 ELSE 3 END, lost_role_at, policy_uid, set_by, applies_to
LIMIT $limit
