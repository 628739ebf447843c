/*
title    = "Cardinality"
question = "Where are there more relationships at once than the model allows: two holders of one account, two parties of one user, one period twice?"
actors   = ["data-engineer", "identity-admin"]
access   = "read"
returns  = "many"
key      = ["rule", "uid"]
timeout  = 300
scope    = "graph"
notes    = """
A row is a thing that has more than one distinct other end by a relationship of which it may have one at a time. A relationship with validity counts only while it is valid at as_of; one without counts always. rule is the label, the type and the role, parted by blanks; allowed is 1, for twice 0:
Account CHILD_OF (parents); Account HOLDS_ACCOUNT accountHolder (holders); Account USES_ACCOUNT primary (primary users); Customer ENGAGED_PARTY (parties engaged); Group MEMBER_OF head (heads of a Household, other groups may have several); Invitation ACCEPTED_AS (guests); Invitation SENT (senders); Product BILLED_TO (accounts); Product OWNS (owners); QoEMeasurement HAS_QOE (users or services measured); QoEMeasurement MEASURED_ON (services); SLAViolation OF_SLA (agreements); SelfCareStep HAS_STEP (visits); SelfCareTransaction STARTED (users); ServiceLevelObjective HAS_OBJECTIVE (agreements: an objective is of one SLA); SourceRecord ASSERTS (things described); User CONVERTED_TO (customers); User IDENTIFIES (humans)
and, with the word twice at the end of the rule, a thing from which two relationships of the type lead to the same end in the same role while both are valid at as_of, where there should be one period: Customer HOLDS_ACCOUNT twice, Customer OWNS twice, User IDENTIFIES twice, User USES_ACCOUNT twice, User USES_SERVICE twice.
found is the number of distinct other ends; for twice, the number of relationships beyond the first, over all ends and roles. others are the uids of those ends, in order; for twice, of the ends reached more than once.
Each kind is read in the order of its uids until limit rows are found, and counts degrees first: a healthy graph is read as a whole. Give label for one kind only.
Order: rule, uid.
"""

[params]
label = { type = "string", optional = true, choices = ["Account", "Customer", "Group", "Invitation", "Product", "QoEMeasurement", "SLAViolation", "SelfCareStep", "SelfCareTransaction", "ServiceLevelObjective", "SourceRecord", "User"], help = "Only things of this key label" }
as_of = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
rule    = { type = "string", help = "Label, type and role; twice for one period told twice" }
uid     = { type = "string", pii = "identifier", help = "The thing with too many" }
found   = { type = "int", help = "How many there are; for twice, how many too many" }
allowed = { type = "int", help = "How many there may be at once; for twice, 0 too many" }
others  = { type = "list[string]", pii = "identifier", help = "The other ends" }
*/
CALL () {
  UNWIND CASE WHEN $label IS NULL THEN ['Account', 'Customer', 'Group', 'Invitation', 'Product', 'QoEMeasurement', 'SLAViolation', 'SelfCareStep', 'SelfCareTransaction', 'ServiceLevelObjective', 'SourceRecord', 'User'] ELSE [$label] END AS label
  CALL (label) {
    WITH label
    WHERE label = 'Account'
    CALL (label) {
      // The degree is read first: it costs nothing, and hardly anything has two.
      MATCH (n:Account)
      WHERE n.uid STARTS WITH 'Account:' AND COUNT { (n)-[:CHILD_OF]->() } > 1
      CALL (n) {
        MATCH (n)-[r:CHILD_OF]->(other:Account)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Account CHILD_OF' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Account'
    CALL (label) {
      MATCH (n:Account)
      WHERE n.uid STARTS WITH 'Account:' AND COUNT { (n)<-[:HOLDS_ACCOUNT]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:HOLDS_ACCOUNT {role: 'accountHolder'}]-(other:Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Account HOLDS_ACCOUNT accountHolder' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Account'
    CALL (label) {
      MATCH (n:Account)
      WHERE n.uid STARTS WITH 'Account:' AND COUNT { (n)<-[:USES_ACCOUNT]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:USES_ACCOUNT {role: 'primary'}]-(other:User)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Account USES_ACCOUNT primary' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Customer'
    CALL (label) {
      MATCH (n:Customer)
      WHERE n.uid STARTS WITH 'Customer:' AND COUNT { (n)-[:ENGAGED_PARTY]->() } > 1
      CALL (n) {
        MATCH (n)-[r:ENGAGED_PARTY]->(other:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Customer ENGAGED_PARTY' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Customer'
    CALL (label) {
      MATCH (n:Customer)
      WHERE n.uid STARTS WITH 'Customer:' AND COUNT { (n)-[:HOLDS_ACCOUNT]->() } > 1
      CALL (n) {
        MATCH (n)-[r:HOLDS_ACCOUNT]->(other:Account)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH other.uid AS other, r.role AS role, count(r) AS times
        WHERE times > 1
        WITH other, sum(times - 1) AS extra
        ORDER BY other
        RETURN collect(other) AS others, sum(extra) AS found
      }
      WITH n, others, found
      WHERE found > 0
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Customer HOLDS_ACCOUNT twice' AS rule, 0 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Customer'
    CALL (label) {
      MATCH (n:Customer)
      WHERE n.uid STARTS WITH 'Customer:' AND COUNT { (n)-[:OWNS]->() } > 1
      CALL (n) {
        MATCH (n)-[r:OWNS]->(other:Product)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH other.uid AS other, count(r) AS times
        WHERE times > 1
        WITH other, sum(times - 1) AS extra
        ORDER BY other
        RETURN collect(other) AS others, sum(extra) AS found
      }
      WITH n, others, found
      WHERE found > 0
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Customer OWNS twice' AS rule, 0 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Group'
    CALL (label) {
      MATCH (n:Group)
      WHERE n.uid STARTS WITH 'Group:' AND COUNT { (n)<-[:MEMBER_OF]-() } > 1 AND n:Household
      CALL (n) {
        MATCH (n)<-[r:MEMBER_OF {role: 'head'}]-(other:Individual|Organization|User|Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Group MEMBER_OF head' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Invitation'
    CALL (label) {
      MATCH (n:Invitation)
      WHERE n.uid STARTS WITH 'Invitation:' AND COUNT { (n)-[:ACCEPTED_AS]->() } > 1
      CALL (n) {
        MATCH (n)-[r:ACCEPTED_AS]->(other:User)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Invitation ACCEPTED_AS' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Invitation'
    CALL (label) {
      MATCH (n:Invitation)
      WHERE n.uid STARTS WITH 'Invitation:' AND COUNT { (n)<-[:SENT]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:SENT]-(other:User)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Invitation SENT' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Product'
    CALL (label) {
      MATCH (n:Product)
      WHERE n.uid STARTS WITH 'Product:' AND COUNT { (n)-[:BILLED_TO]->() } > 1
      CALL (n) {
        MATCH (n)-[r:BILLED_TO]->(other:Account)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Product BILLED_TO' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'Product'
    CALL (label) {
      MATCH (n:Product)
      WHERE n.uid STARTS WITH 'Product:' AND COUNT { (n)<-[:OWNS]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:OWNS]-(other:Customer)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'Product OWNS' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'QoEMeasurement'
    CALL (label) {
      MATCH (n:QoEMeasurement)
      WHERE n.uid STARTS WITH 'QoEMeasurement:' AND COUNT { (n)<-[:HAS_QOE]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:HAS_QOE]-(other:User|Service)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'QoEMeasurement HAS_QOE' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'QoEMeasurement'
    CALL (label) {
      MATCH (n:QoEMeasurement)
      WHERE n.uid STARTS WITH 'QoEMeasurement:' AND COUNT { (n)-[:MEASURED_ON]->() } > 1
      CALL (n) {
        MATCH (n)-[r:MEASURED_ON]->(other:Service)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'QoEMeasurement MEASURED_ON' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'SLAViolation'
    CALL (label) {
      MATCH (n:SLAViolation)
      WHERE n.uid STARTS WITH 'SLAViolation:' AND COUNT { (n)-[:OF_SLA]->() } > 1
      CALL (n) {
        MATCH (n)-[r:OF_SLA]->(other:SLA)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'SLAViolation OF_SLA' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'SelfCareStep'
    CALL (label) {
      MATCH (n:SelfCareStep)
      WHERE n.uid STARTS WITH 'SelfCareStep:' AND COUNT { (n)<-[:HAS_STEP]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:HAS_STEP]-(other:SelfCareTransaction)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'SelfCareStep HAS_STEP' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'SelfCareTransaction'
    CALL (label) {
      MATCH (n:SelfCareTransaction)
      WHERE n.uid STARTS WITH 'SelfCareTransaction:' AND COUNT { (n)<-[:STARTED]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:STARTED]-(other:User)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'SelfCareTransaction STARTED' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'ServiceLevelObjective'
    CALL (label) {
      MATCH (n:ServiceLevelObjective)
      WHERE n.uid STARTS WITH 'ServiceLevelObjective:' AND COUNT { (n)<-[:HAS_OBJECTIVE]-() } > 1
      CALL (n) {
        MATCH (n)<-[r:HAS_OBJECTIVE]-(other:SLA)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'ServiceLevelObjective HAS_OBJECTIVE' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'SourceRecord'
    CALL (label) {
      MATCH (n:SourceRecord)
      WHERE n.uid STARTS WITH 'SourceRecord:' AND COUNT { (n)-[:ASSERTS]->() } > 1
      CALL (n) {
        MATCH (n)-[r:ASSERTS]->(other)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'SourceRecord ASSERTS' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:' AND COUNT { (n)-[:CONVERTED_TO]->() } > 1
      CALL (n) {
        MATCH (n)-[r:CONVERTED_TO]->(other:Customer)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'User CONVERTED_TO' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:' AND COUNT { (n)-[:IDENTIFIES]->() } > 1
      CALL (n) {
        MATCH (n)-[r:IDENTIFIES]->(other:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH DISTINCT other.uid AS other
        ORDER BY other
        RETURN collect(other) AS others
      }
      WITH n, others, size(others) AS found
      WHERE found > 1
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'User IDENTIFIES' AS rule, 1 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:' AND COUNT { (n)-[:IDENTIFIES]->() } > 1
      CALL (n) {
        MATCH (n)-[r:IDENTIFIES]->(other:Individual|Organization)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH other.uid AS other, count(r) AS times
        WHERE times > 1
        WITH other, sum(times - 1) AS extra
        ORDER BY other
        RETURN collect(other) AS others, sum(extra) AS found
      }
      WITH n, others, found
      WHERE found > 0
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'User IDENTIFIES twice' AS rule, 0 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:' AND COUNT { (n)-[:USES_ACCOUNT]->() } > 1
      CALL (n) {
        MATCH (n)-[r:USES_ACCOUNT]->(other:Account)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH other.uid AS other, r.role AS role, count(r) AS times
        WHERE times > 1
        WITH other, sum(times - 1) AS extra
        ORDER BY other
        RETURN collect(other) AS others, sum(extra) AS found
      }
      WITH n, others, found
      WHERE found > 0
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'User USES_ACCOUNT twice' AS rule, 0 AS allowed, n, found, others
    UNION ALL
    WITH label
    WHERE label = 'User'
    CALL (label) {
      MATCH (n:User)
      WHERE n.uid STARTS WITH 'User:' AND COUNT { (n)-[:USES_SERVICE]->() } > 1
      CALL (n) {
        MATCH (n)-[r:USES_SERVICE]->(other:Service)
        WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        WITH other.uid AS other, r.role AS role, count(r) AS times
        WHERE times > 1
        WITH other, sum(times - 1) AS extra
        ORDER BY other
        RETURN collect(other) AS others, sum(extra) AS found
      }
      WITH n, others, found
      WHERE found > 0
      RETURN n, found, others
      ORDER BY n.uid
      LIMIT $limit
    }
    RETURN 'User USES_SERVICE twice' AS rule, 0 AS allowed, n, found, others
  }
  RETURN rule, allowed, n, found, others
}
RETURN
  rule,
  n.uid AS uid,
  found,
  allowed,
  others
ORDER BY rule, uid
LIMIT $limit
