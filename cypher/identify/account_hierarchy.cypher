/*
title    = "Account hierarchy"
question = "Which accounts stand above and below this one, who holds each, who pays and who gets the bill?"
actors   = ["care-agent", "billing-analyst"]
access   = "read"
returns  = "many"
key      = ["account_uid", "relation"]
timeout  = 10
notes    = """
All at as_of. A row is the account itself (relation self, depth 0), an account above it (parent: CHILD_OF followed towards its end) or below it (child: towards its start), at most max_depth hops, every hop valid. depth is the fewest hops in that direction. Siblings are not rows. In a cycle an account may be parent and child at once, which are two rows; the account itself is never its own parent or child.
holder is the Customer that HOLDS_ACCOUNT as accountHolder; bill_payer the one with role billPayer, where there is none the holder; bill_receiver the one with role billReceiver, where there is none the bill_payer. Where several Customers have a role it is the first by uid; without any the columns are empty. Nobody inherits from a parent account.
path is uid, -CHILD_OF-> or <-CHILD_OF-, uid, … from the account to the row's account; among equally short ones the first as a list of texts. name and state are as of the last load.
Order: relation (parent, self, child), parents from the farthest, children from the nearest, then account_uid.
"""
source   = ["TMF666 accountRelationship"]

[params]
account   = { type = "ref[Account]", help = "Account: uid or number", example = "A-2001" }
direction = { type = "string", default = "both", choices = ["up", "down", "both"], help = "up: parents; down: children; the account itself is always a row" }
max_depth = { type = "int", literal = true, default = 6, min = 1, max = 12, unit = "hops", help = "Hops of CHILD_OF in each direction" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
account_uid       = { type = "string", pii = "identifier", help = "The account" }
relation          = { type = "string", help = "self, parent or child" }
depth             = { type = "int", unit = "hops", help = "Hops from the account asked for" }
name              = { type = "string", pii = "name", help = "Name of the account" }
state             = { type = "string", help = "Active, Closed, Suspended, …" }
holder_uid        = { type = "string", pii = "identifier", help = "Customer who holds it" }
holder            = { type = "string", pii = "name", help = "Name of the holder" }
bill_payer_uid    = { type = "string", pii = "identifier", help = "Customer who pays; the holder where nobody else is named" }
bill_receiver_uid = { type = "string", pii = "identifier", help = "Customer who gets the bill; the payer where nobody else is named" }
path              = { type = "list[string]", pii = "identifier", help = "From the account asked for to this one" }
*/
MATCH (start:Account {uid: $account})
CALL (start) {
  RETURN start AS account, 2 AS rank, 'self' AS relation, [start.uid] AS path
  UNION
  MATCH p = (start)(()-[r:CHILD_OF WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)]->(:Account)){1,/*=max_depth*/6}(account:Account)
  WHERE $direction <> 'down' AND account <> start
  RETURN account, 1 AS rank, 'parent' AS relation,
    [i IN range(0, 2 * length(p)) | CASE WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid ELSE '-CHILD_OF->' END] AS path
  UNION
  MATCH p = (start)(()<-[r:CHILD_OF WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)]-(:Account)){1,/*=max_depth*/6}(account:Account)
  WHERE $direction <> 'up' AND account <> start
  RETURN account, 3 AS rank, 'child' AS relation,
    [i IN range(0, 2 * length(p)) | CASE WHEN i % 2 = 0 THEN nodes(p)[i / 2].uid ELSE '<-CHILD_OF-' END] AS path
}
WITH account, rank, relation, path
ORDER BY size(path), path
WITH account, rank, relation, collect(path)[0] AS path
CALL (account) {
  OPTIONAL MATCH (account)<-[h:HOLDS_ACCOUNT]-(c:Customer)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  WITH h.role AS role, c
  ORDER BY c.uid
  WITH collect({role: role, customer: c}) AS holders
  RETURN
    [x IN holders WHERE x.role = 'accountHolder' | x.customer][0] AS holder,
    [x IN holders WHERE x.role = 'billPayer' | x.customer][0] AS payer,
    [x IN holders WHERE x.role = 'billReceiver' | x.customer][0] AS receiver
}
WITH account, rank, relation, path, size(path) / 2 AS depth, holder, coalesce(payer, holder) AS payer, receiver
RETURN
  account.uid AS account_uid,
  relation,
  depth,
  account.name AS name,
  account.state AS state,
  holder.uid AS holder_uid,
  holder.name AS holder,
  payer.uid AS bill_payer_uid,
  coalesce(receiver, payer).uid AS bill_receiver_uid,
  path
ORDER BY rank, CASE relation WHEN 'parent' THEN -depth ELSE depth END, account_uid
LIMIT $limit
