/*
title    = "Impact of a failure, as a picture"
question = "If this resource or service fails, what is hit, as nodes and relationships?"
actors   = ["noc", "sla-manager", "care-agent"]
access   = "read"
returns  = "graph"
timeout  = 20
notes    = """
The things that tickets.service_impact counts, and the relationships through which they are hit, at as_of, in rings:
0 the element
1 the services that stand on it (SUPPORTED_BY, up to max_depth hops), those fewer hops away first; all SUPPORTED_BY between these and the element
2 products REALIZED_BY one of these services, or by the element
3 customers that own such a product (OWNS), and the accounts it is BILLED_TO
4 users of these services (USES_SERVICE), or of the element
5 active SLAs (state empty or active) that cover (COVERED_BY) such a product, account or customer
6 the VIP groups (tier in vip_tiers) of which one of these customers or users, or the Party it engages or IDENTIFIES, is a direct member, with MEMBER_OF, and these parties with ENGAGED_PARTY or IDENTIFIES
limit counts nodes: the inner rings are kept, in ring 1 those fewer hops away, else the first by uid.
"""
source   = ["eTOM 1.3.7.5"]

[params]
element   = { type = "ref[Service|Resource]", help = "What fails: uid, or an id that only one has", example = "R-OLT-1" }
max_depth = { type = "int", literal = true, default = 4, min = 1, max = 8, unit = "hops", help = "Hops of SUPPORTED_BY" }
vip_tiers = { type = "list[string]", default = ["gold", "platinum", "vip"], help = "Tiers of a group that count as VIP, lower case" }
as_of     = { type = "datetime", default = "now", help = "Relationships valid at this instant" }
limit     = { type = "int", default = 200, min = 1, help = "At most this many nodes" }
*/
MATCH (e:Service|Resource {uid: $element})
CALL (e) {
  MATCH p = (e)(()<-[s:SUPPORTED_BY WHERE s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)]-(:Service)){0,/*=max_depth*/4}(service:Service)
  WITH service, min(length(p)) AS depth
  ORDER BY depth, service.uid
  // More services than nodes asked for would be cut anyway.
  LIMIT $limit
  RETURN collect(service) AS services, collect(depth) AS depths
}
CALL (services) {
  UNWIND services AS service
  MATCH (service)<-[z:REALIZED_BY]-(p:Product)
  WHERE z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN collect(DISTINCT p) AS products
}
CALL (products) {
  UNWIND products AS product
  MATCH (product)<-[o:OWNS]-(c:Customer)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  RETURN collect(DISTINCT c) AS customers
}
CALL (products) {
  UNWIND products AS product
  MATCH (product)-[b:BILLED_TO]->(a:Account)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN collect(DISTINCT a) AS accounts
}
CALL (services) {
  UNWIND services AS service
  MATCH (service)<-[u:USES_SERVICE]-(user:User)
  WHERE u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN collect(DISTINCT user) AS users
}
CALL (e, services, depths, products, customers, accounts, users) {
  MATCH p = (e)
  RETURN p, [0.0] AS rings
  UNION
  UNWIND range(0, size(services) - 1) AS place
  WITH e, services, services[place] AS service, 1 + depths[place] / 100.0 AS ring
  MATCH p = (service)-[s:SUPPORTED_BY]->(below:Service|Resource)
  WHERE (below = e OR below IN services)
    AND s.validFrom <= $as_of AND (s.validTo IS NULL OR s.validTo > $as_of)
  RETURN p, [ring, 2.0] AS rings
  UNION
  UNWIND products AS product
  MATCH p = (product)-[z:REALIZED_BY]->(service:Service)
  WHERE service IN services
    AND z.validFrom <= $as_of AND (z.validTo IS NULL OR z.validTo > $as_of)
  RETURN p, [2.0, 2.0] AS rings
  UNION
  UNWIND products AS product
  MATCH p = (product)<-[o:OWNS]-(:Customer)
  WHERE o.validFrom <= $as_of AND (o.validTo IS NULL OR o.validTo > $as_of)
  RETURN p, [2.0, 3.0] AS rings
  UNION
  UNWIND products AS product
  MATCH p = (product)-[b:BILLED_TO]->(:Account)
  WHERE b.validFrom <= $as_of AND (b.validTo IS NULL OR b.validTo > $as_of)
  RETURN p, [2.0, 3.0] AS rings
  UNION
  UNWIND users AS user
  MATCH p = (user)-[u:USES_SERVICE]->(service:Service)
  WHERE service IN services
    AND u.validFrom <= $as_of AND (u.validTo IS NULL OR u.validTo > $as_of)
  RETURN p, [4.0, 2.0] AS rings
  UNION
  UNWIND products + accounts + customers AS covered
  MATCH p = (covered)-[cover:COVERED_BY]->(sla:SLA)
  WHERE cover.validFrom <= $as_of AND (cover.validTo IS NULL OR cover.validTo > $as_of)
    AND toLower(coalesce(sla.state, 'active')) = 'active'
  RETURN p, [3.0, 5.0] AS rings
  UNION
  UNWIND customers + users AS one
  MATCH p = (one)-[m:MEMBER_OF]->(g:Group)
  WHERE m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    AND toLower(g.tier) IN $vip_tiers
  RETURN p, [4.0, 6.0] AS rings
  UNION
  UNWIND customers + users AS one
  MATCH p = (one)-[r:ENGAGED_PARTY|IDENTIFIES]->(:Individual|Organization)-[m:MEMBER_OF]->(g:Group)
  WHERE r.validFrom <= $as_of AND (r.validTo IS NULL OR r.validTo > $as_of)
    AND m.validFrom <= $as_of AND (m.validTo IS NULL OR m.validTo > $as_of)
    AND toLower(g.tier) IN $vip_tiers
  RETURN p, [4.0, 6.0, 6.0] AS rings
}
UNWIND range(0, length(p)) AS place
WITH nodes(p)[place] AS node, rings[place] AS ring, [r IN relationships(p) WHERE startNode(r) = nodes(p)[place]] AS leaving
UNWIND CASE leaving WHEN [] THEN [null] ELSE leaving END AS relationship
WITH node, min(ring) AS ring, collect(DISTINCT relationship) AS relationships
RETURN node, relationships
ORDER BY ring, node.uid
// One node more than asked for tells that the picture was cut; the greatest integer stands for no limit.
LIMIT CASE WHEN $limit < 9223372036854775807 THEN $limit + 1 ELSE $limit END
