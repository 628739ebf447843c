/*
title    = "Counts"
question = "How many nodes of each label and relationships of each type are there?"
actors   = ["data-engineer", "identity-admin"]
access   = "read"
returns  = "many"
key      = ["what", "name"]
timeout  = 10
notes    = """
One row for each label and each relationship type of the model, also where there is none; as the graph is now, whatever the validity. key is a key label: every node has exactly one. extra is a label that nodes carry beside it (Party; the kinds of a group) and marker one that the loader keeps for now (FrontOnly, Open, Unfinished, PrimaryUser, SecondaryUser, GuestUser), so a node counts in several of these rows. Labels and types that the model does not declare are not rows.
Read from the server's count store: it costs the same on a graph of any size.
Order: what (key, extra, marker, relationship), name.
"""

[params]
limit = { type = "int", default = 200, min = 1, help = "At most this many rows" }

[columns]
what  = { type = "string", help = "key, extra, marker or relationship" }
name  = { type = "string", help = "Label or relationship type" }
count = { type = "int", help = "How many" }
*/
CALL () {
  MATCH (n:Individual)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Individual' AS name, count
  UNION ALL
  MATCH (n:Organization)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Organization' AS name, count
  UNION ALL
  MATCH (n:Customer)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Customer' AS name, count
  UNION ALL
  MATCH (n:Account)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Account' AS name, count
  UNION ALL
  MATCH (n:User)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'User' AS name, count
  UNION ALL
  MATCH (n:ContactMedium)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'ContactMedium' AS name, count
  UNION ALL
  MATCH (n:Identifier)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Identifier' AS name, count
  UNION ALL
  MATCH (n:Group)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Group' AS name, count
  UNION ALL
  MATCH (n:Product)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Product' AS name, count
  UNION ALL
  MATCH (n:Service)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Service' AS name, count
  UNION ALL
  MATCH (n:Resource)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Resource' AS name, count
  UNION ALL
  MATCH (n:SLA)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'SLA' AS name, count
  UNION ALL
  MATCH (n:ServiceLevelObjective)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'ServiceLevelObjective' AS name, count
  UNION ALL
  MATCH (n:SLAViolation)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'SLAViolation' AS name, count
  UNION ALL
  MATCH (n:QoEMeasurement)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'QoEMeasurement' AS name, count
  UNION ALL
  MATCH (n:TroubleTicket)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'TroubleTicket' AS name, count
  UNION ALL
  MATCH (n:ServiceProblem)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'ServiceProblem' AS name, count
  UNION ALL
  MATCH (n:PartyInteraction)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'PartyInteraction' AS name, count
  UNION ALL
  MATCH (n:SelfCareTransaction)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'SelfCareTransaction' AS name, count
  UNION ALL
  MATCH (n:SelfCareStep)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'SelfCareStep' AS name, count
  UNION ALL
  MATCH (n:ParentalControlPolicy)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'ParentalControlPolicy' AS name, count
  UNION ALL
  MATCH (n:Permission)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Permission' AS name, count
  UNION ALL
  MATCH (n:PrivacyProfile)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'PrivacyProfile' AS name, count
  UNION ALL
  MATCH (n:Invitation)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'Invitation' AS name, count
  UNION ALL
  MATCH (n:SourceRecord)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'SourceRecord' AS name, count
  UNION ALL
  MATCH (n:LoadRun)
  WITH count(n) AS count
  RETURN 1 AS rank, 'key' AS what, 'LoadRun' AS name, count
  UNION ALL
  MATCH (n:Party)
  WITH count(n) AS count
  RETURN 2 AS rank, 'extra' AS what, 'Party' AS name, count
  UNION ALL
  MATCH (n:Household)
  WITH count(n) AS count
  RETURN 2 AS rank, 'extra' AS what, 'Household' AS name, count
  UNION ALL
  MATCH (n:Enterprise)
  WITH count(n) AS count
  RETURN 2 AS rank, 'extra' AS what, 'Enterprise' AS name, count
  UNION ALL
  MATCH (n:ClosedUserGroup)
  WITH count(n) AS count
  RETURN 2 AS rank, 'extra' AS what, 'ClosedUserGroup' AS name, count
  UNION ALL
  MATCH (n:PrimaryUser)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'PrimaryUser' AS name, count
  UNION ALL
  MATCH (n:SecondaryUser)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'SecondaryUser' AS name, count
  UNION ALL
  MATCH (n:GuestUser)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'GuestUser' AS name, count
  UNION ALL
  MATCH (n:FrontOnly)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'FrontOnly' AS name, count
  UNION ALL
  MATCH (n:Open)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'Open' AS name, count
  UNION ALL
  MATCH (n:Unfinished)
  WITH count(n) AS count
  RETURN 3 AS rank, 'marker' AS what, 'Unfinished' AS name, count
  UNION ALL
  MATCH ()-[r:ENGAGED_PARTY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ENGAGED_PARTY' AS name, count
  UNION ALL
  MATCH ()-[r:HOLDS_ACCOUNT]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'HOLDS_ACCOUNT' AS name, count
  UNION ALL
  MATCH ()-[r:CHILD_OF]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'CHILD_OF' AS name, count
  UNION ALL
  MATCH ()-[r:IDENTIFIES]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'IDENTIFIES' AS name, count
  UNION ALL
  MATCH ()-[r:USES_ACCOUNT]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'USES_ACCOUNT' AS name, count
  UNION ALL
  MATCH ()-[r:USES_SERVICE]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'USES_SERVICE' AS name, count
  UNION ALL
  MATCH ()-[r:RELATED_PARTY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'RELATED_PARTY' AS name, count
  UNION ALL
  MATCH ()-[r:REACHED_AT]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'REACHED_AT' AS name, count
  UNION ALL
  MATCH ()-[r:NAMES]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'NAMES' AS name, count
  UNION ALL
  MATCH ()-[r:MEMBER_OF]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'MEMBER_OF' AS name, count
  UNION ALL
  MATCH ()-[r:SUBGROUP_OF]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'SUBGROUP_OF' AS name, count
  UNION ALL
  MATCH ()-[r:OWNED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'OWNED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:GUARDIAN_OF]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'GUARDIAN_OF' AS name, count
  UNION ALL
  MATCH ()-[r:OWNS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'OWNS' AS name, count
  UNION ALL
  MATCH ()-[r:BILLED_TO]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'BILLED_TO' AS name, count
  UNION ALL
  MATCH ()-[r:REALIZED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'REALIZED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:SUPPORTED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'SUPPORTED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:COVERED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'COVERED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:HAS_OBJECTIVE]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'HAS_OBJECTIVE' AS name, count
  UNION ALL
  MATCH ()-[r:OF_SLA]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'OF_SLA' AS name, count
  UNION ALL
  MATCH ()-[r:BREACHES]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'BREACHES' AS name, count
  UNION ALL
  MATCH ()-[r:OBSERVED_ON]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'OBSERVED_ON' AS name, count
  UNION ALL
  MATCH ()-[r:CREDITED_TO]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'CREDITED_TO' AS name, count
  UNION ALL
  MATCH ()-[r:HAS_QOE]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'HAS_QOE' AS name, count
  UNION ALL
  MATCH ()-[r:MEASURED_ON]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'MEASURED_ON' AS name, count
  UNION ALL
  MATCH ()-[r:ON_TICKET]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ON_TICKET' AS name, count
  UNION ALL
  MATCH ()-[r:ABOUT]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ABOUT' AS name, count
  UNION ALL
  MATCH ()-[r:RELATED_TICKET]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'RELATED_TICKET' AS name, count
  UNION ALL
  MATCH ()-[r:PART_OF_PROBLEM]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'PART_OF_PROBLEM' AS name, count
  UNION ALL
  MATCH ()-[r:AFFECTS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'AFFECTS' AS name, count
  UNION ALL
  MATCH ()-[r:HAD_INTERACTION]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'HAD_INTERACTION' AS name, count
  UNION ALL
  MATCH ()-[r:CONCERNS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'CONCERNS' AS name, count
  UNION ALL
  MATCH ()-[r:STARTED]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'STARTED' AS name, count
  UNION ALL
  MATCH ()-[r:HAS_STEP]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'HAS_STEP' AS name, count
  UNION ALL
  MATCH ()-[r:APPLIES_TO]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'APPLIES_TO' AS name, count
  UNION ALL
  MATCH ()-[r:SET_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'SET_BY' AS name, count
  UNION ALL
  MATCH ()-[r:GRANTED_TO]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'GRANTED_TO' AS name, count
  UNION ALL
  MATCH ()-[r:GRANTED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'GRANTED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:ON_ASSET]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ON_ASSET' AS name, count
  UNION ALL
  MATCH ()-[r:APPLIES_FOR]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'APPLIES_FOR' AS name, count
  UNION ALL
  MATCH ()-[r:AGREED_BY]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'AGREED_BY' AS name, count
  UNION ALL
  MATCH ()-[r:SENT]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'SENT' AS name, count
  UNION ALL
  MATCH ()-[r:ACCEPTED_AS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ACCEPTED_AS' AS name, count
  UNION ALL
  MATCH ()-[r:CONVERTED_TO]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'CONVERTED_TO' AS name, count
  UNION ALL
  MATCH ()-[r:ASSERTS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'ASSERTS' AS name, count
  UNION ALL
  MATCH ()-[r:SAME_AS]->()
  WITH count(r) AS count
  RETURN 4 AS rank, 'relationship' AS what, 'SAME_AS' AS name, count
}
RETURN what, name, count
ORDER BY rank, name
LIMIT $limit
