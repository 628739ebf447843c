/*
title    = "Boundary of a closed user group"
question = "Which members of this closed user group are outside the owning account, or in several such groups?"
actors   = ["care-agent", "sla-manager"]
access   = "read"
returns  = "many"
key      = ["member_uid"]
timeout  = 10
notes    = """
All at as_of. The owning accounts are the Accounts that the group is OWNED_BY, and those that a Customer it is OWNED_BY HOLDS_ACCOUNT as accountHolder. Members are those of the ClosedUserGroup itself (MEMBER_OF, any role), not of groups inside; a group that is no ClosedUserGroup has none.
A member User, Customer or Party stands for a human or organization in every role: the Party itself or the one the User IDENTIFIES or the Customer engages (ENGAGED_PARTY), every User that IDENTIFIES and every Customer that engages that Party. Its accounts are those that such a User USES_ACCOUNT in any role or such a Customer HOLDS_ACCOUNT in any role. A member Service has no other roles; its accounts are those that a Product REALIZED_BY it is BILLED_TO.
outside is whether none of its accounts is an owning account; empty when the group has no owning account, for then there is no boundary. other_cugs are the other ClosedUserGroups of which the member, or the same human in another role, is a MEMBER_OF, in order.
A row is a member that is outside, or in another closed user group. user_uid is the User itself; of a Party or Customer its User (the first by uid); of a Service a User that USES_SERVICE it (the first by uid). service_uid is the Service itself; else a Service that one of its Users uses and that is a member of this group too (the first by uid). account_uid is one of its accounts: owning ones first, then by how (primary, delegate, secondary, guest, any other role of a user, held, billed), then the first by uid. Each is empty where there is none. role is that of the membership, the first by name where there are several.
Order: outside before inside before unknown, member_uid.
"""
source   = ["3GPP TS 22.085 (closed user group, interlock code)"]

[params]
cug   = { type = "ref[Group]", help = "Closed user group: uid or id", example = "G-FLAT" }
as_of = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
member_uid     = { type = "string", pii = "identifier", help = "The member" }
role           = { type = "string", help = "Its role in the group" }
user_uid       = { type = "string", pii = "identifier", help = "The user behind it" }
service_uid    = { type = "string", help = "The service in the group" }
account_uid    = { type = "string", pii = "identifier", help = "The account it really belongs to" }
outside        = { type = "boolean", help = "Whether it belongs to no owning account; empty is not known" }
other_cugs     = { type = "list[string]", help = "Other closed user groups of the same member" }
interlock_code = { type = "string", help = "Interlock code of this group" }
*/
MATCH (g:Group {uid: $cug})
WHERE g:ClosedUserGroup
CALL (g) {
  CALL (g) {
    MATCH (g)-[o:OWNED_BY]->(a:Account)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN a
    UNION
    MATCH (g)-[o:OWNED_BY]->(:Customer)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
      AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN a
  }
  RETURN collect(a) AS owning
}
MATCH (g)<-[m:MEMBER_OF]-(member:Individual|Organization|User|Customer|Service)
WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
WITH g, owning, member, min(m.role) AS role
CALL (member) {
  // The same human or organization in every role.
  CALL (member) {
    RETURN member AS self
    UNION
    MATCH (member)-[i:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    RETURN party AS self
    UNION
    MATCH (member)-[i:IDENTIFIES|ENGAGED_PARTY]->(:Individual|Organization)<-[j:IDENTIFIES|ENGAGED_PARTY]-(self:User|Customer)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
    RETURN self
    UNION
    MATCH (member:Party)<-[j:IDENTIFIES|ENGAGED_PARTY]-(self:User|Customer)
    WHERE j.validFrom <= $as_of AND (j.validTo IS NULL OR j.validTo > $as_of)
    RETURN self
  }
  RETURN collect(self) AS selves
}
CALL (member, selves, owning) {
  CALL (member, selves) {
    UNWIND selves AS self
    MATCH (self:User)-[r:USES_ACCOUNT]->(a:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN a, CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END AS how
    UNION
    UNWIND selves AS self
    MATCH (self:Customer)-[h:HOLDS_ACCOUNT]->(a:Account)
    WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN a, 6 AS how
    UNION
    MATCH (member:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(a:Account)
    WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
      AND b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
    RETURN a, 7 AS how
  }
  WITH a, how, a IN owning AS inside
  ORDER BY inside DESC, how, a.uid
  RETURN collect(a.uid)[0] AS account_uid, coalesce(max(inside), false) AS inside
}
CALL (g, selves) {
  UNWIND selves AS self
  MATCH (self)-[r:MEMBER_OF]->(other:ClosedUserGroup)
  WHERE other <> g AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  WITH DISTINCT other.uid AS other
  ORDER BY other
  RETURN collect(other) AS other_cugs
}
WITH g, member, role, selves, account_uid, other_cugs, CASE WHEN size(owning) > 0 THEN NOT inside END AS outside
WHERE outside OR size(other_cugs) > 0
CALL (member, selves) {
  UNWIND selves AS self
  WITH self
  WHERE self:User
  RETURN min(self.uid) AS own_user
}
CALL (member) {
  OPTIONAL MATCH (member:Service)<-[s:USES_SERVICE]-(u:User)
  WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN min(u.uid) AS service_user
}
CALL (g, selves) {
  UNWIND selves AS self
  MATCH (self:User)-[s:USES_SERVICE]->(service:Service)-[r:MEMBER_OF]->(g)
  WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
    AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN min(service.uid) AS used_service
}
RETURN
  member.uid AS member_uid,
  role,
  CASE WHEN member:User THEN member.uid ELSE coalesce(own_user, service_user) END AS user_uid,
  CASE WHEN member:Service THEN member.uid ELSE used_service END AS service_uid,
  account_uid,
  outside,
  other_cugs,
  g.interlockCode AS interlock_code
ORDER BY CASE WHEN outside THEN 1 WHEN outside IS NULL THEN 3 ELSE 2 END, member_uid
LIMIT $limit
