"""The catalogue covers what was asked for: fifty questions, and every actor's cells."""

from __future__ import annotations

import pytest

from mce_graph import catalogue, codegen, library
from mce_graph.template import ACTORS, USE_CASES

FIFTY = """
identify: find_party customer_360 account_users explain_link account_hierarchy contact_timeline
reconcile: users_unknown_to_crm front_back_ratio silent_accounts identity_conflicts duplicate_parties stale_access
groups: group_members groups_of group_cycles household_profile cug_boundary
sla: effective_sla sla_coverage_gaps sla_population sla_breaches sla_jeopardy silent_breaches credits_due
qoe: user_qoe enjoyment_index hidden_bad_experience watermelon_slas
tickets: service_impact ticket_context repeat_tickets common_cause tickets_by_non_holders
selfcare: wasted_transactions wasted_by_page failure_demand self_care_funnel silent_quitters
access: effective_controls unprotected_minors orphan_policies who_can_access subject_access_report erasure_impact
acquisition: guest_conversion top_inviters invite_candidates
retention: churn_contagion churn_signals household_value_at_risk
"""
CELLS = """
care-agent: identify reconcile groups sla qoe tickets selfcare access retention
sla-manager: groups sla qoe tickets
account-holder|secondary-user: identify qoe tickets access
identity-admin: identify reconcile access
privacy-officer: identify reconcile access
noc: sla tickets
product-owner: reconcile qoe selfcare
marketing: reconcile groups acquisition
retention-analyst: reconcile groups qoe tickets selfcare retention
billing-analyst: identify sla
data-engineer: reconcile groups
"""


def lines(text: str) -> list[tuple[str, list[str]]]:
    return [(head, rest.split()) for head, _, rest in (line.partition(": ") for line in text.strip().splitlines())]


def test_the_fifty_questions_are_there() -> None:
    wanted = [f"{case}.{name}" for case, names in lines(FIFTY) for name in names]
    assert len(wanted) == 50
    assert set(wanted) <= set(library.ids())
    extra = set(library.ids()) - set(wanted)
    hygiene = {f"reconcile.{name}" for name in ("orphans", "expired_links", "cardinality", "counts")}
    assert {id for id in extra if not id.endswith("_graph")} == hygiene


@pytest.mark.parametrize(("actors", "cases"), lines(CELLS), ids=lambda x: x if isinstance(x, str) else "")
def test_every_actor_finds_questions_in_the_use_cases(actors: str, cases: list[str]) -> None:
    for case in cases:
        asked = [t.id for actor in actors.split("|") for t in catalogue.listing(case, actor)]
        assert asked, f"{actors} asks nothing in {case}"


def test_the_page_has_every_actor_and_question() -> None:
    page = codegen.catalogue_page()
    assert all(f"(`{slug}`)" in page for slug in ACTORS)
    assert all(f"### `{id}`" in page for id in library.ids())
    assert all(f"## {case}: " in page for case in USE_CASES)


@pytest.mark.parametrize("id", library.ids())
def test_an_example_fits_its_header(id: str) -> None:
    t = library.get(id)
    t.bind(catalogue.examples(t))
    assert catalogue.example(t).startswith(f"mce {t.command}")
