/*
title    = "Find a party"
question = "Which user, individual, customer and account does this number, e-mail, login, id or name belong to?"
actors   = ["care-agent", "identity-admin", "privacy-officer"]
access   = "read"
returns  = "many"
key      = ["uid", "matched_on", "via"]
timeout  = 10
notes    = """
A row is a Customer, Account, User, Individual or Organization: the thing that the term names, and those that it belongs to, one step away and valid at as_of: a Service belongs to its users (USES_SERVICE), to the Customers that own (OWNS) and the Accounts that pay (BILLED_TO) its Products; a ContactMedium to whoever is REACHED_AT it; a TroubleTicket to whoever is ON_TICKET; an Identifier to what it NAMES; an Account to the Customers that hold it as accountHolder. A thing matched by id, login or name is its own row. matched_on is id, msisdn, email, phone, login, external id, or name. Ids and contacts match whole, in any case and phone format; names match when every word of the term is a word of the name, without regard to case, accents and punctuation.
Order: id, external id, login, email, phone, msisdn, name; then label, uid, via.
"""

[params]
term   = { type = "string", help = "Number, e-mail, login, account or ticket id, or name", example = "anna@example.org", pii = "contact" }
kinds  = { type = "list[string]", optional = true, choices = ["Customer", "Account", "User", "Individual", "Organization"], help = "Only rows of these labels" }
region = { type = "string", optional = true, help = "Country (ISO 3166) of a phone number written without its country code" }
as_of  = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit  = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[derived]
uids   = "uids(term)"
phone  = "e164(term, region)"
folded = "folded(term)"
words  = "lucene(term)"

[columns]
label        = { type = "string", help = "What the row is" }
uid          = { type = "string", pii = "identifier", help = "Its key" }
name         = { type = "string", pii = "name", help = "Name, or nickname of a user" }
matched_on   = { type = "string", help = "What the term matched" }
via          = { type = "string", pii = "contact", help = "The thing that matched: the row itself, or what it belongs to" }
customer_uid = { type = "string", pii = "identifier", help = "The customer behind it: itself; who engages the party; who holds the account as accountHolder; for a user, the holder of the account used (primary before delegate, secondary, guest)" }
kind         = { type = "string", help = "Of a user: the role on the account used at as_of; empty for others" }
*/
CALL () {
  UNWIND $uids AS candidate
  MATCH (hit:Customer|Account|User|Individual|Organization|Service|TroubleTicket {uid: candidate})
  RETURN hit, 'id' AS matched_on, 1 AS rank
  UNION
  MATCH (hit:Identifier {externalId: $term})
  RETURN hit, 'external id' AS matched_on, 2 AS rank
  UNION
  MATCH (hit:User {login: $folded})
  RETURN hit, 'login' AS matched_on, 3 AS rank
  UNION
  UNWIND [$folded, $phone] AS value
  MATCH (hit:ContactMedium {value: value})
  RETURN hit, hit.mediumType AS matched_on, CASE hit.mediumType WHEN 'email' THEN 4 ELSE 5 END AS rank
  UNION
  MATCH (hit:Service {msisdn: $phone})
  RETURN hit, 'msisdn' AS matched_on, 6 AS rank
  UNION
  CALL db.index.fulltext.queryNodes('names', $words, {limit: 200}) YIELD node AS hit
  RETURN hit, 'name' AS matched_on, 7 AS rank
}
CALL (hit) {
  WITH hit
  WHERE hit:Customer OR hit:Account OR hit:User OR hit:Party
  RETURN hit AS found
  UNION
  MATCH (hit:Service)<-[r:USES_SERVICE]-(found:User)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
  UNION
  MATCH (hit:Service)<-[z:REALIZED_BY]-(:Product)<-[r:OWNS]-(found:Customer)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
  UNION
  MATCH (hit:Service)<-[z:REALIZED_BY]-(:Product)-[r:BILLED_TO]->(found:Account)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
  UNION
  MATCH (hit:ContactMedium)<-[r:REACHED_AT]-(found:Individual|Organization|User|Customer)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
  UNION
  MATCH (hit:Identifier)-[r:NAMES]->(found:Customer|Account|User|Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
  UNION
  MATCH (hit:TroubleTicket)<-[:ON_TICKET]-(found:Individual|Organization|User|Customer)
  RETURN found
  UNION
  MATCH (hit:Account)<-[r:HOLDS_ACCOUNT {role: 'accountHolder'}]-(found:Customer)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN found
}
WITH DISTINCT found, matched_on, rank, hit.uid AS via,
  [x IN ['Customer', 'Account', 'User', 'Individual', 'Organization'] WHERE x IN labels(found)][0] AS label
WHERE $kinds IS NULL OR label IN $kinds
CALL (found) {
  OPTIONAL MATCH (found:User)-[u:USES_ACCOUNT]->(account:Account)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  WITH u.role AS kind, account.uid AS account_uid
  ORDER BY CASE kind WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 ELSE 4 END, account_uid
  LIMIT 1
  RETURN kind, account_uid
}
CALL (found, account_uid) {
  WITH found
  WHERE found:Customer
  RETURN found.uid AS customer
  UNION
  MATCH (found:Party)<-[r:ENGAGED_PARTY]-(c:Customer)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN c.uid AS customer
  UNION
  MATCH (:Account {uid: CASE WHEN found:Account THEN found.uid ELSE account_uid END})<-[r:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN c.uid AS customer
  UNION
  RETURN null AS customer
}
WITH label, found, matched_on, rank, via, kind, min(customer) AS customer_uid
RETURN label, found.uid AS uid, coalesce(found.name, found.nickname) AS name, matched_on, via, customer_uid, kind
ORDER BY rank, label, uid, via
LIMIT $limit
