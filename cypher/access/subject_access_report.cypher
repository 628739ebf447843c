/*
title    = "Subject access report"
question = "What do we hold on this person, in which system, and under which consent?"
actors   = ["privacy-officer"]
access   = "read"
returns  = "many"
key      = ["uid", "field", "value", "system", "via", "valid_from"]
timeout  = 30
notes    = """
As of the last load. The person is the party asked for (the Party that a User asked for IDENTIFIES, that a Customer asked for engages), with every Party SAME_AS it, one hop in either direction; the Users that IDENTIFIES one of these and the Customers that engage one (ENGAGED_PARTY). These are the person's faces. All relationships count that have begun, whether or not they have ended: what is still held is reported.
Two sorts of rows:
field  a property of a face, or of a thing that is the person's own: ContactMedia the person is REACHED_AT, Identifiers that NAMES a face, Accounts held, Products owned, Permissions GRANTED_TO and ParentalControlPolicies that APPLIES_TO a user, PrivacyProfiles that APPLIES_FOR a party, Invitations SENT or ACCEPTED_AS, QoEMeasurements, SelfCareTransactions STARTED and their steps, PartyInteractions, TroubleTickets; of a Service used only the msisdn. One row for each system in the thing's sources that asserts the field, with what that system says: the value in its SourceRecord where there is one (then first_seen is the record's), else the merged value, unless the system's last load declares fields of that kind of thing and not this one. id is asserted by every system. Empty fields are no rows, nor is what the graph keeps for itself (uid, sources, seen…, stub, asOf, deletedAt, declares). via and the period are empty.
link   a relationship between a face and another thing (HAS_QOE and STARTED, which say no more than the thing, and ASSERTS, whose SourceRecord the field rows show, are left out), once for each system in its sources: field is -TYPE-> or <-TYPE- as seen from the face via, value its role, label and uid the thing at the other end, valid_from and valid_to its period (for SENT, ACCEPTED_AS and CONVERTED_TO valid_from is at). Between two faces it is shown from its start.
value is text: lists are joined by ;, instants are ISO 8601 in UTC. A row without any source has an empty system.
purpose is the same in every row: the purposes, sorted, of the PrivacyProfiles with status active or empty that now APPLIES_FOR a party of the person; empty when there is none, so that what is held needs another basis.
Order: label, uid, field, system, via, valid_from, value.
"""
source   = ["GDPR Art. 15", "TMF644"]

[params]
party = { type = "ref[Individual|Organization|Customer|User]", help = "The person: uid, or an id that only one has", example = "P-1001" }
limit = { type = "int", default = 1000, min = 1, help = "At most this many rows" }

[columns]
label      = { type = "string", help = "What kind of thing" }
uid        = { type = "string", pii = "identifier", help = "The thing" }
field      = { type = "string", help = "The property, or the relationship" }
value      = { type = "string", nullable = true, pii = "name", help = "What is held; the role of a relationship" }
system     = { type = "string", nullable = true, help = "The system that says so" }
first_seen = { type = "datetime", help = "Since when the system says so, where that is kept" }
purpose    = { type = "list[string]", help = "Purposes the person agreed to" }
via        = { type = "string", nullable = true, pii = "identifier", help = "The face of the person that a relationship stands at" }
valid_from = { type = "datetime", nullable = true, help = "Begin of a relationship; empty is unknown" }
valid_to   = { type = "datetime", help = "End of a relationship; empty is open" }
*/
MATCH (asked:Individual|Organization|Customer|User {uid: $party})
CALL (asked) {
  WITH asked
  WHERE asked:Party
  RETURN asked AS party
  UNION
  MATCH (asked)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= datetime()
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
  WHERE r.validFrom <= datetime()
  RETURN face
}
WITH parties, collect(DISTINCT face) AS faces
CALL (parties) {
  UNWIND parties AS party
  MATCH (party)<-[r:APPLIES_FOR]-(profile:PrivacyProfile)
  WHERE r.validFrom <= datetime() AND (r.validTo IS NULL OR r.validTo > datetime())
    AND toLower(coalesce(profile.status, 'active')) = 'active'
  UNWIND profile.purposes AS one
  WITH DISTINCT one
  ORDER BY one
  RETURN collect(one) AS purpose
}
CALL (faces) {
  CALL (faces) {
    UNWIND faces AS thing
    RETURN thing
    UNION
    UNWIND faces AS face
    MATCH (face)-[:REACHED_AT|HOLDS_ACCOUNT|OWNS|USES_SERVICE|SENT|HAS_QOE|STARTED|HAD_INTERACTION|ON_TICKET]->(thing:ContactMedium|Account|Product|Service|Invitation|QoEMeasurement|SelfCareTransaction|PartyInteraction|TroubleTicket)
    RETURN thing
    UNION
    UNWIND faces AS face
    MATCH (face)<-[:NAMES|GRANTED_TO|APPLIES_TO|APPLIES_FOR|ACCEPTED_AS]-(thing:Identifier|Permission|ParentalControlPolicy|PrivacyProfile|Invitation)
    RETURN thing
    UNION
    UNWIND faces AS face
    MATCH (face)-[:STARTED]->(:SelfCareTransaction)-[:HAS_STEP]->(thing:SelfCareStep)
    RETURN thing
  }
  WITH DISTINCT thing, [x IN ['Individual', 'Organization', 'Customer', 'Account', 'User', 'ContactMedium', 'Identifier', 'Product', 'Service', 'PartyInteraction', 'TroubleTicket', 'SelfCareTransaction', 'SelfCareStep', 'QoEMeasurement', 'ParentalControlPolicy', 'Permission', 'PrivacyProfile', 'Invitation'] WHERE x IN labels(thing)][0] AS label
  UNWIND CASE WHEN size(thing.sources) > 0 THEN thing.sources ELSE [null] END AS system
  OPTIONAL MATCH (record:SourceRecord)-[:ASSERTS]->(thing)
  WHERE record.system = system
  WITH thing, label, system, record
  ORDER BY record.uid
  WITH thing, label, system, collect(record)[0] AS record
  // seenCrm for CRM: the load by which the system asserted it last, which knows the fields that it declared.
  OPTIONAL MATCH (run:LoadRun {uid: 'LoadRun:' + thing['seen' + reduce(name = '', part IN split(replace(system, '-', '_'), '_') | name + toUpper(left(part, 1)) + toLower(substring(part, 1)))]})
  WITH thing, label, system, record, CASE WHEN record IS NULL THEN thing ELSE record END AS held,
    [x IN run.declares WHERE x STARTS WITH label + '.' OR x STARTS WITH system + ':' + label + '.' | split(x, '.')[-1]] AS declared
  UNWIND CASE WHEN record IS NULL THEN keys(thing) ELSE keys(record) + ['id'] END AS field
  WITH thing, label, system, record, field, CASE WHEN field = 'id' THEN thing.id ELSE held[field] END AS said
  WHERE said IS NOT NULL
    AND NOT field IN ['uid', 'sources', 'stub', 'asOf', 'deletedAt', 'declares'] AND NOT field =~ 'seen[A-Z].*'
    AND (NOT thing:Service OR field = 'msisdn')
    AND (record IS NULL OR NOT field IN ['system', 'entityType', 'externalId', 'firstSeen', 'lastSeen'])
    AND (field = 'id' OR record IS NOT NULL OR declared IS NULL OR size(declared) = 0 OR field IN declared)
  RETURN label, thing.uid AS uid, field,
    CASE WHEN valueType(said) STARTS WITH 'LIST'
      THEN reduce(text = '', x IN said | text + CASE text WHEN '' THEN '' ELSE ';' END + toString(x))
      ELSE toString(said)
    END AS value,
    system, record.firstSeen AS first_seen, null AS via, null AS valid_from, null AS valid_to
  UNION
  UNWIND faces AS face
  // The types say which labels the other end has; naming them would tempt the planner to scan those.
  MATCH (face)-[r:ENGAGED_PARTY|HOLDS_ACCOUNT|IDENTIFIES|USES_ACCOUNT|USES_SERVICE|RELATED_PARTY|REACHED_AT|NAMES|MEMBER_OF|OWNED_BY|GUARDIAN_OF|OWNS|COVERED_BY|ON_TICKET|HAD_INTERACTION|APPLIES_TO|SET_BY|GRANTED_TO|GRANTED_BY|APPLIES_FOR|AGREED_BY|SENT|ACCEPTED_AS|CONVERTED_TO|SAME_AS]-(other)
  WHERE (startNode(r) = face OR NOT other IN faces)
    AND (r.validFrom IS NULL OR r.validFrom <= datetime())
  UNWIND CASE WHEN size(r.sources) > 0 THEN r.sources ELSE [null] END AS system
  RETURN [x IN ['Individual', 'Organization', 'Customer', 'Account', 'User', 'ContactMedium', 'Identifier', 'Group', 'Product', 'Service', 'SLA', 'PartyInteraction', 'TroubleTicket', 'ParentalControlPolicy', 'Permission', 'PrivacyProfile', 'Invitation'] WHERE x IN labels(other)][0] AS label,
    other.uid AS uid,
    CASE WHEN startNode(r) = face THEN '-' + type(r) + '->' ELSE '<-' + type(r) + '-' END AS field,
    r.role AS value, system, null AS first_seen, face.uid AS via,
    coalesce(r.validFrom, r.at) AS valid_from, r.validTo AS valid_to
}
RETURN label, uid, field, value, system, first_seen, purpose, via, valid_from, valid_to
ORDER BY label, uid, field, system, via, valid_from, value
LIMIT $limit
