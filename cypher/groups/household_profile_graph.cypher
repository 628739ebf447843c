/*
title    = "Household profile, as a picture"
question = "Who lives in this household, as nodes and relationships: people, users, accounts, services, tickets?"
actors   = ["care-agent", "marketing", "retention-analyst"]
access   = "read"
returns  = "graph"
timeout  = 10
notes    = """
All at as_of, in rings. Empty for a group that is no Household.
0 the Household
1 its members (MEMBER_OF: Party, User, Customer, Service) and the Account or Customer it is OWNED_BY
2 the Party that a member User IDENTIFIES or a member Customer engages (ENGAGED_PARTY), and the Users and Customers that IDENTIFIES or engage a Party of rings 1 and 2; every valid relationship of these two types between a Party and a User or Customer of rings 1 and 2 is drawn, and GUARDIAN_OF between those Individuals
3 the Accounts that a User of rings 1 and 2 USES_ACCOUNT, the Services it USES_SERVICE
4 the open tickets that a Party, User or Customer of rings 1 and 2 is ON_TICKET of: creationDate not after as_of, and status acknowledged, inProgress, pending or held (as of the last load) or a resolutionDate after as_of
A thing in several rings is of the first. limit counts nodes: the inner rings are kept, in a ring the first by uid.
"""

[params]
household = { type = "ref[Group]", help = "Household: uid or id", example = "G-HOME" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (g:Group {uid: $household})
WHERE g:Household
CALL (g) {
  OPTIONAL MATCH (g)<-[m:MEMBER_OF]-(member:Individual|Organization|User|Customer|Service)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN collect(DISTINCT member) AS members
}
CALL (members) {
  CALL (members) {
    UNWIND members AS member
    WITH member
    WHERE member:Party
    RETURN member AS party
    UNION
    UNWIND members AS member
    MATCH (member)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN party
  }
  RETURN collect(party) AS parties
}
CALL (members, parties) {
  CALL (members, parties) {
    UNWIND members AS member
    WITH member
    WHERE member:User OR member:Customer
    RETURN member AS one
    UNION
    UNWIND parties AS party
    MATCH (party)<-[r:IDENTIFIES|ENGAGED_PARTY]-(one:User|Customer)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN one
  }
  RETURN collect(one) AS roles
}
CALL (g, members, parties, roles) {
  MATCH p = (g)
  RETURN p, [0] AS rings
  UNION
  MATCH p = (g)<-[m:MEMBER_OF]-(:Individual|Organization|User|Customer|Service)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN p, [0, 1] AS rings
  UNION
  MATCH p = (g)-[o:OWNED_BY]->(:Account|Customer)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  RETURN p, [0, 1] AS rings
  UNION
  UNWIND roles AS one
  MATCH p = (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE party IN parties AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 2] AS rings
  UNION
  UNWIND parties AS guardian
  MATCH p = (guardian)-[r:GUARDIAN_OF]->(child:Individual)
  WHERE child IN parties AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 2] AS rings
  UNION
  UNWIND roles AS one
  MATCH p = (one)-[r:USES_ACCOUNT|USES_SERVICE]->(:Account|Service)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN p, [2, 3] AS rings
  UNION
  UNWIND parties + roles AS one
  MATCH p = (one)-[:ON_TICKET]->(t:TroubleTicket)
  WHERE t.creationDate <= $as_of
    AND (t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] OR t.resolutionDate > $as_of)
  RETURN p, [2, 4] AS rings
}
UNWIND range(0, length(p)) AS place
WITH nodes(p)[place] AS node, rings[place] AS ring, [r IN relationships(p) WHERE startNode(r) = nodes(p)[place]] AS leaving
UNWIND CASE leaving WHEN [] THEN [null] ELSE leaving END AS relationship
WITH node, min(ring) AS ring, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY ring, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
