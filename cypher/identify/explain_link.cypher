/*
title    = "How two things hang together"
question = "How are these two entities connected?"
actors   = ["care-agent", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["path"]
timeout  = 15
notes    = """
All shortest paths at as_of, at most max_depth hops, along relationships of the allowed types in either direction. A relationship with validity counts only while it is valid; one without counts always. path is uid, -TYPE-> or <-TYPE-, uid, … from start to end. Measurements, pages of a visit and source records link nobody to anybody: HAS_QOE, MEASURED_ON, HAS_STEP and ASSERTS are never followed. No rows when there is no such path. The same thing twice has no path.
Order: length, then the path as text.
"""

[params]
start     = { type = "ref[any]", help = "One thing: uid, or an id that only one thing has", example = "U-1002" }
end       = { type = "ref[any]", help = "The other", example = "SLA-1" }
max_depth = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Longest path looked at" }
types     = { type = "list[string]", optional = true, help = "Only along these relationship types" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 20, min = 1, help = "At most this many rows" }

[columns]
path        = { type = "list[string]", pii = "identifier", help = "uid, type with direction, uid, …" }
length      = { type = "int", unit = "hops", help = "Relationships in it" }
rel_types   = { type = "list[string]", help = "Their types, in order" }
valid_as_of = { type = "datetime", help = "The instant at which every hop is valid" }
*/
MATCH (a:Individual|Organization|Customer|Account|User|ContactMedium|Identifier|Group|Product|Service|Resource|SLA|ServiceLevelObjective|SLAViolation|TroubleTicket|ServiceProblem|PartyInteraction|SelfCareTransaction|ParentalControlPolicy|Permission|PrivacyProfile|Invitation {uid: $start})
MATCH (b:Individual|Organization|Customer|Account|User|ContactMedium|Identifier|Group|Product|Service|Resource|SLA|ServiceLevelObjective|SLAViolation|TroubleTicket|ServiceProblem|PartyInteraction|SelfCareTransaction|ParentalControlPolicy|Permission|PrivacyProfile|Invitation {uid: $end})
WHERE a <> b
// Measurements, pages and source records link nobody to anybody: their types stay out.
MATCH p = ALL SHORTEST (a)(()-[r:ENGAGED_PARTY|HOLDS_ACCOUNT|CHILD_OF|IDENTIFIES|USES_ACCOUNT|USES_SERVICE|RELATED_PARTY|REACHED_AT|NAMES|MEMBER_OF|SUBGROUP_OF|OWNED_BY|GUARDIAN_OF|OWNS|BILLED_TO|REALIZED_BY|SUPPORTED_BY|COVERED_BY|HAS_OBJECTIVE|OF_SLA|BREACHES|OBSERVED_ON|CREDITED_TO|ON_TICKET|ABOUT|RELATED_TICKET|PART_OF_PROBLEM|AFFECTS|HAD_INTERACTION|CONCERNS|STARTED|APPLIES_TO|SET_BY|GRANTED_TO|GRANTED_BY|ON_ASSET|APPLIES_FOR|AGREED_BY|SENT|ACCEPTED_AS|CONVERTED_TO|SAME_AS
    WHERE ($types IS NULL OR type(r) IN $types)
      AND (r.validFrom IS NULL OR r.validFrom <= $as_of) AND (r.validTo IS NULL OR r.validTo > $as_of)]-()){1,/*=max_depth*/4}(b)
WITH
  [i IN range(0, 2 * length(p)) |
    CASE
      WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid
      WHEN startNode(relationships(p)[i / 2]) = nodes(p)[i / 2] THEN '-' + type(relationships(p)[i / 2]) + '->'
      ELSE '<-' + type(relationships(p)[i / 2]) + '-'
    END] AS path,
  length(p) AS length,
  [x IN relationships(p) | type(x)] AS rel_types
RETURN DISTINCT path, length, rel_types, $as_of AS valid_as_of
ORDER BY length, path
LIMIT $limit
