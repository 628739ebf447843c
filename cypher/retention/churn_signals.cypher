/*
title    = "Churn signals"
question = "Which customers show several of: wasted self-care visits, repeated tickets, a silent breach, hidden bad experience, a contract near its end?"
actors   = ["retention-analyst", "care-agent"]
access   = "read"
returns  = "many"
key      = ["customer_uid", "currency"]
timeout  = 180
scope    = "graph"
notes    = """
A row is a Customer active at as_of (startDate empty or not after as_of, and status active, or terminated with a terminationDate after as_of) that shows at least k of five signals, and a currency. Its accounts are those it holds as accountHolder (HOLDS_ACCOUNT) at as_of. Nothing after as_of is seen. signals are in this order; evidence has, for each, signal, colon, blank and uid, in the same order, then by uid:
wastedTransactions   a user whom silent_quitters lists with n = wasted_n and these days, with this customer as its holder_uid; evidence is the user. In full: of the visits the user STARTED (of several starters the first by uid) with start in [as_of - days, as_of) at least wasted_n are wasted; none of these is escalated, and there is no contact from the start of the first of them on, of the user, of a Party it IDENTIFIES at as_of, or of a Customer that engages such a Party at as_of; and the Customer holding as accountHolder at as_of (the first by uid) the account of the last of them (by start, then uid) is this one.
  An outcome counts once its end (where one is known) is not after as_of. A visit ends at its end, else at its last sign of life (leftAt, enteredAt or start, the latest not after as_of). unfinished: outcome is abandoned, failed, timedOut or handedOver; or there is none and the end is more than 30 minutes before as_of. recovered: the same user (STARTED), or a visit with the same sessionId, completes (outcome completed) the same intent at an end after this one's start and at most 24 hours after its end. undecided: not recovered, and 24 hours after its end have not passed at as_of. wasted: unfinished and neither recovered nor undecided. The account of a visit is the one it CONCERNS (the first by uid), else the one the user used at its start (primary, delegate, secondary, guest, then uid).
  contact: an inbound PartyInteraction (start) whose channel is none of selfCare, web, app, or a TroubleTicket (creationDate), not after as_of. escalated: within 24 hours after its end, and not before its start: a contact of the user or the Party it IDENTIFIES, or of anyone using or holding at its start an account the user used then or the visit CONCERNS (users and the parties they identify, holding customers in any role and the parties they engage).
repeatTickets        an account of the customer that repeat_tickets lists with scope = account, n = tickets_n and these days; evidence is the tickets. In full: at least tickets_n tickets with creationDate from as_of - days to as_of, both included, of any type and status, that are ABOUT the account, or ABOUT a Product BILLED_TO it, or ABOUT a Service that realises (REALIZED_BY) such a product, as these stood when the ticket was created.
silentBreach         a violation that silent_breaches lists as violationWithoutTicket with hours = 24, decided, with this customer as its customer_uid; evidence is the violation. In full: an SLAViolation dated in [as_of - days, as_of) and at least 24 hours before as_of; no TroubleTicket of type incident (any case), created at most 24 hours before or after its date, is ABOUT a Service it was OBSERVED_ON, a Product REALIZED_BY that service, or an Account such a product is BILLED_TO (both valid at its date); its account is the one it is CREDITED_TO, else the one that a product realised by the service is BILLED_TO at its date (the first by uid), and the customer the one holding that as accountHolder at its date (the first by uid).
hiddenBadExperience  a user whom hidden_bad_experience lists on an account of the customer with metric = mos, granularity = day, gap = qoe_gap, threshold = qoe_threshold and windows of these days; evidence is the user. In full: windows that count are the QoEMeasurements (HAS_QOE) of metric mos and granularity day with windowStart in [as_of - days, as_of), n above 0, mean not empty, on a service that realises (REALIZED_BY) a Product BILLED_TO the account at as_of; an experience is the sum of n * mean over the sum of n of such windows, rounded to 3 decimals. The holder's is that, on all these services, of the first by uid, with a window that counts, of the users with role primary on the account, else of the users that IDENTIFIES the Party of a Customer holding it as accountHolder; it is at least qoe_threshold. Another user with role secondary or guest has on one of these services an experience below qoe_threshold and, rounded to 3 decimals, at least qoe_gap below the holder's.
contractEnd          a live Product that the customer owns (OWNS) at as_of whose contractEnd is in [as_of, as_of + contract_days); evidence is the product.
A Product is live when startDate is empty or not after as_of, terminationDate is empty or after as_of, and status is empty, active, suspended or pendingTerminate, or terminated with a terminationDate after as_of.
contract_end is the earliest contractEnd, not before as_of, of the live products owned; monthly_value the sum of monthlyValue of those of the currency, rounded to 2 decimals, one row for each currency (? where a value has none); a customer without any value has one row with both empty.
Order: number of signals from the greatest, then monthly_value descending (empty last; the numbers alone, whatever the currency), customer_uid, currency.
Cost: without customer, reads the visits, tickets, violations and low MOS windows of these days by their indexes, and with k = 1 every product.
"""
source   = ["TMF066 (Customer Experience Management Index)", "TMF701", "ITU-T G.107: below MOS 3.60 many users are dissatisfied"]

[params]
customer      = { type = "ref[Customer]", optional = true, example = "C-1001", help = "Only this customer" }
k             = { type = "int", default = 2, min = 1, max = 5, unit = "signals", help = "At least so many signals" }
days          = { type = "int", default = 30, min = 1, unit = "days", help = "Signals of so many days before as_of" }
wasted_n      = { type = "int", default = 2, min = 1, unit = "visits", help = "Wasted visits that make a silent quitter" }
tickets_n     = { type = "int", default = 2, min = 1, unit = "tickets", help = "Tickets on one account that are repeated" }
qoe_gap       = { type = "float", default = 1.0, min = 0, unit = "MOS", help = "The holder is better off by at least this" }
qoe_threshold = { type = "float", default = 3.6, unit = "MOS", help = "Fine is at least this, suffering below" }
contract_days = { type = "int", default = 60, min = 0, unit = "days", help = "A contract that ends in fewer days is near its end" }
as_of         = { type = "datetime", default = "now", help = "What was known at this instant" }
limit         = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
customer_uid  = { type = "string", pii = "identifier", help = "Who may leave" }
name          = { type = "string", pii = "name", help = "The customer's name" }
signals       = { type = "list[string]", help = "Which signals" }
evidence      = { type = "list[string]", pii = "identifier", help = "signal: uid of what shows it" }
contract_end  = { type = "datetime", help = "The next end of a contract" }
monthly_value = { type = "float", unit = "money", help = "What the customer pays a month" }
currency      = { type = "string", nullable = true, help = "Currency of the value" }
*/
CALL () {
  // Who may show anything: the named customer, else whoever an event of these days leads to.
  MATCH (c:Customer {uid: $customer})
  RETURN c
  UNION
  CALL () {
    WITH 1 AS once
    WHERE $customer IS NULL
    MATCH (t:SelfCareTransaction)
    WHERE t.start >= $as_of - duration({days: $days}) AND t.start < $as_of
      AND (t.outcome IS NULL OR t.outcome <> 'completed' OR t.end > $as_of)
    MATCH (u:User)-[:STARTED]->(t)
    WITH u, count(t) AS visits, collect(t) AS left
    WHERE visits >= $wasted_n
    CALL (u, left) {
      MATCH (u)-[:USES_ACCOUNT]->(a:Account)
      RETURN a
      UNION
      UNWIND left AS t
      MATCH (t)-[:CONCERNS]->(a:Account)
      RETURN a
    }
    RETURN a
    UNION
    WITH 1 AS once
    WHERE $customer IS NULL
    MATCH (t:TroubleTicket)
    WHERE t.creationDate >= $as_of - duration({days: $days}) AND t.creationDate <= $as_of
    CALL (t) {
      MATCH (t)-[:ABOUT]->(a:Account)
      RETURN a
      UNION
      MATCH (t)-[:ABOUT]->(:Product)-[:BILLED_TO]->(a:Account)
      RETURN a
      UNION
      MATCH (t)-[:ABOUT]->(:Service)<-[:REALIZED_BY]-(:Product)-[:BILLED_TO]->(a:Account)
      RETURN a
    }
    WITH a, count(DISTINCT t) AS tickets
    WHERE tickets >= $tickets_n
    RETURN a
    UNION
    WITH 1 AS once
    WHERE $customer IS NULL
    MATCH (v:SLAViolation)
    WHERE v.date >= $as_of - duration({days: $days}) AND v.date < $as_of
    CALL (v) {
      MATCH (v)-[:CREDITED_TO]->(a:Account)
      RETURN a
      UNION
      MATCH (v)-[:OBSERVED_ON]->(:Service)<-[:REALIZED_BY]-(:Product)-[:BILLED_TO]->(a:Account)
      RETURN a
    }
    RETURN a
    UNION
    WITH 1 AS once
    WHERE $customer IS NULL
    MATCH (q:QoEMeasurement)
    WHERE q.metric = 'mos' AND q.windowStart >= $as_of - duration({days: $days}) AND q.windowStart < $as_of
      AND q.granularity = 'day' AND q.n > 0 AND q.mean < $qoe_threshold
    MATCH (u:User)-[:HAS_QOE]->(q)
    WITH DISTINCT u
    MATCH (u)-[:USES_ACCOUNT]->(a:Account)
    RETURN a
  }
  WITH DISTINCT a
  MATCH (a)<-[:HOLDS_ACCOUNT {role: 'accountHolder'}]-(c:Customer)
  RETURN c
  UNION
  WITH 1 AS once
  WHERE $customer IS NULL AND $k = 1
  MATCH (p:Product)
  WHERE p.contractEnd >= $as_of AND p.contractEnd < $as_of + duration({days: $contract_days})
  MATCH (p)<-[:OWNS]-(c:Customer)
  RETURN c
}
WITH DISTINCT c
WHERE (c.startDate IS NULL OR c.startDate <= $as_of)
  AND (c.status = 'active' OR (c.status = 'terminated' AND c.terminationDate > $as_of))
