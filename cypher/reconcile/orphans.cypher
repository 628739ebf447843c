/*
title    = "Orphans"
question = "Which things lack the relationship that their kind needs?"
actors   = ["data-engineer", "identity-admin"]
access   = "read"
returns  = "many"
key      = ["label", "missing", "uid"]
timeout  = 300
scope    = "graph"
notes    = """
A row is a thing and a relationship that it needs and does not have at as_of. A relationship with validity counts only while it is valid at as_of; one without counts always. What each kind needs, and what is exempt:
Account: HOLDS_ACCOUNT with role accountHolder (missing says HOLDS_ACCOUNT accountHolder); closed accounts exempt (from closedAt on; without closedAt, state Closed)
ContactMedium: somebody who is REACHED_AT it
Customer: ENGAGED_PARTY; terminated customers exempt (from terminationDate on; without one, status terminated)
Group: a member (MEMBER_OF) or a group inside (SUBGROUP_OF); missing is MEMBER_OF or SUBGROUP_OF
Identifier: NAMES
Invitation: a User who SENT it
ParentalControlPolicy: APPLIES_TO
PartyInteraction: HAD_INTERACTION
Permission: GRANTED_TO, and ON_ASSET
PrivacyProfile: APPLIES_FOR
Product: OWNS, and BILLED_TO; ended products exempt (from terminationDate on; without one, status terminated, cancelled or aborted)
QoEMeasurement: HAS_QOE, and MEASURED_ON
SLA: COVERED_BY, and HAS_OBJECTIVE; exempt unless its state is empty or active
SLAViolation: OF_SLA
SelfCareStep: HAS_STEP
Service: REALIZED_BY, of category CFS only; terminated services exempt (state)
ServiceLevelObjective: HAS_OBJECTIVE
SourceRecord: ASSERTS
TroubleTicket: ON_TICKET
User: IDENTIFIES; users with status archived exempt
Individual, Organization, Resource, ServiceProblem: any relationship at all, valid or not, in either direction; missing is any
Two needs unmet are two rows. A thing with a deletedAt is left out. Nothing else is needed: a ticket may be about nothing, a visit begun by nobody signed in, a user on no account.
Each kind is read in the order of its uids until limit rows are found, so a healthy graph is read as a whole: give label for one kind only.
Order: label, missing, uid.
"""

[params]
label = { type = "string", optional = true, choices = ["Account", "ContactMedium", "Customer", "Group", "Identifier", "Individual", "Invitation", "Organization", "ParentalControlPolicy", "PartyInteraction", "Permission", "PrivacyProfile", "Product", "QoEMeasurement", "Resource", "SLA", "SLAViolation", "SelfCareStep", "Service", "ServiceLevelObjective", "ServiceProblem", "SourceRecord", "TroubleTicket", "User"], help = "Only things of this key label" }
as_of = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
label   = { type = "string", help = "Key label of the thing" }
missing = { type = "string", help = "The relationship it needs" }
uid     = { type = "string", pii = "identifier", help = "The thing" }
name    = { type = "string", pii = "name", help = "Its name, or nickname of a user" }
stub    = { type = "boolean", help = "Whether it was only referred to so far; false for a thing that was loaded" }
sources = { type = "list[string]", help = "The systems that assert it, as of the last load" }
*/
CALL () {
  UNWIND CASE WHEN $label IS NULL THEN ['Account', 'ContactMedium', 'Customer', 'Group', 'Identifier', 'Individual', 'Invitation', 'Organization', 'ParentalControlPolicy', 'PartyInteraction', 'Permission', 'PrivacyProfile', 'Product', 'QoEMeasurement', 'Resource', 'SLA', 'SLAViolation', 'SelfCareStep', 'Service', 'ServiceLevelObjective', 'ServiceProblem', 'SourceRecord', 'TroubleTicket', 'User'] ELSE [$label] END AS label
  CALL (label) {
    WITH label
    WHERE label = 'Account'
    CALL (label) {
      // The range index on uid gives the order, so reading stops at the limit.
      MATCH (n:Account)
      WHERE n.uid STARTS WITH 'Account:'
        AND n.deletedAt IS NULL
        AND CASE WHEN n.closedAt IS NULL THEN coalesce(n.state, '') <> 'Closed' ELSE n.closedAt > $as_of END
        AND NOT EXISTS {
        MATCH (n)<-[r:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HOLDS_ACCOUNT accountHolder' AS missing, n
    UNION
    WITH label
    WHERE label = 'ContactMedium'
    CALL (label) {
      MATCH (n:ContactMedium)
      WHERE n.uid STARTS WITH 'ContactMedium:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS {
        MATCH (n)<-[r:REACHED_AT]-(:Individual|Organization|User|Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'REACHED_AT' AS missing, n
    UNION
    WITH label
    WHERE label = 'Customer'
    CALL (label) {
      MATCH (n:Customer)
      WHERE n.uid STARTS WITH 'Customer:'
        AND n.deletedAt IS NULL
        AND CASE WHEN n.terminationDate IS NULL THEN coalesce(n.status, '') <> 'terminated' ELSE n.terminationDate > $as_of END
        AND NOT EXISTS {
        MATCH (n)-[r:ENGAGED_PARTY]->(:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'ENGAGED_PARTY' AS missing, n
    UNION
    WITH label
    WHERE label = 'Group'
    CALL (label) {
      MATCH (n:Group)
      WHERE n.uid STARTS WITH 'Group:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS {
        MATCH (n)<-[r:MEMBER_OF|SUBGROUP_OF]-(:Individual|Organization|User|Customer|Service|Group)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'MEMBER_OF or SUBGROUP_OF' AS missing, n
    UNION
    WITH label
    WHERE label = 'Identifier'
    CALL (label) {
      MATCH (n:Identifier)
      WHERE n.uid STARTS WITH 'Identifier:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS {
        MATCH (n)-[r:NAMES]->()
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'NAMES' AS missing, n
    UNION
    WITH label
    WHERE label = 'Individual'
    CALL (label) {
      MATCH (n:Individual)
      WHERE n.uid STARTS WITH 'Individual:'
        AND n.deletedAt IS NULL
        AND COUNT { (n)--() } = 0
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'any' AS missing, n
    UNION
    WITH label
    WHERE label = 'Invitation'
    CALL (label) {
      MATCH (n:Invitation)
      WHERE n.uid STARTS WITH 'Invitation:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:SENT]-(:User) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'SENT' AS missing, n
    UNION
    WITH label
    WHERE label = 'Organization'
    CALL (label) {
      MATCH (n:Organization)
      WHERE n.uid STARTS WITH 'Organization:'
        AND n.deletedAt IS NULL
        AND COUNT { (n)--() } = 0
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'any' AS missing, n
    UNION
    WITH label
    WHERE label = 'ParentalControlPolicy'
    CALL (label) {
      MATCH (n:ParentalControlPolicy)
      WHERE n.uid STARTS WITH 'ParentalControlPolicy:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:APPLIES_TO]->(:User|Service|Group) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'APPLIES_TO' AS missing, n
    UNION
    WITH label
    WHERE label = 'PartyInteraction'
    CALL (label) {
      MATCH (n:PartyInteraction)
      WHERE n.uid STARTS WITH 'PartyInteraction:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:HAD_INTERACTION]-(:Individual|Organization|User|Customer) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HAD_INTERACTION' AS missing, n
    UNION
    WITH label
    WHERE label = 'Permission'
    CALL (label) {
      MATCH (n:Permission)
      WHERE n.uid STARTS WITH 'Permission:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:GRANTED_TO]->(:User) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'GRANTED_TO' AS missing, n
    UNION
    WITH label
    WHERE label = 'Permission'
    CALL (label) {
      MATCH (n:Permission)
      WHERE n.uid STARTS WITH 'Permission:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:ON_ASSET]->(:Account|Product|Service) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'ON_ASSET' AS missing, n
    UNION
    WITH label
    WHERE label = 'PrivacyProfile'
    CALL (label) {
      MATCH (n:PrivacyProfile)
      WHERE n.uid STARTS WITH 'PrivacyProfile:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS {
        MATCH (n)-[r:APPLIES_FOR]->(:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'APPLIES_FOR' AS missing, n
    UNION
    WITH label
    WHERE label = 'Product'
    CALL (label) {
      MATCH (n:Product)
      WHERE n.uid STARTS WITH 'Product:'
        AND n.deletedAt IS NULL
        AND CASE WHEN n.terminationDate IS NULL THEN NOT coalesce(n.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE n.terminationDate > $as_of END
        AND NOT EXISTS {
        MATCH (n)-[r:BILLED_TO]->(:Account)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'BILLED_TO' AS missing, n
    UNION
    WITH label
    WHERE label = 'Product'
    CALL (label) {
      MATCH (n:Product)
      WHERE n.uid STARTS WITH 'Product:'
        AND n.deletedAt IS NULL
        AND CASE WHEN n.terminationDate IS NULL THEN NOT coalesce(n.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE n.terminationDate > $as_of END
        AND NOT EXISTS {
        MATCH (n)<-[r:OWNS]-(:Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'OWNS' AS missing, n
    UNION
    WITH label
    WHERE label = 'QoEMeasurement'
    CALL (label) {
      MATCH (n:QoEMeasurement)
      WHERE n.uid STARTS WITH 'QoEMeasurement:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:HAS_QOE]-(:User|Service) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HAS_QOE' AS missing, n
    UNION
    WITH label
    WHERE label = 'QoEMeasurement'
    CALL (label) {
      MATCH (n:QoEMeasurement)
      WHERE n.uid STARTS WITH 'QoEMeasurement:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:MEASURED_ON]->(:Service) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'MEASURED_ON' AS missing, n
    UNION
    WITH label
    WHERE label = 'Resource'
    CALL (label) {
      MATCH (n:Resource)
      WHERE n.uid STARTS WITH 'Resource:'
        AND n.deletedAt IS NULL
        AND COUNT { (n)--() } = 0
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'any' AS missing, n
    UNION
    WITH label
    WHERE label = 'SLA'
    CALL (label) {
      MATCH (n:SLA)
      WHERE n.uid STARTS WITH 'SLA:'
        AND n.deletedAt IS NULL
        AND toLower(coalesce(n.state, 'active')) = 'active'
        AND NOT EXISTS {
        MATCH (n)<-[r:COVERED_BY]-(:Product|Customer|Account|Group)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'COVERED_BY' AS missing, n
    UNION
    WITH label
    WHERE label = 'SLA'
    CALL (label) {
      MATCH (n:SLA)
      WHERE n.uid STARTS WITH 'SLA:'
        AND n.deletedAt IS NULL
        AND toLower(coalesce(n.state, 'active')) = 'active'
        AND NOT EXISTS { (n)-[:HAS_OBJECTIVE]->(:ServiceLevelObjective) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HAS_OBJECTIVE' AS missing, n
    UNION
    WITH label
    WHERE label = 'SLAViolation'
    CALL (label) {
      MATCH (n:SLAViolation)
      WHERE n.uid STARTS WITH 'SLAViolation:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:OF_SLA]->(:SLA) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'OF_SLA' AS missing, n
    UNION
    WITH label
    WHERE label = 'SelfCareStep'
    CALL (label) {
      MATCH (n:SelfCareStep)
      WHERE n.uid STARTS WITH 'SelfCareStep:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:HAS_STEP]-(:SelfCareTransaction) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HAS_STEP' AS missing, n
    UNION
    WITH label
    WHERE label = 'Service'
    CALL (label) {
      MATCH (n:Service)
      WHERE n.uid STARTS WITH 'Service:'
        AND n.deletedAt IS NULL
        AND n.category = 'CFS' AND coalesce(n.state, '') <> 'terminated'
        AND NOT EXISTS {
        MATCH (n)<-[r:REALIZED_BY]-(:Product)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'REALIZED_BY' AS missing, n
    UNION
    WITH label
    WHERE label = 'ServiceLevelObjective'
    CALL (label) {
      MATCH (n:ServiceLevelObjective)
      WHERE n.uid STARTS WITH 'ServiceLevelObjective:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:HAS_OBJECTIVE]-(:SLA) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'HAS_OBJECTIVE' AS missing, n
    UNION
    WITH label
    WHERE label = 'ServiceProblem'
    CALL (label) {
      MATCH (n:ServiceProblem)
      WHERE n.uid STARTS WITH 'ServiceProblem:'
        AND n.deletedAt IS NULL
        AND COUNT { (n)--() } = 0
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'any' AS missing, n
    UNION
    WITH label
    WHERE label = 'SourceRecord'
    CALL (label) {
      MATCH (n:SourceRecord)
      WHERE n.uid STARTS WITH 'SourceRecord:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)-[:ASSERTS]->() }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'ASSERTS' AS missing, n
    UNION
    WITH label
    WHERE label = 'TroubleTicket'
    CALL (label) {
      MATCH (n:TroubleTicket)
      WHERE n.uid STARTS WITH 'TroubleTicket:'
        AND n.deletedAt IS NULL
        AND NOT EXISTS { (n)<-[:ON_TICKET]-(:Individual|Organization|User|Customer) }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'ON_TICKET' AS missing, n
    UNION
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:'
        AND n.deletedAt IS NULL
        AND coalesce(n.status, 'unknown') <> 'archived'
        AND NOT EXISTS {
        MATCH (n)-[r:IDENTIFIES]->(:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      }
      RETURN n
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'IDENTIFIES' AS missing, n
  }
  RETURN label, missing, n
}
RETURN
  label,
  missing,
  n.uid AS uid,
  coalesce(n.name, n.nickname) AS name,
  coalesce(n.stub, false) AS stub,
  n.sources AS sources
ORDER BY label, missing, uid
LIMIT $limit
