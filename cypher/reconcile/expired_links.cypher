/*
title    = "Ended, but something live hangs on it"
question = "Which things are closed, or left by whom they belong to, while something live still hangs on them?"
actors   = ["data-engineer", "identity-admin"]
access   = "read"
returns  = "many"
key      = ["reason", "ended_uid", "relationship", "live_uid"]
timeout  = 300
scope    = "graph"
notes    = """
All at as_of. A thing has ended, otherwise it is live:
Customer: from terminationDate on; without one, when its status is terminated
Account: from closedAt on; without one, when its state is Closed
Product: from terminationDate on; without one, when its status is terminated, cancelled or aborted
Service: its state is terminated. SLA: its state is neither empty nor active. User: its status is archived. Individual: its status is deceased. These have no date, so ended_at is empty and they are as of the last load
Group: never
A row is a relationship that is valid at as_of between what ended and something live, by reason:
customerTerminated  the Customer; the Account it HOLDS_ACCOUNT as accountHolder, the Product it OWNS
accountClosed       the Account; the User that USES_ACCOUNT it, the Product BILLED_TO it, the Account CHILD_OF it
productEnded        the Product; the Service it is REALIZED_BY, the SLA it is COVERED_BY
serviceTerminated   the Service; the User that USES_SERVICE it
slaEnded            the SLA; the Product, Customer, Account or Group COVERED_BY it
userArchived        the User; the Account it USES_ACCOUNT, the Service it USES_SERVICE
personDeceased      the Individual; the User that IDENTIFIES it, the Customer that engages it (ENGAGED_PARTY)
or where what ended is only a period: the thing is live, has had relationships of the type named first, all of which have ended at as_of (none is valid, none begins later), and
holderLeft      HOLDS_ACCOUNT as accountHolder of the Account; the User that USES_ACCOUNT it, the Product BILLED_TO it
ownerLeft       OWNS of the Product; the Account it is BILLED_TO, the Service it is REALIZED_BY
productLeft     REALIZED_BY of the Service; the User that USES_SERVICE it
groupOwnerLeft  OWNED_BY of the Group; what is a MEMBER_OF it, in whatever state
identityLeft    IDENTIFIES of the User; the Account it USES_ACCOUNT, the Service it USES_SERVICE
ended_uid is the thing named first, ended_at its date or the greatest validTo of those periods; relationship is the type of the valid one, live_uid the other end. Several valid relationships of one type between the same two (two roles) are one row; sources joins theirs, in order.
Reads every thing of these kinds: its cost grows with the operator, and less with reason.
Order: reason in the order above, ended_uid, relationship, live_uid.
"""

[params]
reason = { type = "string", optional = true, choices = ["customerTerminated", "accountClosed", "productEnded", "serviceTerminated", "slaEnded", "userArchived", "personDeceased", "holderLeft", "ownerLeft", "productLeft", "groupOwnerLeft", "identityLeft"], help = "Only rows of this reason" }
as_of  = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit  = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
reason       = { type = "string", help = "Why it should not be so" }
ended_uid    = { type = "string", pii = "identifier", help = "What ended" }
ended_at     = { type = "datetime", help = "When; empty where it is not known" }
relationship = { type = "string", help = "Type of the relationship that is still valid" }
live_uid     = { type = "string", pii = "identifier", help = "What still hangs on it" }
sources      = { type = "list[string]", help = "The systems that assert that relationship, as of the last load" }
*/
UNWIND CASE WHEN $reason IS NULL THEN ['customerTerminated', 'accountClosed', 'productEnded', 'serviceTerminated', 'slaEnded', 'userArchived', 'personDeceased', 'holderLeft', 'ownerLeft', 'productLeft', 'groupOwnerLeft', 'identityLeft'] ELSE [$reason] END AS reason
// Where much is live, one ended thing after the other: by the indexes of validity the plan would keep every
// relationship in memory.
CALL (reason) {
  WITH reason
  WHERE reason = 'customerTerminated'
  CALL (reason) {
    MATCH (ended:Customer)-[r:HOLDS_ACCOUNT {role: 'accountHolder'}]->(live:Account)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN coalesce(ended.status, '') = 'terminated' ELSE ended.terminationDate <= $as_of END
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
    RETURN ended, live, r
  }
  RETURN 1 AS rank, ended.uid AS ended_uid, ended.terminationDate AS ended_at, 'HOLDS_ACCOUNT' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'customerTerminated'
  CALL (reason) {
    MATCH (ended:Customer)-[r:OWNS]->(live:Product)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN coalesce(ended.status, '') = 'terminated' ELSE ended.terminationDate <= $as_of END
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.terminationDate IS NULL THEN NOT coalesce(live.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE live.terminationDate > $as_of END
    RETURN ended, live, r
  }
  RETURN 1 AS rank, ended.uid AS ended_uid, ended.terminationDate AS ended_at, 'OWNS' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'accountClosed'
  CALL (reason) {
    MATCH (ended:Account)
    WHERE CASE WHEN ended.closedAt IS NULL THEN coalesce(ended.state, '') = 'Closed' ELSE ended.closedAt <= $as_of END
    CALL (ended) {
      MATCH (ended)<-[r:USES_ACCOUNT]-(live:User)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND coalesce(live.status, 'unknown') <> 'archived'
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 2 AS rank, ended.uid AS ended_uid, ended.closedAt AS ended_at, 'USES_ACCOUNT' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'accountClosed'
  CALL (reason) {
    MATCH (ended:Account)
    WHERE CASE WHEN ended.closedAt IS NULL THEN coalesce(ended.state, '') = 'Closed' ELSE ended.closedAt <= $as_of END
    CALL (ended) {
      MATCH (ended)<-[r:BILLED_TO]-(live:Product)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND CASE WHEN live.terminationDate IS NULL THEN NOT coalesce(live.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE live.terminationDate > $as_of END
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 2 AS rank, ended.uid AS ended_uid, ended.closedAt AS ended_at, 'BILLED_TO' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'accountClosed'
  CALL (reason) {
    MATCH (ended:Account)<-[r:CHILD_OF]-(live:Account)
    WHERE CASE WHEN ended.closedAt IS NULL THEN coalesce(ended.state, '') = 'Closed' ELSE ended.closedAt <= $as_of END
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
    RETURN ended, live, r
  }
  RETURN 2 AS rank, ended.uid AS ended_uid, ended.closedAt AS ended_at, 'CHILD_OF' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'productEnded'
  CALL (reason) {
    MATCH (ended:Product)-[r:REALIZED_BY]->(live:Service)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN coalesce(ended.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE ended.terminationDate <= $as_of END
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.state, '') <> 'terminated'
    RETURN ended, live, r
  }
  RETURN 3 AS rank, ended.uid AS ended_uid, ended.terminationDate AS ended_at, 'REALIZED_BY' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'productEnded'
  CALL (reason) {
    MATCH (ended:Product)-[r:COVERED_BY]->(live:SLA)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN coalesce(ended.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE ended.terminationDate <= $as_of END
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND toLower(coalesce(live.state, 'active')) = 'active'
    RETURN ended, live, r
  }
  RETURN 3 AS rank, ended.uid AS ended_uid, ended.terminationDate AS ended_at, 'COVERED_BY' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'serviceTerminated'
  CALL (reason) {
    MATCH (ended:Service {state: 'terminated'})<-[r:USES_SERVICE]-(live:User)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.status, 'unknown') <> 'archived'
    RETURN ended, live, r
  }
  RETURN 4 AS rank, ended.uid AS ended_uid, null AS ended_at, 'USES_SERVICE' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'slaEnded'
  CALL (reason) {
    MATCH (ended:SLA)<-[r:COVERED_BY]-(live:Product|Customer|Account|Group)
    WHERE toLower(ended.state) <> 'active'
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE
        WHEN live:Product THEN CASE WHEN live.terminationDate IS NULL THEN NOT coalesce(live.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE live.terminationDate > $as_of END
        WHEN live:Customer THEN CASE WHEN live.terminationDate IS NULL THEN coalesce(live.status, '') <> 'terminated' ELSE live.terminationDate > $as_of END
        WHEN live:Account THEN CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
        ELSE true
      END
    RETURN ended, live, r
  }
  RETURN 5 AS rank, ended.uid AS ended_uid, null AS ended_at, 'COVERED_BY' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'userArchived'
  CALL (reason) {
    MATCH (ended:User {status: 'archived'})
    CALL (ended) {
      MATCH (ended)-[r:USES_ACCOUNT]->(live:Account)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 6 AS rank, ended.uid AS ended_uid, null AS ended_at, 'USES_ACCOUNT' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'userArchived'
  CALL (reason) {
    MATCH (ended:User {status: 'archived'})
    CALL (ended) {
      MATCH (ended)-[r:USES_SERVICE]->(live:Service)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND coalesce(live.state, '') <> 'terminated'
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 6 AS rank, ended.uid AS ended_uid, null AS ended_at, 'USES_SERVICE' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'personDeceased'
  CALL (reason) {
    MATCH (ended:Individual {status: 'deceased'})
    CALL (ended) {
      MATCH (ended)<-[r:IDENTIFIES]-(live:User)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND coalesce(live.status, 'unknown') <> 'archived'
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 7 AS rank, ended.uid AS ended_uid, null AS ended_at, 'IDENTIFIES' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'personDeceased'
  CALL (reason) {
    MATCH (ended:Individual {status: 'deceased'})
    CALL (ended) {
      MATCH (ended)<-[r:ENGAGED_PARTY]-(live:Customer)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND CASE WHEN live.terminationDate IS NULL THEN coalesce(live.status, '') <> 'terminated' ELSE live.terminationDate > $as_of END
      RETURN live, r
    }
    RETURN ended, live, r
  }
  RETURN 7 AS rank, ended.uid AS ended_uid, null AS ended_at, 'ENGAGED_PARTY' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'holderLeft'
  CALL (reason) {
    MATCH (ended:Account)
    WHERE CASE WHEN ended.closedAt IS NULL THEN coalesce(ended.state, '') <> 'Closed' ELSE ended.closedAt > $as_of END
    CALL (ended) {
      MATCH (ended)<-[past:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)<-[r:USES_ACCOUNT]-(live:User)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.status, 'unknown') <> 'archived'
    RETURN ended, ended_at, live, r
  }
  RETURN 8 AS rank, ended.uid AS ended_uid, ended_at, 'USES_ACCOUNT' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'holderLeft'
  CALL (reason) {
    MATCH (ended:Account)
    WHERE CASE WHEN ended.closedAt IS NULL THEN coalesce(ended.state, '') <> 'Closed' ELSE ended.closedAt > $as_of END
    CALL (ended) {
      MATCH (ended)<-[past:HOLDS_ACCOUNT {role: 'accountHolder'}]-(:Customer)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)<-[r:BILLED_TO]-(live:Product)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.terminationDate IS NULL THEN NOT coalesce(live.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE live.terminationDate > $as_of END
    RETURN ended, ended_at, live, r
  }
  RETURN 8 AS rank, ended.uid AS ended_uid, ended_at, 'BILLED_TO' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'ownerLeft'
  CALL (reason) {
    MATCH (ended:Product)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN NOT coalesce(ended.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE ended.terminationDate > $as_of END
    CALL (ended) {
      MATCH (ended)<-[past:OWNS]-(:Customer)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)-[r:BILLED_TO]->(live:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
    RETURN ended, ended_at, live, r
  }
  RETURN 9 AS rank, ended.uid AS ended_uid, ended_at, 'BILLED_TO' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'ownerLeft'
  CALL (reason) {
    MATCH (ended:Product)
    WHERE CASE WHEN ended.terminationDate IS NULL THEN NOT coalesce(ended.status, '') IN ['terminated', 'cancelled', 'aborted'] ELSE ended.terminationDate > $as_of END
    CALL (ended) {
      MATCH (ended)<-[past:OWNS]-(:Customer)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)-[r:REALIZED_BY]->(live:Service)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.state, '') <> 'terminated'
    RETURN ended, ended_at, live, r
  }
  RETURN 9 AS rank, ended.uid AS ended_uid, ended_at, 'REALIZED_BY' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'productLeft'
  CALL (reason) {
    MATCH (ended:Service)
    WHERE coalesce(ended.state, '') <> 'terminated'
    CALL (ended) {
      MATCH (ended)<-[past:REALIZED_BY]-(:Product)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)<-[r:USES_SERVICE]-(live:User)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.status, 'unknown') <> 'archived'
    RETURN ended, ended_at, live, r
  }
  RETURN 10 AS rank, ended.uid AS ended_uid, ended_at, 'USES_SERVICE' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'groupOwnerLeft'
  CALL (reason) {
    MATCH (ended:Group)
    CALL (ended) {
      MATCH (ended)-[past:OWNED_BY]->(:Account|Customer)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)<-[r:MEMBER_OF]-(live:Individual|Organization|User|Customer|Service)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN ended, ended_at, live, r
  }
  RETURN 11 AS rank, ended.uid AS ended_uid, ended_at, 'MEMBER_OF' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'identityLeft'
  CALL (reason) {
    MATCH (ended:User)
    WHERE coalesce(ended.status, 'unknown') <> 'archived'
    CALL (ended) {
      MATCH (ended)-[past:IDENTIFIES]->(:Individual|Organization)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)-[r:USES_ACCOUNT]->(live:Account)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND CASE WHEN live.closedAt IS NULL THEN coalesce(live.state, '') <> 'Closed' ELSE live.closedAt > $as_of END
    RETURN ended, ended_at, live, r
  }
  RETURN 12 AS rank, ended.uid AS ended_uid, ended_at, 'USES_ACCOUNT' AS relationship, live.uid AS live_uid, r.sources AS sources
  UNION ALL
  WITH reason
  WHERE reason = 'identityLeft'
  CALL (reason) {
    MATCH (ended:User)
    WHERE coalesce(ended.status, 'unknown') <> 'archived'
    CALL (ended) {
      MATCH (ended)-[past:IDENTIFIES]->(:Individual|Organization)
      RETURN max(past.validTo) AS ended_at, count(past) AS known, count(CASE WHEN past.validTo IS NULL OR past.validTo > $as_of THEN 1 END) AS current
    }
    WITH ended, ended_at, known, current
    WHERE known > 0 AND current = 0
    MATCH (ended)-[r:USES_SERVICE]->(live:Service)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND coalesce(live.state, '') <> 'terminated'
    RETURN ended, ended_at, live, r
  }
  RETURN 12 AS rank, ended.uid AS ended_uid, ended_at, 'USES_SERVICE' AS relationship, live.uid AS live_uid, r.sources AS sources
}
UNWIND CASE WHEN sources IS NULL OR sources = [] THEN [null] ELSE sources END AS source
WITH rank, reason, ended_uid, ended_at, relationship, live_uid, source
ORDER BY source
WITH rank, reason, ended_uid, ended_at, relationship, live_uid, collect(DISTINCT source) AS sources
RETURN
  reason,
  ended_uid,
  ended_at,
  relationship,
  live_uid,
  sources
ORDER BY rank, ended_uid, relationship, live_uid
LIMIT $limit
