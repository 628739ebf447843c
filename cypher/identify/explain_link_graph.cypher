/*
title    = "How two things hang together, as a picture"
question = "Which things and relationships lie on the shortest connections of these two?"
actors   = ["care-agent", "privacy-officer"]
access   = "read"
returns  = "graph"
timeout  = 15
notes    = """
The nodes and relationships of the paths that explain_link lists: all shortest paths at as_of, at most max_depth hops, along relationships of the allowed types in either direction. A relationship with validity counts only while it is valid; one without counts always. Between two neighbours on a path every relationship of an allowed type that is valid is drawn. Empty when there is no such path, and for the same thing twice. limit counts nodes: the nearest to start are kept.
"""

[params]
start     = { type = "ref[any]", help = "One thing: uid, or an id that only one thing has", example = "U-1002" }
end       = { type = "ref[any]", help = "The other", example = "SLA-1" }
max_depth = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Longest path looked at" }
types     = { type = "list[string]", optional = true, help = "Only along these relationship types" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (a:Individual|Organization|Customer|Account|User|ContactMedium|Identifier|Group|Product|Service|Resource|SLA|ServiceLevelObjective|SLAViolation|TroubleTicket|ServiceProblem|PartyInteraction|SelfCareTransaction|ParentalControlPolicy|Permission|PrivacyProfile|Invitation {uid: $start})
MATCH (b:Individual|Organization|Customer|Account|User|ContactMedium|Identifier|Group|Product|Service|Resource|SLA|ServiceLevelObjective|SLAViolation|TroubleTicket|ServiceProblem|PartyInteraction|SelfCareTransaction|ParentalControlPolicy|Permission|PrivacyProfile|Invitation {uid: $end})
WHERE a <> b
MATCH p = ALL SHORTEST (a)(()-[r:ENGAGED_PARTY|HOLDS_ACCOUNT|CHILD_OF|IDENTIFIES|USES_ACCOUNT|USES_SERVICE|RELATED_PARTY|REACHED_AT|NAMES|MEMBER_OF|SUBGROUP_OF|OWNED_BY|GUARDIAN_OF|OWNS|BILLED_TO|REALIZED_BY|SUPPORTED_BY|COVERED_BY|HAS_OBJECTIVE|OF_SLA|BREACHES|OBSERVED_ON|CREDITED_TO|ON_TICKET|ABOUT|RELATED_TICKET|PART_OF_PROBLEM|AFFECTS|HAD_INTERACTION|CONCERNS|STARTED|APPLIES_TO|SET_BY|GRANTED_TO|GRANTED_BY|ON_ASSET|APPLIES_FOR|AGREED_BY|SENT|ACCEPTED_AS|CONVERTED_TO|SAME_AS
    WHERE ($types IS NULL OR type(r) IN $types)
      AND (r.validFrom IS NULL OR r.validFrom <= $as_of) AND (r.validTo IS NULL OR r.validTo > $as_of)]-()){1,/*=max_depth*/4}(b)
UNWIND range(0, length(p)) AS place
WITH nodes(p)[place] AS node, place, [r IN relationships(p) WHERE startNode(r) = nodes(p)[place]] AS leaving
UNWIND CASE leaving WHEN [] THEN [null] ELSE leaving END AS relationship
WITH node, min(place) AS place, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY place, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
