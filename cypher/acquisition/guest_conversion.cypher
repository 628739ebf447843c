/*
title    = "Guest conversion"
question = "How many invited guests became users and customers, invited by whom, how fast, and with what experience before?"
actors   = ["marketing"]
access   = "read"
returns  = "many"
key      = ["bucket"]
timeout  = 60
scope    = "graph"
notes    = """
An invitation is an Invitation with its sentAt, else the at of SENT, in [since, until) and not after as_of; without either it is not counted. Its inviter is the User who SENT it (the first by uid), at the at of that one; another who SENT it too is nobody. What happened after as_of is not seen.
bucket, by group_by: inviterKind (the inviter's role on an account valid when it was sent: the first of primary, delegate, secondary, guest; none without one), inviter (uid of the inviter; none without one), channel (of the invitation; unknown where empty), month (YYYY-MM of the sending, UTC), all (one bucket)
invited    invitations of the bucket
accepted   distinct Users that one of these was ACCEPTED_AS, by as_of. A guest's acceptance is the earliest at of these in the bucket; an acceptance without at counts and has no instant.
active     accepted guests with a USES_ACCOUNT, in any role, valid at as_of: they are users still
converted  accepted guests CONVERTED_TO a Customer by as_of and not before their acceptance (the earliest at; a conversion without at counts and has no instant); with offering given only those of whom a Customer they so became OWNS at as_of a Product with this offeringId
median_days    median days from acceptance to conversion of the converted guests with both instants; the mean of the middle two where they are even; rounded to 3 decimals
qoe_converted  experience of the converted guests before: of their QoEMeasurements (HAS_QOE) of the metric with windowStart from acceptance to before conversion, the sum of n * mean over the sum of n, rounded to 3 decimals. A guest without either instant, and a window with n empty or 0 or without mean, is not in it.
qoe_lost       the same of the lost guests, accepted and neither converted nor active, from acceptance to before as_of
A bucket with fewer than min_n invitations is left out. median_days, qoe_converted and qoe_lost are empty where fewer than min_n guests stand behind them (guests with both instants; guests with such a window).
Order: converted descending, accepted descending, invited descending, bucket.
"""
source   = ["Mean over windows: sum(n * mean) / sum(n)"]

[params]
since    = { type = "datetime", default = "as_of-365d", help = "Invitations sent from then on" }
until    = { type = "datetime", default = "as_of", help = "Invitations sent before then" }
group_by = { type = "string", default = "inviterKind", choices = ["inviterKind", "inviter", "channel", "month", "all"], help = "What makes a bucket" }
offering = { type = "string", optional = true, help = "Only conversions to a product of this offering" }
metric   = { type = "string", default = "mos", help = "Metric of the experience" }
min_n    = { type = "int", default = 5, min = 1, unit = "guests", help = "Smaller buckets are left out, figures of fewer guests empty" }
as_of    = { type = "datetime", default = "now", help = "What was known at this instant" }
limit    = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
bucket        = { type = "string", nullable = true, pii = "identifier", help = "What the invitations have in common" }
invited       = { type = "int", unit = "invitations", help = "Invitations sent" }
accepted      = { type = "int", unit = "guests", help = "Guests who came" }
active        = { type = "int", unit = "guests", help = "Guests who use an account at as_of" }
converted     = { type = "int", unit = "guests", help = "Guests who became customers" }
median_days   = { type = "float", unit = "days", help = "From acceptance to conversion" }
qoe_converted = { type = "float", unit = "metric", help = "Experience of the converted before they converted" }
qoe_lost      = { type = "float", unit = "metric", help = "Experience of those who went away" }
*/
MATCH (i:Invitation)
CALL (i) {
  OPTIONAL MATCH (i)<-[s:SENT]-(one:User)
  WITH one, s
  ORDER BY one.uid
  LIMIT 1
  RETURN one AS inviter, coalesce(i.sentAt, s.at) AS sent
}
WITH i, inviter, sent
WHERE sent >= $since AND sent < $until AND sent <= $as_of
CALL (inviter, sent) {
  OPTIONAL MATCH (inviter)-[r:USES_ACCOUNT]->(:Account)
  WHERE r.validFrom <= sent AND (r.validTo IS NULL OR r.validTo > sent)
  RETURN min(CASE r.role WHEN 'primary' THEN 1 WHEN 'delegate' THEN 2 WHEN 'secondary' THEN 3 WHEN 'guest' THEN 4 END) AS rank
}
WITH i,
  CASE $group_by
    WHEN 'inviterKind' THEN coalesce(['primary', 'delegate', 'secondary', 'guest'][rank - 1], 'none')
    WHEN 'inviter' THEN coalesce(inviter.uid, 'none')
    WHEN 'channel' THEN coalesce(i.channel, 'unknown')
    WHEN 'month' THEN left(toString(date(sent)), 7)
    ELSE 'all'
  END AS bucket