CALL (c) {
  OPTIONAL MATCH (c)-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
  RETURN collect(DISTINCT a) AS accounts
}
CALL (c, accounts) {
  // wastedTransactions: as silent_quitters, from the account's side.
  UNWIND accounts AS a
  CALL (a) {
    MATCH (a)<-[:USES_ACCOUNT]-(u:User)
    RETURN u
    UNION
    MATCH (a)<-[:CONCERNS]-(:SelfCareTransaction)<-[:STARTED]-(u:User)
    RETURN u
  }
  WITH DISTINCT c, u
  // The window comes after the visits, or the plan would begin at all visits of these days for each user.
  MATCH (u)-[:STARTED]->(t:SelfCareTransaction)
  WITH DISTINCT c, u, t
  WHERE t.start >= $as_of - duration({days: $days}) AND t.start < $as_of
  CALL (t) {
    MATCH (one:User)-[:STARTED]->(t)
    RETURN min(one.uid) AS first_uid
  }
  WITH c, u, t
  WHERE first_uid = u.uid
  CALL (t) {
    OPTIONAL MATCH (t)-[:HAS_STEP]->(s:SelfCareStep)
    WHERE s.enteredAt IS NULL OR s.enteredAt <= $as_of
    RETURN collect(s.enteredAt) + collect(s.leftAt) AS signs
  }
  WITH c, u, t, CASE WHEN t.end <= $as_of THEN t.end END AS known_end,
    reduce(latest = t.start, x IN signs | CASE WHEN x > latest AND x <= $as_of THEN x ELSE latest END) AS last_sign
  WITH c, u, t, coalesce(known_end, last_sign) AS end,
    CASE WHEN t.end IS NULL OR t.end <= $as_of THEN t.outcome END AS outcome
  WHERE (outcome IN ['abandoned', 'failed', 'timedOut', 'handedOver']
      OR (outcome IS NULL AND end + duration({minutes: 30}) < $as_of))
    AND end + duration({hours: 24}) <= $as_of
  WITH c, u, t, end + duration({hours: 24}) AS deadline
  CALL (t, u, deadline) {
    CALL (t, u) {
      MATCH (u)-[:STARTED]->(done:SelfCareTransaction {intent: t.intent, outcome: 'completed'})
      RETURN done
      UNION
      MATCH (done:SelfCareTransaction {sessionId: t.sessionId})
      WHERE done.intent = t.intent AND done.outcome = 'completed'
      RETURN done
    }
    OPTIONAL MATCH (done)-[:HAS_STEP]->(s:SelfCareStep)
    WHERE done.end IS NULL AND (s.enteredAt IS NULL OR s.enteredAt <= $as_of)
    UNWIND CASE WHEN done.end IS NULL THEN [done.start, s.enteredAt, s.leftAt] ELSE [done.end] END AS sign
    WITH t, deadline, done, sign
    WHERE sign <= $as_of
    WITH t, deadline, done, max(sign) AS done_at
    WHERE done_at > t.start AND done_at <= deadline
    RETURN count(done) > 0 AS recovered
  }
  WITH c, u, t, deadline
  WHERE NOT recovered
  WITH c, u, t, deadline
  ORDER BY t.start, t.uid
  WITH c, u, collect({visit: t, deadline: deadline}) AS visits
  WHERE size(visits) >= $wasted_n
  CALL (u, visits) {
    CALL (u) {
      RETURN u AS face
      UNION
      MATCH (u)-[i:IDENTIFIES]->(face:Individual|Organization)
      WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      RETURN face
      UNION
      MATCH (u)-[i:IDENTIFIES]->(:Individual|Organization)<-[e:ENGAGED_PARTY]-(face:Customer)
      WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
        AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
      RETURN face
    }
    MATCH (face)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
    WITH contact, coalesce(contact.creationDate, contact.start) AS at, visits
    WHERE at >= visits[0].visit.start AND at <= $as_of
      AND (contact:TroubleTicket
        OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
    RETURN count(contact) AS own
  }
  WITH c, u, visits
  WHERE own = 0
  CALL (u, visits) {
    UNWIND visits AS v
    WITH u, v.visit AS t, v.deadline AS deadline
    CALL (t, u) {
      RETURN u AS one
      UNION
      MATCH (t)-[:CONCERNS]->(:Account)<-[r:USES_ACCOUNT|HOLDS_ACCOUNT]-(one:User|Customer)
      WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
      RETURN one
      UNION
      MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
      WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
      WITH DISTINCT t, a
      MATCH (a)<-[r:USES_ACCOUNT|HOLDS_ACCOUNT]-(one:User|Customer)
      WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
      RETURN one
    }
    OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
    WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
    UNWIND [one, party] AS person
    WITH DISTINCT person, t, deadline
    MATCH (person)-[:HAD_INTERACTION|ON_TICKET]->(contact:PartyInteraction|TroubleTicket)
    WITH contact, coalesce(contact.creationDate, contact.start) AS at, t, deadline
    WHERE at >= t.start AND at <= deadline AND at <= $as_of
      AND (contact:TroubleTicket
        OR (contact.direction = 'inbound' AND NOT coalesce(contact.channel, '') IN ['selfCare', 'web', 'app']))
    RETURN count(contact) AS escalations
  }
  WITH c, u, visits[-1].visit AS t
  WHERE escalations = 0
  CALL (t, u) {
    CALL (t, u) {
      MATCH (t)-[:CONCERNS]->(a:Account)
      RETURN a, 0 AS rank
      UNION
      MATCH (u)-[r:USES_ACCOUNT]->(a:Account)
      WHERE r.validFrom <= t.start AND (r.validTo IS NULL OR r.validTo > t.start)
      RETURN a, CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 ELSE 5 END AS rank
    }
    WITH a, rank
    ORDER BY rank, a.uid
    LIMIT 1
    MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(holder:Customer)
    WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
    RETURN min(holder.uid) AS holder_uid
  }
  WITH u
  WHERE holder_uid = c.uid
  WITH DISTINCT u.uid AS uid
  ORDER BY uid
  RETURN collect('wastedTransactions: ' + uid) AS wasted
}
CALL (accounts) {
  UNWIND accounts AS a
  CALL (a) {
    MATCH (a)<-[:ABOUT]-(t:TroubleTicket)
    RETURN t
    UNION
    MATCH (a)<-[b:BILLED_TO]-(:Product)<-[:ABOUT]-(t:TroubleTicket)
    WHERE b.validFrom <= t.creationDate AND (b.validTo IS NULL OR b.validTo > t.creationDate)
    RETURN t
    UNION
    MATCH (a)<-[b:BILLED_TO]-(:Product)-[z:REALIZED_BY]->(:Service)<-[:ABOUT]-(t:TroubleTicket)
    WHERE b.validFrom <= t.creationDate AND (b.validTo IS NULL OR b.validTo > t.creationDate)
      AND z.validFrom <= t.creationDate AND (z.validTo IS NULL OR z.validTo > t.creationDate)
    RETURN t
  }
  WITH a, t
  WHERE t.creationDate >= $as_of - duration({days: $days}) AND t.creationDate <= $as_of
  WITH a, collect(DISTINCT t.uid) AS tickets
  WHERE size(tickets) >= $tickets_n
  UNWIND tickets AS uid
  WITH DISTINCT uid
  ORDER BY uid
  RETURN collect('repeatTickets: ' + uid) AS repeated
}
CALL (c) {
  // By whatever account the customer holds or held: the one of the violation's date decides.
  MATCH (c)-[:HOLDS_ACCOUNT {role: 'accountHolder'}]->(a:Account)
  CALL (a) {
    MATCH (a)<-[:CREDITED_TO]-(v:SLAViolation)
    RETURN v
    UNION
    MATCH (a)<-[:BILLED_TO]-(:Product)-[:REALIZED_BY]->(s:Service)
    WITH DISTINCT s
    MATCH (s)<-[:OBSERVED_ON]-(v:SLAViolation)
    RETURN v
  }
  WITH DISTINCT c, v
  WHERE v.date >= $as_of - duration({days: $days}) AND v.date < $as_of AND v.date + duration({hours: 24}) <= $as_of
  CALL (v) {
    OPTIONAL MATCH (v)-[:CREDITED_TO]->(x:Account)
    RETURN min(x.uid) AS credited
  }
  CALL (v) {
    OPTIONAL MATCH (v)-[:OBSERVED_ON]->(:Service)<-[z:REALIZED_BY]-(:Product)-[b:BILLED_TO]->(x:Account)
    WHERE z.validFrom <= v.date AND (z.validTo IS NULL OR z.validTo > v.date)
      AND b.validFrom <= v.date AND (b.validTo IS NULL OR b.validTo > v.date)
    RETURN min(x.uid) AS billed
  }
  WITH c, v, coalesce(credited, billed) AS account_uid
  CALL (v, account_uid) {
    MATCH (:Account {uid: account_uid})<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(one:Customer)
    WHERE h.validFrom <= v.date AND (h.validTo IS NULL OR h.validTo > v.date)
    RETURN min(one.uid) AS customer_uid
  }
  WITH v
  WHERE customer_uid = c.uid
  CALL (v) {
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
      AND t.creationDate >= v.date - duration({hours: 24}) AND t.creationDate <= v.date + duration({hours: 24})
      AND t.creationDate <= $as_of
    RETURN count(t) AS tickets
  }
  WITH v
  WHERE tickets = 0
  WITH v.uid AS uid
  ORDER BY uid
  RETURN collect('silentBreach: ' + uid) AS silent
}
CALL (accounts) {
  UNWIND accounts AS a
  CALL (a) {
    MATCH (a)<-[b:BILLED_TO]-(:Product)-[z:REALIZED_BY]->(s:Service)
    WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
      AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
    RETURN collect(DISTINCT s.uid) AS services
  }
  CALL (a, services) {
    CALL (a) {
      MATCH (a)<-[r:USES_ACCOUNT {role: 'primary'}]-(holder:User)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN holder, 1 AS rank
      UNION
      MATCH (a)<-[h:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)-[e:ENGAGED_PARTY]->(:Individual|Organization)<-[i:IDENTIFIES]-(holder:User)
      WHERE h.validFrom <= $as_of AND (h.validTo IS NULL OR h.validTo > $as_of)
        AND e.validFrom <= $as_of AND (e.validTo IS NULL OR e.validTo > $as_of)
        AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      RETURN holder, 2 AS rank
    }
    WITH services, holder, min(rank) AS rank
    MATCH (holder)-[:HAS_QOE]->(q:QoEMeasurement)
    WITH DISTINCT services, holder, rank, q
    WHERE q.metric = 'mos' AND q.granularity = 'day' AND q.windowStart >= $as_of - duration({days: $days}) AND q.windowStart < $as_of
      AND q.n > 0 AND q.mean IS NOT NULL AND q.service IN services
    WITH holder, rank, round(sum(q.n * q.mean) / sum(q.n), 3) AS holder_qoe
    ORDER BY rank, holder.uid
    LIMIT 1
    RETURN holder, holder_qoe
  }
  WITH a, services, holder, holder_qoe
  WHERE holder_qoe >= $qoe_threshold
  MATCH (a)<-[r:USES_ACCOUNT]-(u:User)
  WHERE r.role IN ['secondary', 'guest'] AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of) AND u <> holder
  WITH DISTINCT services, holder_qoe, u
  MATCH (u)-[:HAS_QOE]->(q:QoEMeasurement)
  WITH DISTINCT services, holder_qoe, u, q
  WHERE q.metric = 'mos' AND q.granularity = 'day' AND q.windowStart >= $as_of - duration({days: $days}) AND q.windowStart < $as_of
    AND q.n > 0 AND q.mean IS NOT NULL AND q.service IN services
  WITH u, holder_qoe, q.service AS service, round(sum(q.n * q.mean) / sum(q.n), 3) AS user_qoe
  WHERE user_qoe < $qoe_threshold AND round(holder_qoe - user_qoe, 3) >= $qoe_gap
  WITH DISTINCT u.uid AS uid
  ORDER BY uid
  RETURN collect('hiddenBadExperience: ' + uid) AS hidden
}
CALL (c) {
  MATCH (c)-[o:OWNS]->(p:Product)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    AND (p.startDate IS NULL OR p.startDate <= $as_of) AND (p.terminationDate IS NULL OR p.terminationDate > $as_of)
    AND (coalesce(p.status, 'active') IN ['active', 'suspended', 'pendingTerminate'] OR (p.status = 'terminated' AND p.terminationDate IS NOT NULL))
  WITH DISTINCT p
  ORDER BY p.uid
  RETURN collect(p) AS products
}
WITH c, products, wasted, repeated, silent, hidden,
  [p IN products WHERE p.contractEnd >= $as_of AND p.contractEnd < $as_of + duration({days: $contract_days}) | 'contractEnd: ' + p.uid] AS ending
