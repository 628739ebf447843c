/*
title    = "Effective parental controls"
question = "Which parental-control policies bind this user, from which level, set by whom, and which decides?"
actors   = ["account-holder", "secondary-user", "care-agent", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["policy_uid", "applies_to"]
timeout  = 10
notes    = """
A row is a ParentalControlPolicy in force at as_of and one thing it APPLIES_TO, by which it binds the user. In force: validFrom empty or not after as_of, validTo empty or after as_of, status empty or active (in any case). Every other hop is valid at as_of too. Levels:
user      it applies to the user
service   it applies to a Service that the user uses (USES_SERVICE)
household it applies to a Household of which the user, or the Party it IDENTIFIES, is a member (MEMBER_OF), or which is up to depth hops (SUBGROUP_OF) around such a group
group     the same with a Group that is no Household
path is uid, -TYPE-> or <-TYPE-, uid, … from the user to the policy: the shortest, among equally short ones the first as text.
All policies bind together: what one forbids is forbidden. wins names the fields in which this one is the strictest of all rows (every one of several equally strict), in this order: rating_limit (the lowest, read as a number, 12 or 12.5; a limit written otherwise never wins), categories (every policy that blocks any adds to what is blocked), time_window (the fewest minutes between HH:MM-HH:MM of 00:00 to 23:59, past midnight where the end is not after the start; another spelling never wins), spend_limit (the lowest). An empty field never wins.
setter_role is what set_by (SET_BY, the first by uid) is to this user at as_of, the first that holds: self (the user itself); guardian (IDENTIFIES an Individual that is GUARDIAN_OF the Individual whom the user IDENTIFIES); accountHolder (IDENTIFIES the Party of a Customer that holds as accountHolder an account the user uses); primary (uses such an account as primary); head, then admin (the setter or its Party has this role in a Group of which the user or its Party is directly a member); empty when none holds.
Order: level as above, policy_uid, applies_to.
"""

[params]
user  = { type = "ref[User]", help = "User: uid or id", example = "U-1003" }
depth = { type = "int", literal = true, default = 3, min = 1, max = 6, unit = "hops", help = "Hops through nested groups" }
as_of = { type = "datetime", default = "now", help = "Relationships and policies valid at this instant" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
policy_uid   = { type = "string", help = "The policy" }
level        = { type = "string", help = "user, service, household or group" }
applies_to   = { type = "string", pii = "identifier", help = "The user, service or group that it applies to" }
rating_limit = { type = "string", help = "Highest age rating that may be watched" }
categories   = { type = "list[string]", help = "Categories that are blocked" }
time_window  = { type = "string", help = "Hours of the day that are allowed" }
spend_limit  = { type = "float", unit = "money", help = "Most that may be spent, in the account's currency" }
set_by       = { type = "string", pii = "identifier", help = "The user who set it" }
setter_role  = { type = "string", help = "What that user is to this one" }
path         = { type = "list[string]", pii = "identifier", help = "From the user to the policy" }
wins         = { type = "list[string]", help = "Fields in which it is the strictest" }
*/
MATCH (u:User {uid: $user})
CALL (u) {
  OPTIONAL MATCH (u)-[i:IDENTIFIES]->(p:Individual|Organization)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN collect(DISTINCT p) AS parties
}
CALL (u) {
  MATCH p = (u)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  RETURN policy, u AS target, p
  UNION
  MATCH p = (u)-[s:USES_SERVICE]->(target:Service)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN policy, target, p
  UNION
  MATCH p = (u)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->(:Group)){0,/*=depth*/3}(target:Group)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN policy, target, p
  UNION
  MATCH p = (u)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(:Group)(()-[s:SUBGROUP_OF WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]->(:Group)){0,/*=depth*/3}(target:Group)<-[:APPLIES_TO]-(policy:ParentalControlPolicy)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  RETURN policy, target, p
}
WITH u, parties, policy, target, length(p) AS hops,
  [i IN range(0, 2 * length(p)) |
    CASE
      WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid
      WHEN startNode(relationships(p)[i / 2]) = nodes(p)[i / 2] THEN '-' + type(relationships(p)[i / 2]) + '->'
      ELSE '<-' + type(relationships(p)[i / 2]) + '-'
    END] AS path
WHERE (policy.validFrom IS NULL OR policy.validFrom <= $as_of) AND (policy.validTo IS NULL OR policy.validTo > $as_of)
  AND toLower(coalesce(policy.status, 'active')) = 'active'
