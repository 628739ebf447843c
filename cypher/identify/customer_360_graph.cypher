/*
title    = "Customer 360, as a picture"
question = "What hangs around this customer, as nodes and relationships?"
actors   = ["care-agent", "account-holder", "billing-analyst"]
access   = "read"
returns  = "graph"
timeout  = 10
notes    = """
The things of customer_360, the parties behind users with their groups, and the relationships through which all these come in, at as_of, in rings:
0 the customer
1 the parties it engages (ENGAGED_PARTY), related parties of the customer or of an account of ring 1 (RELATED_PARTY), accounts it holds in any role (HOLDS_ACCOUNT), products it owns (OWNS)
2 users of these accounts (USES_ACCOUNT), users that IDENTIFIES an engaged party, the account a product of ring 1 is BILLED_TO, services that realise a product of ring 1 (REALIZED_BY)
3 the party a user IDENTIFIES, services a user uses (USES_SERVICE), groups of the customer, an engaged party, a user or a user's party (MEMBER_OF) and groups OWNED_BY the customer or a held account; contacts (HAD_INTERACTION) of the customer, an engaged party, a user or a user's party: the newest `contacts` of them with start before as_of, ties by uid
4 groups around those groups up to depth (SUBGROUP_OF); active SLAs (state empty or active) that cover the customer, an account, a product or a group of rings 1 to 4 (COVERED_BY); open tickets (acknowledged, inProgress, pending, held; creationDate not after as_of) that the customer, an engaged party, a user or a user's party is ON_TICKET of or that are ABOUT a product, service or account above; the newest experience of each user, service and metric begun before as_of (HAS_QOE, and MEASURED_ON where the service is above)
A thing in several rings is of the first. limit counts nodes: the inner rings are kept, in a ring the first by uid.
"""

[params]
customer = { type = "ref[Customer]", help = "Customer: uid or CRM id", example = "C-1001" }
depth    = { type = "int", literal = true, default = 3, min = 1, max = 6, unit = "hops", help = "Hops through nested groups" }
contacts = { type = "int", default = 5, min = 0, help = "How many of the last contacts" }
as_of    = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit    = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (c:Customer {uid: $customer})
CALL (c) {
  OPTIONAL MATCH (c)-[r:ENGAGED_PARTY]->(p:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS parties
}
CALL (c) {
  OPTIONAL MATCH (c)-[r:HOLDS_ACCOUNT]->(a:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT a) AS accounts
}
CALL (c) {
  OPTIONAL MATCH (c)-[r:OWNS]->(p:Product)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS products
}
CALL (accounts, parties) {
  UNWIND accounts + parties AS anchor
  MATCH (anchor)<-[r:USES_ACCOUNT|IDENTIFIES]-(u:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT u) AS users
}
CALL (users) {
  UNWIND users AS u
  MATCH (u)-[r:IDENTIFIES]->(p:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT p) AS user_parties
}
CALL (products, users) {
  UNWIND products + users AS anchor
  MATCH (anchor)-[r:REALIZED_BY|USES_SERVICE]->(s:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT s) AS services
}
CALL (c, parties, users, user_parties) {
  UNWIND [c] + parties + users + user_parties AS person
  WITH DISTINCT person
  RETURN collect(person) AS people
}
CALL (people) {
  UNWIND people AS person
  MATCH (person)-[r:MEMBER_OF]->(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT g) AS member_groups
}
CALL (c, accounts) {
  UNWIND [c] + accounts AS owner
  MATCH (owner)<-[r:OWNED_BY]-(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN collect(DISTINCT g) AS owned_groups
}
CALL (member_groups) {
  UNWIND member_groups AS inner
  MATCH p = (inner)(()-[r:SUBGROUP_OF WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)]->(:Group)){1,/*=depth*/3}(:Group)
  RETURN collect(p) AS nested
}
CALL (nested) {
  UNWIND nested AS p
  UNWIND nodes(p) AS g
  RETURN collect(DISTINCT g) AS nested_groups
}
CALL (c, parties, accounts, products, users, user_parties, services, people, member_groups, owned_groups, nested, nested_groups) {
  MATCH p = (c)
  RETURN p, [0] AS rings
  UNION
  MATCH p = (c)-[r:ENGAGED_PARTY|HOLDS_ACCOUNT|OWNS]->(:Individual|Organization|Account|Product)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [0, 1] AS rings
  UNION
  UNWIND [c] + accounts AS x
  MATCH p = (x)-[r:RELATED_PARTY]->(:Individual|Organization|Customer|User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [1, 1] AS rings
  UNION
  UNWIND users AS u
  MATCH p = (u)-[r:USES_ACCOUNT]->(a:Account)
  WHERE a IN accounts AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 1] AS rings
  UNION
  UNWIND users AS u
  MATCH p = (u)-[r:IDENTIFIES]->(:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 3] AS rings
  UNION
  UNWIND products AS x
  MATCH p = (x)-[r:BILLED_TO|REALIZED_BY]->(:Account|Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [1, 2] AS rings
  UNION
  UNWIND users AS u
  MATCH p = (u)-[r:USES_SERVICE]->(:Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 3] AS rings
  UNION
  UNWIND people AS person
  MATCH p = (person)-[r:MEMBER_OF]->(:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [3, 3] AS rings
  UNION
  UNWIND owned_groups AS g
  MATCH p = (g)-[r:OWNED_BY]->(owner:Account|Customer)
  WHERE (owner = c OR owner IN accounts) AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [3, 1] AS rings
  UNION
  UNWIND nested AS p
  RETURN p, [n IN nodes(p) | 4] AS rings
  UNION
  UNWIND [c] + accounts + products + member_groups + nested_groups AS covered
  MATCH p = (covered)-[r:COVERED_BY]->(s:SLA)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of) AND toLower(coalesce(s.state, 'active')) = 'active'
  RETURN p, [4, 4] AS rings
  UNION
  UNWIND people AS person
  MATCH p = (person)-[:ON_TICKET]->(t:TroubleTicket)
  WHERE t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] AND t.creationDate <= $as_of
  RETURN p, [4, 4] AS rings
  UNION
  UNWIND products + services + accounts AS thing
  MATCH p = (thing)<-[:ABOUT]-(t:TroubleTicket)
  WHERE t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] AND t.creationDate <= $as_of
  RETURN p, [4, 4] AS rings
  UNION
  CALL (users) {
    UNWIND users AS u
    MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
    WHERE q.windowStart < $as_of
    WITH u, q
    ORDER BY q.windowStart DESC, q.uid
    WITH u, q.service AS service, q.metric AS metric, collect(q)[0] AS q
    RETURN u, q
  }
  CALL (u, q, services) {
    MATCH p = (u)-[:HAS_QOE]->(q)
    RETURN p
    UNION
    MATCH p = (q)-[:MEASURED_ON]->(s:Service)
    WHERE s IN services
    RETURN p
  }
  RETURN p, [4, 4] AS rings
  UNION
  CALL (people) {
    UNWIND people AS person
    MATCH (person)-[:HAD_INTERACTION]->(i:PartyInteraction)
    WHERE i.start < $as_of
    WITH DISTINCT i
    ORDER BY i.start DESC, i.uid
    LIMIT $contacts
    RETURN i
  }
  WITH i, people
  MATCH p = (i)<-[:HAD_INTERACTION]-(person)
  WHERE person IN people
  RETURN p, [3, 3] AS rings
}
UNWIND range(0, length(p)) AS place
WITH nodes(p)[place] AS node, rings[place] AS ring, [r IN relationships(p) WHERE startNode(r) = nodes(p)[place]] AS leaving
UNWIND CASE leaving WHEN [] THEN [null] ELSE leaving END AS relationship
WITH node, min(ring) AS ring, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY ring, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
