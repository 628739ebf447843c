/*
title    = "Value at risk with a household"
question = "What leaves if this household leaves: products, users, guests, those they invited?"
actors   = ["retention-analyst", "care-agent"]
access   = "read"
returns  = "many"
key      = ["uid"]
timeout  = 15
notes    = """
All at as_of. A row is a thing; one that fits several of these is the first:
member           whoever is a member of the household, or of a Group inside it up to depth hops (MEMBER_OF, SUBGROUP_OF): an Individual, Organization, Customer or User; a Service makes no row. The Users that IDENTIFIES such a party and the Customers that engage it (ENGAGED_PARTY) are members too, and so are the Party that a member User IDENTIFIES or a member Customer engages, with its Users and Customers.
account          the Accounts that a member Customer holds as accountHolder, and those that own the household (OWNED_BY); one whose state is Closed is left out
product          the live Products that a member Customer owns (OWNS) or that are BILLED_TO such an account; monthly_value and currency are theirs
user             who uses such an account in another role than guest (USES_ACCOUNT), at least once
guest            who uses such an account as guest only
invitee          the Users invited by a User above, in up to invitations steps: each SENT an Invitation that was ACCEPTED_AS the next, both not after as_of (the at of SENT, else sentAt; the at of ACCEPTED_AS; an unknown instant counts as before)
inviteeCustomer  the Customers that an invitee was CONVERTED_TO, by as_of, or that engage a Party an invitee IDENTIFIES; with status active, suspended or empty
inviteeProduct   the live Products that such a Customer owns; monthly_value and currency are theirs
A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after as_of.
through is the uid of what leads to the thing: for a member the group or the member (empty for a member of the household itself), for an account, product, user or guest the customer, household or account, for the rest who invited, the invitee, the customer; the first by uid. monthly_value is empty where it is not a product; add it up for each currency apart.
Order: dependency as above, uid.
"""

[params]
household   = { type = "ref[Group]", help = "Household: uid or id", example = "G-HOME" }
depth       = { type = "int", literal = true, default = 2, min = 1, max = 6, unit = "hops", help = "Hops through nested groups" }
invitations = { type = "int", literal = true, default = 3, min = 1, max = 8, unit = "steps", help = "Most invitations between the household and an invitee" }
as_of       = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit       = { type = "int", default = 200, min = 1, help = "At most this many rows" }

[columns]
uid           = { type = "string", pii = "identifier", help = "What would leave" }
label         = { type = "string", help = "What kind of thing" }
name          = { type = "string", pii = "name", help = "Its name, or the nickname of a user" }
dependency    = { type = "string", help = "Why: member, account, product, user, guest, invitee, inviteeCustomer or inviteeProduct" }
through       = { type = "string", pii = "identifier", help = "What leads to it" }
monthly_value = { type = "float", unit = "money", help = "Of a product, a month" }
currency      = { type = "string", help = "Currency of the value" }
*/
MATCH (home:Group {uid: $household})
CALL (home) {
  MATCH (home)(()<-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-(:Group)){0,/*=depth*/2}(g:Group)<-[m:MEMBER_OF]-(member:Individual|Organization|Customer|User)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN collect(DISTINCT {thing: member, rank: 1, through: CASE WHEN g <> home THEN g.uid END}) AS direct
}
CALL (direct) {
  UNWIND direct AS d
  WITH d.thing AS member, d.through AS through
  CALL (member, through) {
    WITH member, through
    WHERE member:Party
    RETURN member AS party, through AS via
    UNION
    MATCH (member)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN party, member.uid AS via
  }
  RETURN collect(DISTINCT {thing: party, rank: 1, through: via}) AS parties
}
CALL (parties) {
  UNWIND parties AS x
  WITH DISTINCT x.thing AS party
  MATCH (party)<-[r:IDENTIFIES|ENGAGED_PARTY]-(one:User|Customer)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT {thing: one, rank: 1, through: party.uid}) AS faces
}
WITH home, direct + parties + faces AS members
CALL (home, members) {
  UNWIND members AS x
  WITH DISTINCT x.thing AS c
  MATCH (c)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of) AND coalesce(a.state, '') <> 'Closed'
  RETURN a, c.uid AS through
  UNION
  MATCH (home)-[o:OWNED_BY]->(a:Account)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of) AND coalesce(a.state, '') <> 'Closed'
  RETURN a, home.uid AS through
  UNION
  RETURN null AS a, null AS through
}
WITH members, collect(CASE WHEN a IS NOT NULL THEN {thing: a, rank: 2, through: through} END) AS accounts
CALL (members) {
  UNWIND members AS x
  WITH DISTINCT x.thing AS payer
  MATCH (payer)-[o:OWNS]->(p:Product)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    AND (p.startDate IS NULL OR p.startDate <= $as_of) AND (p.terminationDate IS NULL OR p.terminationDate > $as_of)
    AND (coalesce(p.status, 'active') IN ['active', 'suspended', 'pendingTerminate'] OR (p.status = 'terminated' AND p.terminationDate IS NOT NULL))
  RETURN collect(DISTINCT {thing: p, rank: 3, through: payer.uid}) AS owned
}
CALL (accounts) {
  UNWIND accounts AS x
  WITH DISTINCT x.thing AS payer
  MATCH (payer)<-[b:BILLED_TO]-(p:Product)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
    AND (p.startDate IS NULL OR p.startDate <= $as_of) AND (p.terminationDate IS NULL OR p.terminationDate > $as_of)
    AND (coalesce(p.status, 'active') IN ['active', 'suspended', 'pendingTerminate'] OR (p.status = 'terminated' AND p.terminationDate IS NOT NULL))
  RETURN collect(DISTINCT {thing: p, rank: 3, through: payer.uid}) AS billed
}
CALL (accounts) {
  UNWIND accounts AS x
  WITH DISTINCT x.thing AS a
  MATCH (a)<-[r:USES_ACCOUNT]-(one:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT {thing: one, rank: CASE r.role WHEN 'guest' THEN 5 ELSE 4 END, through: a.uid}) AS users
}
WITH members + accounts + owned + billed + users AS above
CALL (above) {
  UNWIND above AS x
  WITH DISTINCT x.thing AS one
  WHERE one:User
  MATCH p = (one)((:User)-[s:SENT]->(i:Invitation)-[a:ACCEPTED_AS]->(:User)
      WHERE (coalesce(s.at, i.sentAt) IS NULL OR coalesce(s.at, i.sentAt) <= $as_of) AND (a.at IS NULL OR a.at <= $as_of)){1,/*=invitations*/3}(invitee:User)
  RETURN collect(DISTINCT {thing: invitee, rank: 6, through: nodes(p)[-3].uid}) AS invitees
}
CALL (invitees) {
  UNWIND invitees AS x
  WITH DISTINCT x.thing AS invitee
  CALL (invitee) {
    MATCH (invitee)-[v:CONVERTED_TO]->(c:Customer)
    WHERE v.at IS NULL OR v.at <= $as_of
    RETURN c
    UNION
    MATCH (invitee)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(c:Customer)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    RETURN c
  }
  WITH invitee, c
  WHERE coalesce(c.status, 'active') IN ['active', 'suspended']
  RETURN collect(DISTINCT {thing: c, rank: 7, through: invitee.uid}) AS converted
}
CALL (converted) {
  UNWIND converted AS x
  WITH DISTINCT x.thing AS c
  MATCH (c)-[o:OWNS]->(p:Product)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    AND (p.startDate IS NULL OR p.startDate <= $as_of) AND (p.terminationDate IS NULL OR p.terminationDate > $as_of)
    AND (coalesce(p.status, 'active') IN ['active', 'suspended', 'pendingTerminate'] OR (p.status = 'terminated' AND p.terminationDate IS NOT NULL))
  RETURN collect(DISTINCT {thing: p, rank: 8, through: c.uid}) AS bought
}
UNWIND above + invitees + converted + bought AS x
WITH x.thing AS thing, x.rank AS rank, x.through AS through
ORDER BY rank, through IS NOT NULL, through
WITH thing, collect({rank: rank, through: through})[0] AS best
RETURN
  thing.uid AS uid,
  [x IN ['Individual', 'Organization', 'Customer', 'Account', 'User', 'Product'] WHERE x IN labels(thing)][0] AS label,
  coalesce(thing.name, thing.nickname) AS name,
  ['member', 'account', 'product', 'user', 'guest', 'invitee', 'inviteeCustomer', 'inviteeProduct'][best.rank - 1] AS dependency,
  best.through AS through,
  CASE WHEN thing:Product THEN thing.monthlyValue END AS monthly_value,
  CASE WHEN thing:Product THEN thing.currency END AS currency
ORDER BY best.rank, uid
LIMIT $limit
