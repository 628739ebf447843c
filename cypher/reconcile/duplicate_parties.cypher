/*
title    = "Duplicate parties"
question = "Which parties are probably one person, on what evidence?"
actors   = ["identity-admin", "care-agent", "data-engineer"]
access   = "read"
returns  = "many"
key      = ["uid_a", "uid_b"]
timeout  = 600
scope    = "graph"
notes    = """
Evidence, all at as_of. A ContactMedium belongs to a Party that is REACHED_AT it, or that a User reached at it IDENTIFIES, or that a Customer reached at it engages (ENGAGED_PARTY). An Account belongs to a Party that a User of it (USES_ACCOUNT, any role) IDENTIFIES, or that a Customer holding it (HOLDS_ACCOUNT, any role) engages. A medium with fewer than two or more than max_people REACHED_AT relationships, valid or not, and an account with fewer than two or more than max_people USES_ACCOUNT and HOLDS_ACCOUNT relationships together, valid or not, is no evidence: hubs identify nobody.
Names: name, else givenName and familyName (of an Organization name, else tradingName), in lower case, decomposed (Unicode NFKD) without its marks; ł becomes l, ø o, đ and ð d, ß ss, æ ae, œ oe, þ th, ı i; apostrophes (' ’ ʼ ` ´) vanish, every other character that is no letter or digit parts words. Two names are the same when they have the same set of words; one is part of the other when they differ, the smaller set has at least two words and all of them are in the larger; they are unrelated when both have words and neither holds. A party without a name has no words.
Candidates are pairs of two Individuals or two Organizations that share a medium; or share an account and have the same name or one part of the other; or are Individuals with the same name and the same birthDate.
score = (1 - the product of 1 - w over the kinds of evidence that the pair shares) x 0.7 if the names are unrelated x 0.5 if both have a birthDate and these differ, rounded to two places. w is email 0.6, phone 0.5, device 0.4, address 0.2, account 0.4, the same name 0.5 or part of it 0.3, the same birthDate 0.4. A kind counts once, however many media or accounts of it are shared.
A row is a candidate with a score of at least min_score, uid_a being the lesser uid. Pairs that a steward joined (SAME_AS, in either direction) are left out, or with include_decided shown with their decided_by. SAME_AS is not followed further.
shared_evidence lists, in this order: each shared medium as its type, a blank and its uid, by uid; each shared account as account, a blank and its uid, by uid; name or part of the name; birth date. against lists name for unrelated names and birth date for differing ones.
Without a party every medium, account and Individual with a birthDate is read: its cost grows with the operator. With a party only what hangs on it, and the Individuals born on the same day, are read.
Order: score from the highest, uid_a, uid_b.
"""
source   = ["eTOM 1.3.4", "the weights are ours: judgement, to be tuned on pairs that stewards decided"]

[params]
party           = { type = "ref[Individual|Organization]", optional = true, help = "Only pairs with this party: uid, or an id that only one has", example = "P-1005" }
min_score       = { type = "float", default = 0.7, min = 0.3, max = 1, unit = "score", help = "Least score: 0.7 is the same name and birth date, or the same name on one account" }
max_people      = { type = "int", default = 20, min = 2, unit = "relationships", help = "A medium or account of more is no evidence" }
include_decided = { type = "boolean", default = false, help = "Also pairs that are SAME_AS already" }
as_of           = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit           = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
uid_a           = { type = "string", pii = "identifier", help = "One party" }
uid_b           = { type = "string", pii = "identifier", help = "The other" }
name_a          = { type = "string", pii = "name", help = "Its name as stored" }
name_b          = { type = "string", pii = "name", help = "Its name as stored" }
score           = { type = "float", unit = "score", help = "0 to 1, by the formula of the notes" }
shared_evidence = { type = "list[string]", pii = "contact", help = "What they share" }
against         = { type = "list[string]", help = "What speaks against it: name, birth date" }
decided_by      = { type = "string", pii = "name", help = "Who joined them; empty when nobody did" }
decided         = { type = "boolean", help = "Whether they are SAME_AS already" }
*/
CALL () {
  // Pairs that share a medium. The imported row keeps the scan out of the way when a party is given.
  CALL () {
    UNWIND CASE WHEN $party IS NULL THEN [true] ELSE [] END AS whole
    CALL (whole) {
      MATCH (m:ContactMedium)
      RETURN m
    }
    RETURN m
    UNION ALL
    CALL () {
      MATCH (:Individual|Organization {uid: $party})-[r:REACHED_AT]->(m:ContactMedium)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN m
      UNION
      MATCH (:Individual|Organization {uid: $party})<-[i:IDENTIFIES|ENGAGED_PARTY]-(:User|Customer)-[r:REACHED_AT]->(m:ContactMedium)
      WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
        AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN m
    }
    RETURN m
  }
  WITH m
  WHERE 2 <= COUNT { (m)<-[:REACHED_AT]-() } <= $max_people
  CALL (m) {
    CALL (m) {
      MATCH (m)<-[r:REACHED_AT]-(p:Individual|Organization)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN p
      UNION
      MATCH (m)<-[r:REACHED_AT]-(:User|Customer)-[i:IDENTIFIES|ENGAGED_PARTY]->(p:Individual|Organization)
      WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
        AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      RETURN p
    }
    RETURN collect(p) AS people
  }
  UNWIND people AS a
  UNWIND people AS b
  WITH a, b
  WHERE a.uid < b.uid AND ($party IS NULL OR a.uid = $party OR b.uid = $party)
    AND (a:Individual AND b:Individual OR a:Organization AND b:Organization)
  RETURN a, b
  UNION
  // Pairs that share an account and have one name, or one a part of the other.
  CALL () {
    UNWIND CASE WHEN $party IS NULL THEN [true] ELSE [] END AS whole
    CALL (whole) {
      MATCH (account:Account)
      RETURN account
    }
    RETURN account
    UNION ALL
    CALL () {
      MATCH (:Individual|Organization {uid: $party})<-[i:IDENTIFIES|ENGAGED_PARTY]-(:User|Customer)-[r:USES_ACCOUNT|HOLDS_ACCOUNT]->(account:Account)
      WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
        AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      RETURN DISTINCT account
    }
    RETURN account
  }
  WITH account
  WHERE 2 <= COUNT { (account)<-[:USES_ACCOUNT]-() } + COUNT { (account)<-[:HOLDS_ACCOUNT]-() } <= $max_people
  CALL (account) {
    MATCH (account)<-[r:USES_ACCOUNT|HOLDS_ACCOUNT]-(:User|Customer)-[i:IDENTIFIES|ENGAGED_PARTY]->(p:Individual|Organization)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
      AND i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    WITH DISTINCT p
    CALL (p) {
      WITH toLower(coalesce(p.name, p.tradingName, coalesce(p.givenName, '') + ' ' + coalesce(p.familyName, ''))) AS lower
      UNWIND split(CASE WHEN lower =~ '[a-z0-9 ]*' THEN lower ELSE reduce(text = '', x IN split(normalize(replace(lower, '´', ''), NFKD), '') |
        text + CASE
          WHEN x =~ '[\\p{L}\\p{N}]' THEN coalesce({`ł`: 'l', `ø`: 'o', `đ`: 'd', `ð`: 'd', `ß`: 'ss', `æ`: 'ae', `œ`: 'oe', `þ`: 'th', `ı`: 'i'}[x], x)
          WHEN x =~ "[\\p{M}'’ʼ`]" THEN ''
          ELSE ' '
        END) END, ' ') AS word
      WITH DISTINCT word
      ORDER BY word
      WHERE word <> ''
      RETURN collect(word) AS words
    }
    RETURN collect({party: p, words: words, n: size(words)}) AS people
  }
  UNWIND people AS one
  UNWIND people AS other
  WITH one, other, one.party AS a, other.party AS b
  WHERE a.uid < b.uid AND ($party IS NULL OR a.uid = $party OR b.uid = $party)
    AND (a:Individual AND b:Individual OR a:Organization AND b:Organization)
    AND CASE
      WHEN one.n = other.n THEN one.words = other.words AND one.n > 0
      WHEN one.n < other.n THEN one.n >= 2 AND all(word IN one.words WHERE word IN other.words)
      ELSE other.n >= 2 AND all(word IN other.words WHERE word IN one.words)
    END
  RETURN a, b
  UNION
  // Pairs with one name and one birth date: one day at a time, so that only a day's people are compared.
  CALL () {
    UNWIND CASE WHEN $party IS NULL THEN [true] ELSE [] END AS whole
    CALL (whole) {
      MATCH (born:Individual)
      WHERE born.birthDate IS NOT NULL
      RETURN DISTINCT born.birthDate AS day
    }
    RETURN day
    UNION
    MATCH (born:Individual {uid: $party})
    WHERE born.birthDate IS NOT NULL
    RETURN born.birthDate AS day
  }
  CALL (day) {
    MATCH (p:Individual {birthDate: day})
    CALL (p) {
      WITH toLower(coalesce(p.name, coalesce(p.givenName, '') + ' ' + coalesce(p.familyName, ''))) AS lower
      UNWIND split(CASE WHEN lower =~ '[a-z0-9 ]*' THEN lower ELSE reduce(text = '', x IN split(normalize(replace(lower, '´', ''), NFKD), '') |
        text + CASE
          WHEN x =~ '[\\p{L}\\p{N}]' THEN coalesce({`ł`: 'l', `ø`: 'o', `đ`: 'd', `ð`: 'd', `ß`: 'ss', `æ`: 'ae', `œ`: 'oe', `þ`: 'th', `ı`: 'i'}[x], x)
          WHEN x =~ "[\\p{M}'’ʼ`]" THEN ''
          ELSE ' '
        END) END, ' ') AS word
      WITH DISTINCT word
      ORDER BY word
      WHERE word <> ''
      RETURN collect(word) AS words
    }
    WITH words, collect(p) AS people
    WHERE size(words) > 0 AND size(people) > 1
    // Of a common name and day only the pairs with the party are made, where one is given.
    UNWIND CASE WHEN $party IS NULL THEN people ELSE [p IN people WHERE p.uid = $party] END AS one
    UNWIND people AS other
    WITH one, other
    WHERE one.uid < other.uid OR ($party IS NOT NULL AND one.uid > other.uid)
    RETURN CASE WHEN one.uid < other.uid THEN one ELSE other END AS a, CASE WHEN one.uid < other.uid THEN other ELSE one END AS b
  }
  RETURN a, b
}
CALL (a, b) {
  UNWIND [a, b] AS p
  CALL (p) {
    WITH toLower(coalesce(p.name, p.tradingName, coalesce(p.givenName, '') + ' ' + coalesce(p.familyName, ''))) AS lower
    UNWIND split(CASE WHEN lower =~ '[a-z0-9 ]*' THEN lower ELSE reduce(text = '', x IN split(normalize(replace(lower, '´', ''), NFKD), '') |
      text + CASE
        WHEN x =~ '[\\p{L}\\p{N}]' THEN coalesce({`ł`: 'l', `ø`: 'o', `đ`: 'd', `ð`: 'd', `ß`: 'ss', `æ`: 'ae', `œ`: 'oe', `þ`: 'th', `ı`: 'i'}[x], x)
        WHEN x =~ "[\\p{M}'’ʼ`]" THEN ''
        ELSE ' '
      END) END, ' ') AS word
    WITH DISTINCT word
    ORDER BY word
    WHERE word <> ''
    RETURN collect(word) AS words
  }
  WITH words
  ORDER BY size(words)
  WITH collect(words) AS names
  WITH names[0] AS less, names[1] AS more
  RETURN CASE
    WHEN less = [] THEN 'unknown'
    WHEN NOT all(word IN less WHERE word IN more) THEN 'unrelated'
    WHEN size(less) = size(more) THEN 'same'
    WHEN size(less) >= 2 THEN 'part'
    ELSE 'unrelated'
  END AS names
}
CALL (a, b) {
  OPTIONAL MATCH (a)-[joined:SAME_AS]-(b)
  RETURN count(joined) > 0 AS decided, coalesce(
    min(CASE WHEN startNode(joined) = a THEN joined.decidedBy END), min(joined.decidedBy)) AS decided_by
}
WITH a, b, names, decided, decided_by
WHERE $include_decided OR NOT decided
CALL (a, b) {
  UNWIND [a, b] AS p
  CALL (p) {
    MATCH (p)-[r:REACHED_AT]->(m:ContactMedium)
    WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN m
    UNION
    MATCH (p)<-[i:IDENTIFIES|ENGAGED_PARTY]-(:User|Customer)-[r:REACHED_AT]->(m:ContactMedium)
    WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
      AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    RETURN m
  }
  WITH m, count(DISTINCT p) AS both
  WHERE both = 2 AND 2 <= COUNT { (m)<-[:REACHED_AT]-() } <= $max_people
  WITH m
  ORDER BY m.uid
  RETURN collect(m) AS media
}
CALL (a, b) {
  UNWIND [a, b] AS p
  MATCH (p)<-[i:IDENTIFIES|ENGAGED_PARTY]-(:User|Customer)-[r:USES_ACCOUNT|HOLDS_ACCOUNT]->(account:Account)
  WHERE i.validFrom <= $as_of AND (i.validTo IS NULL OR i.validTo > $as_of)
    AND r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  WITH account, count(DISTINCT p) AS both
  WHERE both = 2 AND 2 <= COUNT { (account)<-[:USES_ACCOUNT]-() } + COUNT { (account)<-[:HOLDS_ACCOUNT]-() } <= $max_people
  WITH account
  ORDER BY account.uid
  RETURN collect(account) AS accounts
}
WITH a, b, names, decided, decided_by, media, accounts, [m IN media | m.mediumType] AS kinds
WITH *, round(
  (1 - CASE WHEN 'email' IN kinds THEN 0.4 ELSE 1 END
     * CASE WHEN 'phone' IN kinds THEN 0.5 ELSE 1 END
     * CASE WHEN 'device' IN kinds THEN 0.6 ELSE 1 END
     * CASE WHEN 'address' IN kinds THEN 0.8 ELSE 1 END
     * CASE WHEN size(accounts) > 0 THEN 0.6 ELSE 1 END
     * CASE names WHEN 'same' THEN 0.5 WHEN 'part' THEN 0.7 ELSE 1 END
     * CASE WHEN a.birthDate = b.birthDate THEN 0.6 ELSE 1 END)
  * CASE names WHEN 'unrelated' THEN 0.7 ELSE 1 END
  * CASE WHEN a.birthDate <> b.birthDate THEN 0.5 ELSE 1 END, 2) AS score
WHERE score >= $min_score
RETURN
  a.uid AS uid_a,
  b.uid AS uid_b,
  coalesce(a.name, a.tradingName, nullIf(trim(coalesce(a.givenName, '') + ' ' + coalesce(a.familyName, '')), '')) AS name_a,
  coalesce(b.name, b.tradingName, nullIf(trim(coalesce(b.givenName, '') + ' ' + coalesce(b.familyName, '')), '')) AS name_b,
  score,
  [m IN media | m.mediumType + ' ' + m.uid]
    + [account IN accounts | 'account ' + account.uid]
    + CASE names WHEN 'same' THEN ['name'] WHEN 'part' THEN ['part of the name'] ELSE [] END
    + CASE WHEN a.birthDate = b.birthDate THEN ['birth date'] ELSE [] END AS shared_evidence,
  CASE names WHEN 'unrelated' THEN ['name'] ELSE [] END
    + CASE WHEN a.birthDate <> b.birthDate THEN ['birth date'] ELSE [] END AS against,
  decided_by,
  decided
ORDER BY score DESC, uid_a, uid_b
LIMIT $limit
