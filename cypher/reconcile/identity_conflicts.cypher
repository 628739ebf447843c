/*
title    = "Identity conflicts"
question = "Where do the source records that assert one thing disagree, on which field?"
actors   = ["identity-admin", "data-engineer"]
access   = "read"
returns  = "many"
key      = ["uid", "field"]
timeout  = 120
scope    = "graph"
notes    = """
As of the last load. The loader keeps a SourceRecord for each system that asserts a thing only where systems disagree, so only conflicts are read. The SourceRecords that ASSERTS one thing are compared with each other, never with the merged value; those of a system that is not in the thing's sources do not count.
A row is a thing and a field on which at least two of its records differ. A record without a value for the field says that it is empty when it lists the field in its own declares; else it says nothing and is not compared. Values are compared as text, exactly: case, accents and blanks count; an instant is text in UTC (2026-11-01T12:00:00Z), a list its values in order between brackets, parted by a semicolon. Housekeeping is no field: uid, id, sources, seen…, system, entityType, externalId, firstSeen, lastSeen, stub, asOf, declares, and raw spellings (…Raw); deletedAt is one.
value_by_system is SYSTEM=value for each record that says something, each once, in the order of the texts; nothing stands behind = where it is empty. value is what the graph shows, as text. last_seen is the latest lastSeen of these records.
Order: uid, field.
"""

[params]
entity_type = { type = "string", optional = true, choices = ["Individual", "Organization", "Customer", "Account", "User", "Group", "Product", "Service", "Resource", "SLA", "ServiceLevelObjective", "SLAViolation", "QoEMeasurement", "TroubleTicket", "ServiceProblem", "PartyInteraction", "SelfCareTransaction", "SelfCareStep", "ParentalControlPolicy", "Permission", "PrivacyProfile", "Invitation", "ContactMedium", "Identifier"], help = "Only things of this key label" }
field       = { type = "string", optional = true, help = "Only this field, as the model spells it", example = "birthDate" }
limit       = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
uid             = { type = "string", pii = "identifier", help = "The thing they disagree on" }
label           = { type = "string", help = "Its key label" }
field           = { type = "string", help = "The property" }
value_by_system = { type = "list[string]", pii = "name", help = "SYSTEM=value" }
value           = { type = "string", pii = "name", help = "The merged value, of the best-ranked system" }
last_seen       = { type = "datetime", help = "When one of them was last confirmed" }
*/
MATCH (record:SourceRecord)-[:ASSERTS]->(thing)
WHERE record.system IN thing.sources
WITH thing, split(thing.uid, ':')[0] AS label, collect(DISTINCT record) AS records
WHERE size(records) > 1 AND ($entity_type IS NULL OR label = $entity_type)
CALL (records) {
  UNWIND records AS record
  UNWIND keys(record) AS field
  WITH DISTINCT field
  WHERE NOT field IN ['uid', 'id', 'sources', 'system', 'entityType', 'externalId', 'firstSeen', 'lastSeen', 'stub', 'asOf', 'declares']
    AND NOT field =~ 'seen[A-Z].*|.*Raw'
    AND ($field IS NULL OR field = $field)
  RETURN field
}
CALL (records, field) {
  UNWIND records AS record
  WITH record, record[field] AS value
  WHERE value IS NOT NULL OR field IN record.declares
  WITH record,
    CASE
      WHEN value IS NULL THEN ''
      WHEN value IS :: LIST<ANY> THEN '[' + reduce(text = '', x IN value | text + CASE text WHEN '' THEN '' ELSE ';' END + toString(x)) + ']'
      ELSE toString(value)
    END AS said
  WITH record, said, record.system + '=' + said AS by_system
  ORDER BY by_system
  RETURN count(DISTINCT said) AS values, collect(DISTINCT by_system) AS value_by_system, max(record.lastSeen) AS last_seen
}
WITH thing, label, field, values, value_by_system, last_seen
WHERE values > 1
RETURN
  thing.uid AS uid,
  label,
  field,
  value_by_system,
  CASE
    WHEN thing[field] IS :: LIST<ANY> AND thing[field] IS NOT NULL THEN '[' + reduce(text = '', x IN thing[field] | text + CASE text WHEN '' THEN '' ELSE ';' END + toString(x)) + ']'
    ELSE toString(thing[field])
  END AS value,
  last_seen
ORDER BY uid, field
LIMIT $limit
