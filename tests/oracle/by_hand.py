"""One small world for each question, with the rows that are right, written by hand from its header.

They hold the oracles to the headers: an oracle that always gave nothing would agree with a question that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .world import DAY, FAR, MONTH, TICK, T, World, link, node


@dataclass(frozen=True, slots=True)
class Hand:
    """A question, a world, arguments and the rows, with the columns of its header in order."""

    question: str
    world: World
    args: Mapping[str, Any]
    rows: list[tuple[Any, ...]]

    def __str__(self) -> str:
        return self.question


BEGAN = T - MONTH

GROUP_MEMBERS = Hand(
    "groups.group_members",
    World(
        (
            node("Group:home", groupType="household"), node("Group:kids"), node("Group:far"),
            node("Individual:ann", name="Ann"), node("User:u", nickname="annie"), node("Customer:c"),
            node("Service:s"),
        ),
        (
            link("Group:kids", "SUBGROUP_OF", "Group:home"),
            link("Group:home", "SUBGROUP_OF", "Group:kids"),
            link("Group:far", "SUBGROUP_OF", "Group:kids", until=T),
            link("Individual:ann", "MEMBER_OF", "Group:home", role="head", since=T),
            link("User:u", "MEMBER_OF", "Group:kids", role="member"),
            link("User:u", "IDENTIFIES", "Individual:ann"),
            link("Customer:c", "MEMBER_OF", "Group:home", since=T + TICK),
            link("Service:s", "MEMBER_OF", "Group:kids"),
            link("Service:s", "MEMBER_OF", "Group:far"),
        ),
    ),
    {"group": "Group:home", "as_of": T},
    [
        ("Individual:ann", "Individual:ann", "Individual", "Ann", "head", "Group:home", 0, T),
        ("Service:s", None, "Service", None, "unknown", "Group:kids", 1, BEGAN),
        ("User:u", "Individual:ann", "User", "annie", "member", "Group:kids", 1, BEGAN),
    ],
)  # fmt: skip

GROUPS_OF = Hand(
    "groups.groups_of",
    World(
        (
            node("Group:a", name="A", groupType="household"), node("Group:b", tier="gold"), node("Group:c"),
            node("User:u"), node("User:v"), node("Individual:i"),
        ),
        (
            link("User:u", "IDENTIFIES", "Individual:i"),
            link("User:v", "IDENTIFIES", "Individual:i"),
            link("User:v", "MEMBER_OF", "Group:a", role="child"),
            link("Group:a", "SUBGROUP_OF", "Group:b"),
            link("Group:b", "SUBGROUP_OF", "Group:a"),
            link("Individual:i", "MEMBER_OF", "Group:c", role="member", until=T + TICK),
            link("User:u", "MEMBER_OF", "Group:c", role="member", until=T),
        ),
    ),
    {"member": "User:u", "as_of": T},
    [
        (
            "Group:a", "A", "household", None, "child", 0, "User:v",
            ("User:u", "-IDENTIFIES->", "Individual:i", "<-IDENTIFIES-", "User:v", "-MEMBER_OF->", "Group:a"), BEGAN,
        ),
        (
            "Group:c", None, None, None, "member", 0, "Individual:i",
            ("User:u", "-IDENTIFIES->", "Individual:i", "-MEMBER_OF->", "Group:c"), BEGAN,
        ),
        (
            "Group:b", None, None, "gold", "child", 1, "User:v",
            (
                "User:u", "-IDENTIFIES->", "Individual:i", "<-IDENTIFIES-", "User:v", "-MEMBER_OF->", "Group:a",
                "-SUBGROUP_OF->", "Group:b",
            ), BEGAN,
        ),
    ],
)  # fmt: skip

GROUP_CYCLES = Hand(
    "groups.group_cycles",
    World(
        (node("Group:a", name="A"), node("Group:b"), node("Group:c"), node("Group:d")),
        (
            link("Group:b", "SUBGROUP_OF", "Group:a"),
            link("Group:a", "SUBGROUP_OF", "Group:b"),
            link("Group:b", "SUBGROUP_OF", "Group:c"),
            link("Group:c", "SUBGROUP_OF", "Group:a"),
            link("Group:d", "SUBGROUP_OF", "Group:d"),
            link("Group:d", "SUBGROUP_OF", "Group:a"),
            link("Group:a", "SUBGROUP_OF", "Group:d", until=T),
        ),
    ),
    {"as_of": T},
    [
        (("Group:d", "-SUBGROUP_OF->", "Group:d"), 1, ("Group:d",)),
        (("Group:a", "-SUBGROUP_OF->", "Group:b", "-SUBGROUP_OF->", "Group:a"), 2, ("A", "Group:b")),
        (
            (
                "Group:a", "-SUBGROUP_OF->", "Group:b", "-SUBGROUP_OF->", "Group:c", "-SUBGROUP_OF->", "Group:a",
            ), 3, ("A", "Group:b", "Group:c"),
        ),
    ],
)  # fmt: skip

EFFECTIVE_SLA = Hand(
    "sla.effective_sla",
    World(
        (
            node("User:u"), node("Service:s"), node("Product:p"), node("Account:a"), node("Customer:c"),
            node("Group:g"), node("Group:outer"), node("Account:0"),
            node("SLA:product", state="active"), node("SLA:account"), node("SLA:customer"), node("SLA:group"),
            node("SLA:old", state="terminated"),
            node("ServiceLevelObjective:1", metric="mos", comparator=">=", target=4.0, unit="MOS"),
            node("ServiceLevelObjective:2", metric="mos", comparator=">=", target=3.5),
            node("ServiceLevelObjective:3", metric="mos"),
            node("ServiceLevelObjective:4", metric="latency", comparator="<=", target=30.0, unit="ms"),
            node("ServiceLevelObjective:5", metric="mos"),
        ),
        (
            link("User:u", "USES_SERVICE", "Service:s"),
            link("Product:p", "REALIZED_BY", "Service:s"),
            link("User:u", "USES_ACCOUNT", "Account:a", role="guest"),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="accountHolder"),
            link("Customer:c", "MEMBER_OF", "Group:g"),
            link("Group:g", "SUBGROUP_OF", "Group:outer"),
            link("Product:p", "COVERED_BY", "SLA:product"),
            link("Account:a", "COVERED_BY", "SLA:account"),
            link("User:u", "USES_ACCOUNT", "Account:0", role="guest"),
            link("Account:0", "COVERED_BY", "SLA:account", since=BEGAN - TICK),
            link("Group:outer", "COVERED_BY", "SLA:group", precedence=1),
            link("Customer:c", "COVERED_BY", "SLA:customer", precedence=1, until=T),
            link("Product:p", "COVERED_BY", "SLA:old", precedence=1),
            link("SLA:product", "HAS_OBJECTIVE", "ServiceLevelObjective:1"),
            link("SLA:group", "HAS_OBJECTIVE", "ServiceLevelObjective:2"),
            link("SLA:customer", "HAS_OBJECTIVE", "ServiceLevelObjective:3"),
            link("SLA:account", "HAS_OBJECTIVE", "ServiceLevelObjective:4"),
            link("SLA:old", "HAS_OBJECTIVE", "ServiceLevelObjective:5"),
        ),
    ),
    {"subject": "User:u", "as_of": T},
    [
        (
            "Service:s", "latency", "SLA:account", "account",
            ("User:u", "-USES_ACCOUNT->", "Account:a", "-COVERED_BY->", "SLA:account"),
            None, "ServiceLevelObjective:4", "<=", 30.0, "ms", True,
        ),
        (
            "Service:s", "mos", "SLA:group", "group",
            (
                "User:u", "-USES_ACCOUNT->", "Account:a", "<-HOLDS_ACCOUNT-", "Customer:c", "-MEMBER_OF->", "Group:g",
                "-SUBGROUP_OF->", "Group:outer", "-COVERED_BY->", "SLA:group",
            ),
            1, "ServiceLevelObjective:2", ">=", 3.5, None, True,
        ),
        (
            "Service:s", "mos", "SLA:product", "product",
            ("User:u", "-USES_SERVICE->", "Service:s", "<-REALIZED_BY-", "Product:p", "-COVERED_BY->", "SLA:product"),
            None, "ServiceLevelObjective:1", ">=", 4.0, "MOS", False,
        ),
    ],
)  # fmt: skip

WHO_CAN_ACCESS = Hand(
    "access.who_can_access",
    World(
        (
            node("User:holder"), node("User:guest"), node("User:carer"), node("User:gone"), node("Individual:h"),
            node("Customer:c"), node("Account:a"), node("Product:p"), node("Service:s"),
            node("Permission:1", involvementRole="carer", entitlements=("view:usage",), validTo=FAR),
            node("Permission:2", involvementRole="delegate", entitlements=("view:usage",), validTo=T),
            node("Permission:3", involvementRole="delegate"),
            node("Individual:child"), node("User:child"),
        ),
        (
            link("User:holder", "IDENTIFIES", "Individual:h"),
            link("Customer:c", "ENGAGED_PARTY", "Individual:h"),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="billPayer", until=FAR),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="billReceiver"),
            link("User:guest", "USES_ACCOUNT", "Account:a", role="guest", addedBy="User:holder"),
            link("Product:p", "BILLED_TO", "Account:a"),
            link("Product:p", "REALIZED_BY", "Service:s"),
            link("Permission:1", "GRANTED_TO", "User:carer"),
            link("Permission:1", "GRANTED_BY", "User:holder"),
            link("Permission:1", "GRANTED_BY", "User:guest"),
            link("Permission:1", "ON_ASSET", "Product:p"),
            link("Permission:2", "GRANTED_TO", "User:gone"),
            link("Permission:2", "ON_ASSET", "Service:s"),
            link("Permission:3", "GRANTED_TO", "User:gone"),
            link("Permission:3", "ON_ASSET", "Service:s"),
            link("Individual:h", "GUARDIAN_OF", "Individual:child", until=T + DAY),
            link("User:child", "IDENTIFIES", "Individual:child"),
            link("User:child", "USES_SERVICE", "Service:s"),
        ),
    ),
    {"asset": "Service:s", "as_of": T},
    [
        (
            "User:carer", "Service:s", "permission", "carer", ("view:usage",), "User:guest",
            (
                "User:carer", "<-GRANTED_TO-", "Permission:1", "-ON_ASSET->", "Product:p", "-REALIZED_BY->",
                "Service:s",
            ), FAR,
        ),
        (
            "User:guest", "Service:s", "account", "guest", ("use:services",), "User:holder",
            (
                "User:guest", "-USES_ACCOUNT->", "Account:a", "<-BILLED_TO-", "Product:p", "-REALIZED_BY->",
                "Service:s",
            ), None,
        ),
        (
            "User:holder", "Service:s", "guardian", "guardian", ("manage:controls", "view:usage"), None,
            (
                "User:holder", "-IDENTIFIES->", "Individual:h", "-GUARDIAN_OF->", "Individual:child", "<-IDENTIFIES-",
                "User:child", "-USES_SERVICE->", "Service:s",
            ), T + DAY,
        ),
        (
            "User:holder", "Service:s", "holder", "billPayer", ("pay:bill", "view:bill"), None,
            (
                "User:holder", "-IDENTIFIES->", "Individual:h", "<-ENGAGED_PARTY-", "Customer:c", "-HOLDS_ACCOUNT->",
                "Account:a", "<-BILLED_TO-", "Product:p", "-REALIZED_BY->", "Service:s",
            ), FAR,
        ),
    ],
)  # fmt: skip

ACCOUNT_USERS = Hand(
    "identify.account_users",
    World(
        (
            node("Account:a"), node("User:1", sources=("IDM",), nickname="ann", lastActiveAt=T - DAY),
            node("User:2", sources=("SDP",)), node("User:3", sources=("CRM",)),
            node("Individual:i", sources=("IDM",)), node("Individual:j", sources=("CRM",)),
            node("Group:b", groupType="household"), node("Group:a", groupType="enterprise"),
        ),
        (
            link("User:1", "USES_ACCOUNT", "Account:a", role="guest", addedBy="User:2", until=T + DAY),
            link("User:2", "USES_ACCOUNT", "Account:a", role="primary", since=T),
            link("User:3", "USES_ACCOUNT", "Account:a", role="secondary", until=T),
            link("User:1", "IDENTIFIES", "Individual:i"),
            link("Individual:j", "SAME_AS", "Individual:i"),
            link("User:1", "MEMBER_OF", "Group:b", role="child"),
            link("User:1", "MEMBER_OF", "Group:a", role="admin"),
        ),
    ),
    {"account": "Account:a", "as_of": T},
    [
        ("User:2", None, "primary", None, None, T, None, None, False),
        ("User:1", "ann", "guest", "child", "User:2", BEGAN, T + DAY, T - DAY, True),
    ],
)  # fmt: skip

EXPLAIN_LINK = Hand(
    "identify.explain_link",
    World(
        (node("User:u"), node("Account:1"), node("Account:2"), node("Account:3"), node("Customer:c")),
        (
            link("User:u", "USES_ACCOUNT", "Account:2", role="guest"),
            link("User:u", "USES_ACCOUNT", "Account:2", role="secondary"),
            link("User:u", "USES_ACCOUNT", "Account:1", role="guest"),
            link("User:u", "USES_ACCOUNT", "Account:3", role="guest", until=T),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:1", role="accountHolder"),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:2", role="billPayer"),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:3", role="billPayer"),
        ),
    ),
    {"start": "User:u", "end": "Customer:c", "as_of": T},
    [
        (
            ("User:u", "-USES_ACCOUNT->", "Account:1", "<-HOLDS_ACCOUNT-", "Customer:c"),
            2, ("USES_ACCOUNT", "HOLDS_ACCOUNT"), T,
        ),
        (
            ("User:u", "-USES_ACCOUNT->", "Account:2", "<-HOLDS_ACCOUNT-", "Customer:c"),
            2, ("USES_ACCOUNT", "HOLDS_ACCOUNT"), T,
        ),
    ],
)  # fmt: skip

USERS_UNKNOWN = Hand(
    "reconcile.users_unknown_to_crm",
    World(
        (
            node("User:1", sources=("IDM",), createdAt=T - DAY, lastActiveAt=T), node("User:2", sources=("SDP",)),
            node("User:3", sources=("IDM",), status="suspended"), node("User:4", sources=("IDM",)),
            node("Individual:i", sources=("IDM",)), node("Customer:c", sources=("BILLING",)), node("Account:a"),
        ),
        (
            link("User:1", "USES_ACCOUNT", "Account:a", role="guest"),
            link("Customer:c", "HOLDS_ACCOUNT", "Account:a", role="accountHolder"),
            link("User:2", "USES_ACCOUNT", "Account:a", role="primary", until=T),
            link("User:4", "IDENTIFIES", "Individual:i"),
            link("Customer:c", "ENGAGED_PARTY", "Individual:i"),
        ),
    ),
    {},
    [
        ("User:1", "guest", "Account:a", "Customer:c", T - DAY, T),
        ("User:2", None, None, None, None, None),
    ],
)  # fmt: skip

FRONT_BACK_RATIO = Hand(
    "reconcile.front_back_ratio",
    World(
        (
            node("Customer:1", segment="home"), node("Customer:2"), node("Account:1"), node("Account:2"),
            node("Account:3"), node("User:1", sources=("IDM",)), node("User:2"), node("User:3"),
        ),
        (
            link("Customer:1", "HOLDS_ACCOUNT", "Account:1", role="accountHolder"),
            link("Customer:2", "HOLDS_ACCOUNT", "Account:2", role="accountHolder"),
            link("Customer:1", "HOLDS_ACCOUNT", "Account:2", role="billPayer"),
            link("User:1", "USES_ACCOUNT", "Account:1", role="primary"),
            link("User:2", "USES_ACCOUNT", "Account:1", role="guest"),
            link("User:2", "USES_ACCOUNT", "Account:1", role="secondary"),
            link("User:2", "USES_ACCOUNT", "Account:2", role="delegate", until=T),
            link("User:3", "USES_ACCOUNT", "Account:3", role="guest"),
        ),
    ),
    {"group_by": "segment", "min_n": 1, "as_of": T},
    [
        ("home", 1, 2, 1, 1, 1, 0, 1, 2.0),
        ("unknown", 1, 1, 0, 0, 1, 0, 0, 1.0),
    ],
)  # fmt: skip

STALE_ACCESS = Hand(
    "reconcile.stale_access",
    World(
        (
            node("User:1"), node("User:2", status="archived"), node("User:3"), node("Individual:i"),
            node("Account:closed", state="Closed", closedAt=T - MONTH), node("Account:a"),
            node("Group:home", groupType="household"),
            node("Permission:1", involvementRole="delegate", validTo=FAR),
        ),
        (
            link("User:1", "USES_ACCOUNT", "Account:closed", role="guest"),
            link("User:2", "USES_ACCOUNT", "Account:closed", role="guest"),
            link("Permission:1", "GRANTED_TO", "User:1"),
            link("Permission:1", "ON_ASSET", "Account:a"),
            link("Group:home", "OWNED_BY", "Account:a"),
            link("User:1", "IDENTIFIES", "Individual:i"),
            link("Individual:i", "MEMBER_OF", "Group:home", role="adult", since=T - 3 * MONTH, until=T - MONTH),
            link("User:3", "USES_ACCOUNT", "Account:a", role="guest"),
            link("User:3", "MEMBER_OF", "Group:home", role="child", since=T - 3 * MONTH, until=T - MONTH + TICK),
        ),
    ),
    {"as_of": T},
    [
        (
            "User:1", "Account:a", "leftHousehold", "delegate",
            ("User:1", "<-GRANTED_TO-", "Permission:1", "-ON_ASSET->", "Account:a"), T - MONTH, "Group:home",
        ),
        (
            "User:1", "Account:closed", "accountClosed", "guest",
            ("User:1", "-USES_ACCOUNT->", "Account:closed"), T - MONTH, None,
        ),
    ],
)  # fmt: skip

SERVICE_IMPACT = Hand(
    "tickets.service_impact",
    World(
        (
            node("Resource:r"), node("Service:s", name="Line"), node("Service:t"), node("Service:far"),
            node("Product:p"), node("Customer:c"), node("Customer:d"), node("User:u"), node("Account:a"),
            node("Individual:i"), node("SLA:1", state="active"), node("SLA:2"), node("SLA:3", state="terminated"),
            node("Group:gold", tier="Gold"), node("Group:plain"),
        ),
        (
            link("Service:s", "SUPPORTED_BY", "Resource:r"),
            link("Service:t", "SUPPORTED_BY", "Service:s"),
            link("Service:s", "SUPPORTED_BY", "Service:t"),
            link("Service:far", "SUPPORTED_BY", "Service:t", until=T),
            link("Product:p", "REALIZED_BY", "Service:t"),
            link("Customer:c", "OWNS", "Product:p"),
            link("Customer:d", "OWNS", "Product:p", since=T + TICK),
            link("User:u", "USES_SERVICE", "Service:t"),
            link("Product:p", "BILLED_TO", "Account:a"),
            link("Account:a", "COVERED_BY", "SLA:1"),
            link("Customer:c", "COVERED_BY", "SLA:1"),
            link("Product:p", "COVERED_BY", "SLA:2", since=T),
            link("Product:p", "COVERED_BY", "SLA:3"),
            link("User:u", "IDENTIFIES", "Individual:i"),
            link("Individual:i", "MEMBER_OF", "Group:gold"),
            link("Customer:c", "MEMBER_OF", "Group:plain"),
        ),
    ),
    {"element": "Resource:r", "as_of": T},
    [
        ("Service:s", "Line", 1, 0, 0, 0, ()),
        ("Service:t", None, 2, 1, 1, 2, ("Group:gold",)),
    ],
)  # fmt: skip

HANDS = (
    GROUP_MEMBERS, GROUPS_OF, GROUP_CYCLES, EFFECTIVE_SLA, WHO_CAN_ACCESS, ACCOUNT_USERS, EXPLAIN_LINK, USERS_UNKNOWN,
    FRONT_BACK_RATIO, STALE_ACCESS, SERVICE_IMPACT,
)  # fmt: skip
