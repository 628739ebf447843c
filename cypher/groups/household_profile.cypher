/*
title    = "Household profile"
question = "Who lives in this household: roles, minors, services, open tickets, experience?"
actors   = ["care-agent", "marketing", "retention-analyst"]
access   = "read"
returns  = "many"
key      = ["member_uid"]
timeout  = 10
notes    = """
All at as_of. A row is a human, or an organization, that is a MEMBER_OF the Household itself, as Party, User or Customer; one human in several roles is one row. member_uid is the Party: the member itself, the one a User IDENTIFIES or a Customer engages (ENGAGED_PARTY) at as_of (the first by uid); the member where there is none. Members of groups inside, and services, are no rows; a group that is no Household has none.
role is that of the memberships in the household, the first of head, adult, admin, member, child, any other; valid_from the earliest validFrom among them. users are the Users that are members or IDENTIFIES the Party, customers the Customers that are members or engage it.
age_band is the age in full years between birthDate and the day of as_of in UTC: 0-12, 13-15, 16-17, 18-24, 25-44, 45-64, 65+, or unknown without a birthDate. minor is whether that age is below age_limit; empty where it is unknown.
services are the Services the users use (USES_SERVICE), in order. open_tickets counts the TroubleTickets that the Party, the users or the customers are ON_TICKET of in any role, with creationDate not after as_of, and status acknowledged, inProgress, pending or held (as of the last load) or a resolutionDate after as_of.
qoe is the mean of metric over the windows of the users (HAS_QOE) with windowStart in [since, until), of every granularity: the sum of n x mean over the sum of n, rounded to two places; qoe_n is that sum of n, and qoe_worst the least mean. Windows without n or mean, or with n = 0, do not count; without any, qoe and qoe_worst are empty and qoe_n is 0.
Order: role (head, adult, admin, member, child, any other), member_uid.
"""
source   = ["GDPR Art. 8: 16 years where a member state sets no other (Spain 14; the United Kingdom and the United States 13)", "ITU-T G.107, P.800 (MOS)"]

[params]
household = { type = "ref[Group]", help = "Household: uid or id", example = "G-HOME" }
age_limit = { type = "int", default = 16, min = 1, max = 30, unit = "years", help = "Younger is a minor" }
metric    = { type = "string", default = "mos", help = "Metric of the experience" }
since     = { type = "datetime", default = "as_of-30d", help = "Windows of experience from then on" }
until     = { type = "datetime", default = "as_of", help = "Windows of experience begun before then" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
member_uid   = { type = "string", pii = "identifier", help = "The human; the member itself where no party is known" }
name         = { type = "string", pii = "name", help = "Name, or nickname of a user" }
role         = { type = "string", help = "head, adult, child, …" }
valid_from   = { type = "datetime", help = "Since when a member; empty is unknown" }
age_band     = { type = "string", pii = "birth", help = "Age in full years" }
minor        = { type = "boolean", pii = "birth", help = "Younger than age_limit; empty is unknown" }
users        = { type = "list[string]", pii = "identifier", help = "The person's users" }
customers    = { type = "list[string]", pii = "identifier", help = "The person's customers" }
services     = { type = "list[string]", help = "Services used" }
open_tickets = { type = "int", unit = "tickets", help = "Tickets open at as_of" }
qoe          = { type = "float", unit = "of the metric", pii = "behaviour", help = "Mean of the metric over the window" }
qoe_n        = { type = "int", unit = "measurements", help = "Measurements behind it" }
qoe_worst    = { type = "float", unit = "of the metric", pii = "behaviour", help = "The least mean of a window" }
*/
MATCH (g:Group {uid: $household})<-[m:MEMBER_OF]-(member:Individual|Organization|User|Customer)
WHERE g:Household AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
CALL (member) {
  OPTIONAL MATCH (member)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  WITH party
  ORDER BY party.uid
  LIMIT 1
  RETURN party
}
WITH coalesce(party, member) AS person, member, m.validFrom AS since,
  CASE m.role WHEN 'head' THEN 1 WHEN 'adult' THEN 2 WHEN 'admin' THEN 3 WHEN 'member' THEN 4 WHEN 'child' THEN 5 ELSE 6 END AS rank, m.role AS role
ORDER BY rank, role
WITH person, collect(DISTINCT member) AS members, collect(role)[0] AS role, min(rank) AS rank, min(since) AS valid_from
CALL (person, members) {
  CALL (person, members) {
    UNWIND members AS one
    WITH one
    WHERE one:User OR one:Customer
    RETURN one
    UNION
    MATCH (person:Party)<-[r:IDENTIFIES|ENGAGED_PARTY]-(one:User|Customer)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN one
  }
  WITH one
  ORDER BY one.uid
  RETURN collect(one) AS roles
}
WITH person, role, rank, valid_from, roles, [x IN roles WHERE x:User] AS users, [x IN roles WHERE x:Customer] AS customers,
  duration.between(person.birthDate, date($as_of)).years AS age
CALL (users) {
  UNWIND users AS u
  MATCH (u)-[s:USES_SERVICE]->(service:Service)
  WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  WITH DISTINCT service.uid AS service
  ORDER BY service
  RETURN collect(service) AS services
}
CALL (person, roles) {
  UNWIND [person] + roles AS one
  MATCH (one)-[:ON_TICKET]->(t:TroubleTicket)
  WHERE t.creationDate <= $as_of
    AND (t.status IN ['acknowledged', 'inProgress', 'pending', 'held'] OR t.resolutionDate > $as_of)
  RETURN count(DISTINCT t) AS open_tickets
}
CALL (users) {
  UNWIND users AS u
  MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WHERE q.metric = $metric AND q.windowStart >= $since AND q.windowStart < $until AND q.n > 0 AND q.mean IS NOT NULL
  WITH DISTINCT q
  RETURN sum(q.n) AS qoe_n, sum(q.n * q.mean) AS weighted, min(q.mean) AS qoe_worst
}
RETURN
  person.uid AS member_uid,
  coalesce(person.name, person.nickname) AS name,
  role,
  valid_from,
  CASE
    WHEN age IS NULL THEN 'unknown'
    WHEN age < 13 THEN '0-12'
    WHEN age < 16 THEN '13-15'
    WHEN age < 18 THEN '16-17'
    WHEN age < 25 THEN '18-24'
    WHEN age < 45 THEN '25-44'
    WHEN age < 65 THEN '45-64'
    ELSE '65+'
  END AS age_band,
  age < $age_limit AS minor,
  [x IN users | x.uid] AS users,
  [x IN customers | x.uid] AS customers,
  services,
  open_tickets,
  CASE WHEN qoe_n > 0 THEN round(weighted / qoe_n, 2) END AS qoe,
  qoe_n,
  qoe_worst
ORDER BY rank, member_uid
LIMIT $limit
