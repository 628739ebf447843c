/*
title    = "What an erasure would do"
question = "What would erasing this person delete, anonymise or unlink, and what blocks it?"
actors   = ["privacy-officer"]
access   = "read"
returns  = "many"
key      = ["uid"]
timeout  = 30
notes    = """
The person is the party asked for (the Party that a User asked for IDENTIFIES, that a Customer asked for engages), with every Party SAME_AS it, one hop in either direction; the Users that IDENTIFIES one of these and the Customers that engage one (ENGAGED_PARTY). These are the person's faces. A row is a face or a thing with a relationship to a face that has begun by as_of, whether or not it has ended; nothing created, sent, started or reported after as_of is seen. An outsider is whoever is no face.
What happens to a thing (own), and with whom it is shared:
Individual, Organization  a party of the person: delete. Another one that it is GUARDIAN_OF at as_of, or that is so of it: unlink, and so one whose guardianship has ended; shared with the other guardians at as_of of the one it is GUARDIAN_OF.
User                      delete; shared with outside Parties it IDENTIFIES at as_of
Customer                  anonymise, since books must be kept; shared with outside Parties it engages at as_of
Account                   held in any role: anonymise; only used: unlink; shared with outside Customers that hold it as accountHolder and outside Users that use it, at as_of
Product                   owned: anonymise; shared with outside Customers that own it at as_of
Service                   used: unlink; shared with outside Users that use it at as_of
Group                     a member: unlink; shared with outside members at as_of
ContactMedium             delete; shared with outsiders ever REACHED_AT it
Identifier                of a face: delete
PrivacyProfile            of a party (APPLIES_FOR) or AGREED_BY it: delete; shared with outside Parties it APPLIES_FOR
Permission                GRANTED_TO or GRANTED_BY a face: delete; shared with outside Users it is GRANTED_TO
ParentalControlPolicy     APPLIES_TO or SET_BY a face: delete; shared with outside things it APPLIES_TO
Invitation                SENT by or ACCEPTED_AS a face: delete; shared with the outside Users that SENT it or came by it
QoEMeasurement            delete
SelfCareTransaction       anonymise, with its steps, which are no rows; shared with outside Users who STARTED it
PartyInteraction, TroubleTicket  anonymise; shared with outsiders named in it
anything else that names a face as RELATED_PARTY: unlink
action is blocked where there is a blocker, else unlink where the thing is shared (a PartyInteraction and a TroubleTicket are anonymised all the same), else as said. A thing that comes in more than one way takes the first of delete, anonymise, unlink.
blocked_by, sorted:
guardianOfMinor  on an Individual that a party of the person is GUARDIAN_OF at as_of and that is younger than minor_age years on the day of as_of (UTC), or whose birth date is unknown
openTicket       on a TroubleTicket that is acknowledged, inProgress, pending or held
soleHolder       on an Account that a face holds as accountHolder at as_of and no outside Customer does, whose state is other than Closed
unpaidBill       on an Account that a face holds as accountHolder or billPayer at as_of and whose paymentStatus is there and none of paid (in lower case)
A party of the person is blocked by all that blocks any row: it cannot be erased before that is settled.
shared_with lists at most the first 20 uids, shared is how many there are.
Order: action (blocked, delete, anonymise, unlink), label, uid.
"""
source   = ["GDPR Art. 17"]

[params]
party     = { type = "ref[Individual|Organization|Customer|User]", help = "The person: uid, or an id that only one has", example = "P-1001" }
minor_age = { type = "int", default = 18, min = 1, max = 25, unit = "years", help = "Younger needs a guardian" }
paid      = { type = "list[string]", default = ["paid", "settled", "inorder"], help = "Payment statuses that owe nothing, lower case" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 1000, min = 1, help = "At most this many rows" }

[columns]
uid         = { type = "string", pii = "identifier", help = "The thing" }
label       = { type = "string", help = "What kind of thing" }
action      = { type = "string", help = "blocked, delete, anonymise or unlink" }
blocked_by  = { type = "list[string]", help = "What must be settled first" }
shared_with = { type = "list[string]", pii = "identifier", help = "Others whose thing it is too" }
shared      = { type = "int", unit = "things", help = "How many others" }
*/
MATCH (asked:Individual|Organization|Customer|User {uid: $party})
CALL (asked) {
  WITH asked
  WHERE asked:Party
  RETURN asked AS party
  UNION
  MATCH (asked)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of
  RETURN party
  UNION
  RETURN null AS party
}
CALL (party) {
  RETURN party AS same
  UNION
  MATCH (party)-[:SAME_AS]->(same:Individual|Organization)
  RETURN same
  UNION
  MATCH (party)<-[:SAME_AS]-(same:Individual|Organization)
  RETURN same
}
WITH asked, collect(DISTINCT same) AS parties
CALL (asked, parties) {
  RETURN asked AS face
  UNION
  UNWIND parties AS face
  RETURN face
  UNION
  UNWIND parties AS party
  MATCH (party)<-[r:IDENTIFIES|ENGAGED_PARTY]-(face:User|Customer)
  WHERE r.validFrom <= $as_of
  RETURN face
}
WITH parties, collect(DISTINCT face) AS faces
// Each branch: a thing, what happens to it (1 delete, 2 anonymise, 3 unlink), who else has it, what blocks it.
CALL (parties, faces) {
  UNWIND faces AS thing
  OPTIONAL MATCH (thing:User|Customer)-[r:IDENTIFIES|ENGAGED_PARTY]->(other:Individual|Organization)
  WHERE NOT other IN faces AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, CASE WHEN thing:Customer THEN 2 ELSE 1 END AS own, others, [] AS blockers
  UNION
  UNWIND parties AS party
  MATCH (party)-[w:GUARDIAN_OF]->(thing:Individual)
  WHERE NOT thing IN faces AND w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of)
  OPTIONAL MATCH (thing)<-[v:GUARDIAN_OF]-(other:Individual)
  WHERE NOT other IN faces AND v.validFrom <= $as_of AND (v.validTo IS NULL OR v.validTo > $as_of)
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 3 AS own, others,
    CASE WHEN thing.birthDate IS NULL OR thing.birthDate > date($as_of) - duration({years: $minor_age}) THEN ['guardianOfMinor'] ELSE [] END AS blockers
  UNION
  UNWIND parties AS party
  MATCH (party)<-[w:GUARDIAN_OF]-(thing:Individual)
  WHERE NOT thing IN faces AND w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of)
  RETURN DISTINCT thing, 3 AS own, [] AS others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[r:HOLDS_ACCOUNT|USES_ACCOUNT]->(thing:Account)
  WHERE r.validFrom <= $as_of
  WITH thing, faces,
    min(CASE type(r) WHEN 'HOLDS_ACCOUNT' THEN 2 ELSE 3 END) AS own,
    collect(CASE WHEN type(r) = 'HOLDS_ACCOUNT' AND (r.validTo IS NULL OR r.validTo > $as_of) THEN r.role END) AS held
  CALL (thing, faces) {
    OPTIONAL MATCH (thing)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(other:Customer)
    WHERE NOT other IN faces AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN collect(DISTINCT other.uid) AS holders
  }
  CALL (thing, faces) {
    OPTIONAL MATCH (thing)<-[u:USES_ACCOUNT]-(other:User)
    WHERE NOT other IN faces AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
    RETURN collect(DISTINCT other.uid) AS users
  }
  RETURN thing, own, holders + users AS others,
    CASE WHEN 'accountHolder' IN held AND size(holders) = 0 AND coalesce(thing.state, '') <> 'Closed' THEN ['soleHolder'] ELSE [] END +
    CASE WHEN ('accountHolder' IN held OR 'billPayer' IN held) AND thing.paymentStatus IS NOT NULL AND NOT toLower(thing.paymentStatus) IN $paid THEN ['unpaidBill'] ELSE [] END AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[r:OWNS]->(thing:Product)
  WHERE r.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)<-[o:OWNS]-(other:Customer)
  WHERE NOT other IN faces AND o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 2 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[r:USES_SERVICE]->(thing:Service)
  WHERE r.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)<-[u:USES_SERVICE]-(other:User)
  WHERE NOT other IN faces AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 3 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[r:MEMBER_OF]->(thing:Group)
  WHERE r.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)<-[m:MEMBER_OF]-(other:Individual|Organization|User|Customer|Service)
  WHERE NOT other IN faces AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 3 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[r:REACHED_AT]->(thing:ContactMedium)
  WHERE r.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)<-[:REACHED_AT]-(other:Individual|Organization|User|Customer)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 1 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)<-[r:NAMES]-(thing:Identifier)
  WHERE r.validFrom <= $as_of
  RETURN DISTINCT thing, 1 AS own, [] AS others, [] AS blockers
  UNION
  UNWIND parties AS party
  MATCH (party)<-[r:APPLIES_FOR|AGREED_BY]-(thing:PrivacyProfile)
  WHERE r.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)-[:APPLIES_FOR]->(other:Individual|Organization)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 1 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)<-[:GRANTED_TO|GRANTED_BY]-(thing:Permission)
  WHERE thing.validFrom IS NULL OR thing.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)-[:GRANTED_TO]->(other:User)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 1 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)<-[:APPLIES_TO|SET_BY]-(thing:ParentalControlPolicy)
  WHERE thing.validFrom IS NULL OR thing.validFrom <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)-[:APPLIES_TO]->(other:User|Service|Group)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 1 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  CALL (face) {
    MATCH (face)-[:SENT]->(thing:Invitation)
    RETURN thing
    UNION
    MATCH (face)<-[:ACCEPTED_AS]-(thing:Invitation)
    RETURN thing
  }
  WITH DISTINCT thing, faces
  WHERE thing.sentAt IS NULL OR thing.sentAt <= $as_of
  CALL (thing) {
    MATCH (thing)<-[:SENT]-(other:User)
    RETURN other
    UNION
    MATCH (thing)-[:ACCEPTED_AS]->(other:User)
    RETURN other
  }
  WITH thing, collect(DISTINCT CASE WHEN NOT other IN faces THEN other.uid END) AS others
  RETURN thing, 1 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[:HAS_QOE]->(thing:QoEMeasurement)
  WHERE thing.windowStart <= $as_of
  RETURN DISTINCT thing, 1 AS own, [] AS others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[:STARTED]->(thing:SelfCareTransaction)
  WHERE thing.start IS NULL OR thing.start <= $as_of
  WITH DISTINCT thing, faces
  OPTIONAL MATCH (thing)<-[:STARTED]-(other:User)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 2 AS own, others, [] AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)-[:HAD_INTERACTION|ON_TICKET]->(thing:PartyInteraction|TroubleTicket)
  WITH DISTINCT thing, faces, coalesce(thing.creationDate, thing.start) AS at
  WHERE at IS NULL OR at <= $as_of
  OPTIONAL MATCH (thing)<-[:HAD_INTERACTION|ON_TICKET]-(other:Individual|Organization|User|Customer)
  WHERE NOT other IN faces
  WITH thing, collect(DISTINCT other.uid) AS others
  RETURN thing, 2 AS own, others,
    CASE WHEN thing:TroubleTicket AND thing.status IN ['acknowledged', 'inProgress', 'pending', 'held'] THEN ['openTicket'] ELSE [] END AS blockers
  UNION
  UNWIND faces AS face
  MATCH (face)<-[r:RELATED_PARTY]-(thing:Customer|Account|Product|Service|SLA)
  WHERE NOT thing IN faces AND r.validFrom <= $as_of
  RETURN DISTINCT thing, 3 AS own, [] AS others, [] AS blockers
}
WITH parties, thing, min(own) AS own, collect(others) AS others, collect(blockers) AS blockers
WITH parties, collect({thing: thing, own: own, others: reduce(all = [], x IN others | all + x), blockers: reduce(all = [], x IN blockers | all + x)}) AS rows
WITH parties, rows, reduce(all = [], row IN rows | all + row.blockers) AS everything
UNWIND rows AS row
WITH row.thing AS thing, row.own AS own, row.others AS others,
  CASE WHEN row.thing IN parties THEN everything ELSE row.blockers END AS blockers
