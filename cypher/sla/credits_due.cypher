/*
title    = "Credits due"
question = "Which consequences of violations are unpaid, to which account, and who is credited?"
actors   = ["billing-analyst", "sla-manager"]
access   = "read"
returns  = "many"
key      = ["account_uid", "currency"]
timeout  = 60
scope    = "graph"
notes    = """
Unpaid: an SLAViolation dated in [since, until) and not after as_of, with creditDue above 0 and creditPaidAt empty or after as_of. A violation without creditDue is no credit, whatever its consequence says.
A row is an Account (CREDITED_TO; of several the first by uid) and a currency: amounts of different currencies, and those without one, are never added. Credits that name no account are rows with the account empty. credit_due is the sum, rounded to 4 decimals; rows below min_amount are left out. payer is the Customer that at as_of holds the account as billPayer (the first by uid), else as accountHolder (the first by uid). oldest is the earliest date, violation_uids all of them by date, then uid.
Order: currency (empty last), credit_due from the greatest, account_uid (empty last).
"""
source   = ["TMF623 violation.consequence", "eTOM 1.3.8"]

[params]
since      = { type = "datetime", default = "as_of-365d", help = "Violations dated from then on" }
until      = { type = "datetime", default = "as_of", help = "Violations dated before then" }
min_amount = { type = "float", default = 0.0, min = 0, unit = "in currency", help = "Only accounts that are owed at least this" }
as_of      = { type = "datetime", default = "now", help = "Paid by this instant, and who pays then" }
limit      = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
account_uid    = { type = "string", pii = "identifier", help = "The account that is owed" }
payer          = { type = "string", pii = "identifier", help = "uid of the Customer who pays its bill" }
violations     = { type = "int", unit = "violations", help = "How many are unpaid" }
credit_due     = { type = "float", unit = "in currency", help = "What is due" }
currency       = { type = "string", nullable = true, help = "ISO 4217" }
oldest         = { type = "datetime", help = "Date of the first of them" }
violation_uids = { type = "list[string]", help = "The violations" }
*/
MATCH (v:SLAViolation)
WHERE v.date >= $since AND v.date < $until AND v.date <= $as_of
  AND v.creditDue > 0
  AND (v.creditPaidAt IS NULL OR v.creditPaidAt > $as_of)
OPTIONAL MATCH (v)-[:CREDITED_TO]->(a:Account)
WITH v, min(a.uid) AS account_uid
ORDER BY v.date, v.uid
WITH account_uid, v.currency AS currency, collect(v) AS unpaid
WITH account_uid, currency, unpaid, round(reduce(total = 0.0, x IN unpaid | total + x.creditDue), 4) AS credit_due
WHERE credit_due >= $min_amount
CALL (account_uid) {
  OPTIONAL MATCH (:Account {uid: account_uid})<-[h:HOLDS_ACCOUNT]-(c:Customer)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    AND h.role IN ['billPayer', 'accountHolder']
  WITH c, h
  ORDER BY h.role DESC, c.uid
  LIMIT 1
  RETURN c.uid AS payer
}
RETURN
  account_uid,
  payer,
  size(unpaid) AS violations,
  credit_due,
  currency,
  unpaid[0].date AS oldest,
  [x IN unpaid | x.uid] AS violation_uids
ORDER BY currency, credit_due DESC, account_uid
LIMIT $limit
