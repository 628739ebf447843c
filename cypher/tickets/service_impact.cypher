/*
title    = "Impact of a failure"
question = "If this resource or service fails, which services, customers, users, SLAs and groups are hit?"
actors   = ["noc", "sla-manager", "care-agent"]
access   = "read"
returns  = "many"
key      = ["service_uid"]
timeout  = 20
notes    = """
A row is a Service that stands on the element (SUPPORTED_BY, any number of hops up to max_depth, every hop valid at as_of), and the element itself at depth 0 when it is a Service. depth is the fewest hops. customers own a Product realised by the service; users use it (USES_SERVICE); slas are the active SLAs that cover such a Product, the Account it is billed to, or a customer that owns it; vip_groups are Groups whose tier is in vip_tiers with one of these customers or users, or the Party behind one, as a direct member. All at as_of. An SLA is active when its state is empty, or active in any case.
Order: depth, service_uid.
"""
source   = ["eTOM 1.3.7.5"]

[params]
element   = { type = "ref[Service|Resource]", help = "What fails: uid, or an id that only one has", example = "R-OLT-1" }
max_depth = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops of SUPPORTED_BY" }
vip_tiers = { type = "list[string]", default = ["gold", "platinum", "vip"], help = "Tiers of a group that count as VIP, lower case" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 100, min = 1, help = "At most this many rows" }

[columns]
service_uid = { type = "string", help = "The service hit" }
name        = { type = "string", help = "Its name" }
depth       = { type = "int", unit = "hops", help = "Hops from the element" }
customers   = { type = "int", unit = "customers", help = "Customers that own a product on it" }
users       = { type = "int", unit = "users", help = "Users that use it" }
slas        = { type = "int", unit = "SLAs", help = "Active SLAs promised for it" }
vip_groups  = { type = "list[string]", help = "Groups of a VIP tier that are hit" }
*/
MATCH (e:Service|Resource {uid: $element})
MATCH p = (e)(()<-[s:SUPPORTED_BY WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-(:Service)){0,/*=max_depth*/4}(service:Service)
WITH service, min(length(p)) AS depth
CALL (service) {
  OPTIONAL MATCH (service)<-[z:REALIZED_BY]-(product:Product)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN collect(DISTINCT product) AS products
}
CALL (products) {
  UNWIND products AS product
  MATCH (product)<-[o:OWNS]-(customer:Customer)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  RETURN collect(DISTINCT customer) AS customers
}
CALL (products) {
  UNWIND products AS product
  MATCH (product)-[b:BILLED_TO]->(account:Account)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN collect(DISTINCT account) AS accounts
}
CALL (service) {
  OPTIONAL MATCH (service)<-[u:USES_SERVICE]-(user:User)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN collect(DISTINCT user) AS users
}
CALL (products, customers, accounts) {
  UNWIND products + customers + accounts AS covered
  MATCH (covered)-[c:COVERED_BY]->(sla:SLA)
  WHERE c.validFrom <= $as_of AND (c.validTo IS NULL OR c.validTo > $as_of)
    AND toLower(coalesce(sla.state, 'active')) = 'active'
  RETURN count(DISTINCT sla) AS slas
}
CALL (customers, users) {
  UNWIND customers + users AS one
  OPTIONAL MATCH (one)-[r:IDENTIFIES|ENGAGED_PARTY]->(party:Individual|Organization)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
  UNWIND [one, party] AS member
  MATCH (member)-[m:MEMBER_OF]->(g:Group)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of) AND toLower(g.tier) IN $vip_tiers
  WITH DISTINCT g.uid AS group
  ORDER BY group
  RETURN collect(group) AS vip_groups
}
RETURN
  service.uid AS service_uid,
  service.name AS name,
  depth,
  size(customers) AS customers,
  size(users) AS users,
  slas,
  vip_groups
ORDER BY depth, service_uid
LIMIT $limit