CALL (others) {
  UNWIND others AS other
  WITH DISTINCT other
  ORDER BY other
  RETURN collect(other) AS sharers
}
CALL (blockers) {
  UNWIND blockers AS blocker
  WITH DISTINCT blocker
  ORDER BY blocker
  RETURN collect(blocker) AS blocked_by
}
WITH thing, sharers, blocked_by,
  CASE
    WHEN size(blocked_by) > 0 THEN 0
    WHEN size(sharers) > 0 AND NOT (thing:PartyInteraction OR thing:TroubleTicket) THEN 3
    ELSE own
  END AS rank
RETURN
  thing.uid AS uid,
  [x IN ['Individual', 'Organization', 'Customer', 'Account', 'User', 'ContactMedium', 'Identifier', 'Group', 'Product', 'Service', 'SLA', 'PartyInteraction', 'TroubleTicket', 'SelfCareTransaction', 'QoEMeasurement', 'ParentalControlPolicy', 'Permission', 'PrivacyProfile', 'Invitation'] WHERE x IN labels(thing)][0] AS label,
  ['blocked', 'delete', 'anonymise', 'unlink'][rank] AS action,
  blocked_by,
  sharers[0..20] AS shared_with,
  size(sharers) AS shared
ORDER BY rank, label, uid
LIMIT $limit