ORDER BY hops, path
WITH u, parties, policy, target, collect(path)[0] AS path
WITH u, parties, policy, target, path,
  CASE WHEN policy.timeWindow =~ '([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]'
    THEN [x IN split(policy.timeWindow, '-') | toInteger(split(x, ':')[0]) * 60 + toInteger(split(x, ':')[1])]
  END AS hours
WITH u, parties, collect({policy: policy, target: target, path: path,
  minutes: hours[1] - hours[0] + CASE WHEN hours[1] > hours[0] THEN 0 ELSE 1440 END,
  rating: CASE WHEN policy.ratingLimit =~ '[0-9]+([.][0-9]+)?' THEN toFloat(policy.ratingLimit) END}) AS bindings
CALL (bindings) {
  UNWIND bindings AS b
  RETURN min(b.rating) AS lowest_rating, min(b.minutes) AS least_minutes, min(b.policy.spendLimit) AS lowest_spend
}
UNWIND bindings AS b
WITH u, parties, b.policy AS policy, b.target AS target, b.path AS path, b.minutes AS minutes, b.rating AS rating,
  lowest_rating, least_minutes, lowest_spend
CALL (policy) {
  OPTIONAL MATCH (policy)-[:SET_BY]->(one:User)
  WITH one
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS setter
}
CALL (u, parties, setter) {
  WITH u, setter
  WHERE setter = u
  RETURN 1 AS rank
  UNION
  MATCH (setter)-[i:IDENTIFIES]->(:Individual)-[w:GUARDIAN_OF]->(minor:Individual)
  WHERE minor IN parties
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND w.validFrom <= $as_of AND (w.validTo IS NULL OR w.validTo > $as_of)
  RETURN 2 AS rank
  UNION
  MATCH (u)-[r:USES_ACCOUNT]->(:Account)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(:Individual|Organization)<-[i:IDENTIFIES]-(setter)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    AND h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
  RETURN 3 AS rank
  UNION
  MATCH (u)-[r:USES_ACCOUNT]->(:Account)<-[s:USES_ACCOUNT {role: 'primary'}]-(setter)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    AND s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN 4 AS rank
  UNION
  MATCH (setter)-[m:MEMBER_OF]->(g:Group)
  WHERE m.role IN ['head', 'admin'] AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  UNWIND [u] + parties AS one
  MATCH (one)-[n:MEMBER_OF]->(g)
  WHERE n.validFrom <= $as_of AND (n.validTo IS NULL OR n.validTo > $as_of)
  RETURN CASE m.role WHEN 'head' THEN 5 ELSE 6 END AS rank
  UNION
  MATCH (setter)-[i:IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(g:Group)
  WHERE m.role IN ['head', 'admin']
    AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
  UNWIND [u] + parties AS one
  MATCH (one)-[n:MEMBER_OF]->(g)
  WHERE n.validFrom <= $as_of AND (n.validTo IS NULL OR n.validTo > $as_of)
  RETURN CASE m.role WHEN 'head' THEN 5 ELSE 6 END AS rank
  UNION
  RETURN null AS rank
}
WITH policy, target, path, minutes, rating, lowest_rating, least_minutes, lowest_spend, setter, min(rank) AS rank
WITH *,
  CASE WHEN target:User THEN 'user' WHEN target:Service THEN 'service' WHEN target:Household THEN 'household' ELSE 'group' END AS level
RETURN
  policy.uid AS policy_uid,
  level,
  target.uid AS applies_to,
  policy.ratingLimit AS rating_limit,
  policy.blockedCategories AS categories,
  policy.timeWindow AS time_window,
  policy.spendLimit AS spend_limit,
  setter.uid AS set_by,
  ['self', 'guardian', 'accountHolder', 'primary', 'head', 'admin'][rank - 1] AS setter_role,
  path,
  [x IN [
    CASE WHEN rating = lowest_rating THEN 'rating_limit' END,
    CASE WHEN size(policy.blockedCategories) > 0 THEN 'categories' END,
    CASE WHEN minutes = least_minutes THEN 'time_window' END,
    CASE WHEN policy.spendLimit = lowest_spend THEN 'spend_limit' END
  ] WHERE x IS NOT NULL] AS wins
ORDER BY CASE level WHEN 'user' THEN 1 WHEN 'service' THEN 2 WHEN 'household' THEN 3 ELSE 4 END, policy_uid, applies_to
LIMIT $limit