OPTIONAL MATCH (i)-[a:ACCEPTED_AS]->(guest:User)
WHERE a.at IS NULL OR a.at <= $as_of
WITH bucket, guest, collect(DISTINCT i) AS sent, min(a.at) AS accepted_at
CALL (guest, accepted_at) {
  MATCH (guest)-[v:CONVERTED_TO]->(c:Customer)
  WHERE v.at IS NULL OR (v.at <= $as_of AND (accepted_at IS NULL OR v.at >= accepted_at))
  CALL (c) {
    OPTIONAL MATCH (c)-[o:OWNS]->(p:Product)
    WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
    RETURN collect(p.offeringId) AS offerings
  }
  WITH v, offerings
  WHERE $offering IS NULL OR $offering IN offerings
  RETURN count(v) > 0 AS converted, min(v.at) AS converted_at
}
CALL (guest) {
  OPTIONAL MATCH (guest)-[r:USES_ACCOUNT]->(:Account)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  RETURN count(r) > 0 AS active
}
WITH bucket, guest, sent, accepted_at, converted, converted_at, active,
  CASE WHEN converted THEN converted_at WHEN NOT active THEN $as_of END AS measured_until
CALL (guest, accepted_at, measured_until) {
  // The metric comes after the windows of the guest, or the plan would begin at all windows of that metric.
  MATCH (guest)-[:HAS_QOE]->(q:QoEMeasurement)
  WITH DISTINCT q, accepted_at, measured_until
  WHERE q.metric = $metric AND q.windowStart >= accepted_at AND q.windowStart < measured_until AND q.windowStart <= $as_of
    AND q.n > 0 AND q.mean IS NOT NULL
  RETURN sum(q.n) AS n, sum(q.n * q.mean) AS total
}
WITH bucket,
  collect(sent) AS lists,
  count(guest) AS accepted,
  count(CASE WHEN active THEN guest END) AS active,
  count(CASE WHEN converted THEN guest END) AS converted,
  collect(CASE WHEN converted THEN duration.inSeconds(accepted_at, converted_at).seconds / 86400.0 END) AS days,
  count(CASE WHEN converted AND n > 0 THEN 1 END) AS measured_converted,
  sum(CASE WHEN converted THEN n ELSE 0 END) AS n_converted,
  sum(CASE WHEN converted THEN total ELSE 0.0 END) AS total_converted,
  count(CASE WHEN NOT converted AND n > 0 THEN 1 END) AS measured_lost,
  sum(CASE WHEN NOT converted THEN n ELSE 0 END) AS n_lost,
  sum(CASE WHEN NOT converted THEN total ELSE 0.0 END) AS total_lost
CALL (lists) {
  // An invitation accepted by two is in two lists.
  UNWIND lists AS list
  UNWIND list AS one
  RETURN count(DISTINCT one) AS invited
}
CALL (days) {
  UNWIND days AS day
  RETURN percentileCont(day, 0.5) AS median_days
}
WITH *
WHERE invited >= $min_n
RETURN
  bucket,
  invited,
  accepted,
  active,
  converted,
  CASE WHEN size(days) >= $min_n THEN round(median_days, 3) END AS median_days,
  CASE WHEN measured_converted >= $min_n THEN round(total_converted / n_converted, 3) END AS qoe_converted,
  CASE WHEN measured_lost >= $min_n THEN round(total_lost / n_lost, 3) END AS qoe_lost
ORDER BY converted DESC, accepted DESC, invited DESC, bucket
LIMIT $limit
