/*
title    = "Silent breaches"
question = "Which violations have no ticket, and which tickets claim a fault where no violation was seen?"
actors   = ["sla-manager", "care-agent"]
access   = "read"
returns  = "many"
key      = ["violation_uid", "ticket_uid"]
timeout  = 180
scope    = "graph"
notes    = """
A violation (SLAViolation, by its date) and a ticket (TroubleTicket, by its creationDate) belong together when the ticket is of type incident (any case), the two instants are at most `hours` apart, whichever came first, and the ticket is ABOUT a Service the violation was OBSERVED_ON, a Product REALIZED_BY that service, or an Account that such a product is BILLED_TO; both relationships valid at the violation's date. A violation that was observed on no service belongs to no ticket, nor does a ticket about nothing. Neither is seen when it is after as_of.
kind violationWithoutTicket  a violation dated in [since, until) to which no ticket belongs; service_uid is the service it was OBSERVED_ON (the first by uid), account_uid the Account CREDITED_TO, else the one that a product realised by the service is BILLED_TO at that date (the first by uid), customer_uid the Customer holding that account as accountHolder at that date (the first by uid)
kind ticketWithoutViolation  a ticket of type incident created in [since, until) to which no violation belongs, whether anything was promised or not; service_uid is the Service it is ABOUT (the first by uid), customer_uid the Customer ON_TICKET with role customer (the first by uid), account_uid the Account it is ABOUT, else the one that a Product it is ABOUT, or that realises a Service it is ABOUT, is BILLED_TO when it was created (the first by uid)
The other half of a pair may lie outside [since, until). undecided is true while `hours` after the row's instant have not passed at as_of: the other half may still come.
Order: at, newest first, then kind, violation_uid, ticket_uid.
"""
source   = ["TMF621", "TMF623"]

[params]
since = { type = "datetime", default = "as_of-30d", help = "Violations and tickets from then on" }
until = { type = "datetime", default = "as_of", help = "Violations and tickets before then" }
hours = { type = "int", default = 24, min = 0, unit = "hours", help = "Most time between a violation and its ticket" }
as_of = { type = "datetime", default = "now", help = "Nothing after this instant is seen" }
limit = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
kind          = { type = "string", help = "violationWithoutTicket or ticketWithoutViolation" }
violation_uid = { type = "string", nullable = true, help = "The violation nobody reported" }
ticket_uid    = { type = "string", nullable = true, help = "The ticket nobody measured" }
customer_uid  = { type = "string", pii = "identifier", help = "Whose it is" }
account_uid   = { type = "string", pii = "identifier", help = "The account behind it" }
service_uid   = { type = "string", help = "The service" }
at            = { type = "datetime", help = "Date of the violation, or creation of the ticket" }
undecided     = { type = "boolean", help = "Whether the other half may still come" }
*/
CALL () {
  MATCH (v:SLAViolation)
  WHERE v.date >= $since AND v.date < $until AND v.date <= $as_of
    AND NOT EXISTS {
      CALL (v) {
        MATCH (v)-[:OBSERVED_ON]->(thing:Service)
        RETURN thing
        UNION
        MATCH (v)-[:OBSERVED_ON]->(:Service)<-[z:REALIZED_BY]-(thing:Product)
        WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
        RETURN thing
        UNION
        MATCH (v)-[:OBSERVED_ON]->(:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(thing:Account)
        WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
          AND b.validFrom <= v.date AND (b.validTo IS NULL OR b.validTo > v.date)
        RETURN thing
      }
      MATCH (thing)<-[:ABOUT]-(t:TroubleTicket)
      WHERE toLower(t.ticketType) = 'incident'
        AND t.creationDate >= v.date - duration({hours: $hours})
        AND t.creationDate <= v.date + duration({hours: $hours})
        AND t.creationDate <= $as_of
      RETURN t
    }
  CALL (v) {
    OPTIONAL MATCH (v)-[:OBSERVED_ON]->(s:Service)
    RETURN min(s.uid) AS service_uid
  }
  CALL (v) {
    OPTIONAL MATCH (v)-[:CREDITED_TO]->(a:Account)
    RETURN min(a.uid) AS credited
  }
  CALL (v) {
    OPTIONAL MATCH (v)-[:OBSERVED_ON]->(:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(a:Account)
    WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
      AND b.validFrom <= v.date AND (b.validTo IS NULL OR b.validTo > v.date)
    RETURN min(a.uid) AS billed
  }
  WITH v, service_uid, coalesce(credited, billed) AS account_uid
  CALL (v, account_uid) {
    OPTIONAL MATCH (:Account {uid: account_uid})<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
    WHERE h.validFrom <= v.date AND (h.validTo IS NULL OR h.validTo > v.date)
    RETURN min(c.uid) AS customer_uid
  }
  RETURN 'violationWithoutTicket' AS kind, v.uid AS violation_uid, null AS ticket_uid, customer_uid, account_uid, service_uid, v.date AS at
  UNION
  MATCH (t:TroubleTicket)
  WHERE t.creationDate >= $since AND t.creationDate < $until AND t.creationDate <= $as_of
    AND toLower(t.ticketType) = 'incident'
    AND NOT EXISTS {
      CALL (t) {
        MATCH (t)-[:ABOUT]->(:Service)<-[:OBSERVED_ON]-(v:SLAViolation)
        RETURN v
        UNION
        MATCH (t)-[:ABOUT]->(:Product)-[z:REALIZED_BY]->(:Service)<-[:OBSERVED_ON]-(v:SLAViolation)
        WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
        RETURN v
        UNION
        MATCH (t)-[:ABOUT]->(:Account)<-[b:BILLED_TO]-(:Product)-[z:REALIZED_BY]->(s:Service)
        WITH DISTINCT s, b, z
        // Apart, so that the plan goes on from the account's services and does not begin at all violations.
        MATCH (s)<-[:OBSERVED_ON]-(v:SLAViolation)
        WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
          AND b.validFrom <= v.date AND (b.validTo IS NULL OR b.validTo > v.date)
        RETURN v
      }
      WITH v, t
      WHERE v.date >= t.creationDate - duration({hours: $hours})
        AND v.date <= t.creationDate + duration({hours: $hours})
        AND v.date <= $as_of
      RETURN v
    }
  CALL (t) {
    OPTIONAL MATCH (t)-[:ABOUT]->(s:Service)
    RETURN min(s.uid) AS service_uid
  }
  CALL (t) {
    OPTIONAL MATCH (t)-[:ABOUT]->(a:Account)
    RETURN min(a.uid) AS named
  }
  CALL (t) {
    CALL (t) {
      MATCH (t)-[:ABOUT]->(p:Product)
      RETURN p
      UNION
      MATCH (t)-[:ABOUT]->(:Service)<-[z:REALIZED_BY]-(p:Product)
      WHERE z.validFrom <= t.creationDate AND (z.validTo IS NULL OR z.validTo > t.creationDate)
      RETURN p
    }
    MATCH (p)-[b:BILLED_TO]->(a:Account)
    WHERE b.validFrom <= t.creationDate AND (b.validTo IS NULL OR b.validTo > t.creationDate)
    RETURN min(a.uid) AS billed
  }
  CALL (t) {
    OPTIONAL MATCH (t)<-[:ON_TICKET {role: 'customer'}]-(c:Customer)
    RETURN min(c.uid) AS customer_uid
  }
  RETURN 'ticketWithoutViolation' AS kind, null AS violation_uid, t.uid AS ticket_uid, customer_uid, coalesce(named, billed) AS account_uid, service_uid, t.creationDate AS at
}
RETURN
  kind,
  violation_uid,
  ticket_uid,
  customer_uid,
  account_uid,
  service_uid,
  at,
  at + duration({hours: $hours}) > $as_of AS undecided
ORDER BY at DESC, kind, violation_uid, ticket_uid
LIMIT $limit