WITH c, products, wasted + repeated + silent + hidden + ending AS evidence,
  CASE WHEN size(wasted) > 0 THEN ['wastedTransactions'] ELSE [] END
    + CASE WHEN size(repeated) > 0 THEN ['repeatTickets'] ELSE [] END
    + CASE WHEN size(silent) > 0 THEN ['silentBreach'] ELSE [] END
    + CASE WHEN size(hidden) > 0 THEN ['hiddenBadExperience'] ELSE [] END
    + CASE WHEN size(ending) > 0 THEN ['contractEnd'] ELSE [] END AS signals
WHERE size(signals) >= $k
CALL (products) {
  UNWIND products AS p
  WITH p
  WHERE p.contractEnd >= $as_of
  RETURN min(p.contractEnd) AS contract_end
}
CALL (products) {
  UNWIND products AS p
  WITH p
  WHERE p.monthlyValue IS NOT NULL
  WITH coalesce(p.currency, '?') AS currency, round(sum(p.monthlyValue), 2) AS value
  RETURN collect({currency: currency, value: value}) AS values
}
UNWIND CASE WHEN size(values) = 0 THEN [{currency: null, value: null}] ELSE values END AS money
RETURN
  c.uid AS customer_uid,
  c.name AS name,
  signals,
  evidence,
  contract_end,
  money.value AS monthly_value,
  money.currency AS currency
ORDER BY size(signals) DESC, coalesce(monthly_value, -1.0) DESC, customer_uid, currency
LIMIT $limit
