"""The tables of an operator as they are written, and the instants in them."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import ExitStack
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

AS_OF = date(2026, 11, 1)
DAY = 86_400

COLUMNS = {
    "Individual": "id,givenName,familyName,name,birthDate,status",
    "Organization": "id,name,organizationType,status",
    "Customer": "id,name,status,segment,startDate,terminationDate,churnReason",
    "Account": "id,name,accountType,state,paymentStatus,region,closedAt",
    "User": "id,nickname,login,status,createdAt,lastActiveAt",
    "ContactMedium": "mediumType,value",
    "Group": "id,name,groupType,tier,interlockCode",
    "Product": "id,name,status,offeringId,startDate,contractEnd,monthlyValue,currency",
    "Service": "id,name,serviceType,category,state,operatingStatus,msisdn",
    "Resource": "id,name,resourceType,site",
    "SLA": "id,name,state,specificationId,version",
    "ServiceLevelObjective": "id,metric,parameterType,statistic,comparator,target,warning,unit",
    "SLAViolation": "id,date,severity,actualValue,referenceValue,operator,consequence,creditDue,currency,creditPaidAt",
    "QoEMeasurement": "subject,service,metric,granularity,windowStart,n,mean,p10,min,shareBelow,threshold",
    "TroubleTicket": (
        "id,name,ticketType,severity,priority,status,creationDate,resolutionDate,channel,ownerTeam,reopenCount"
    ),
    "ServiceProblem": "id,category,priority,status",
    "PartyInteraction": "id,direction,reason,status,channel,start,end",
    "SelfCareTransaction": "id,sessionId,intent,channel,device,start,end,outcome",
    "SelfCareStep": "transaction,seq,pageId,enteredAt,leftAt,lcpMs,loadMs,isForm,fieldsFilled,error",
    "ParentalControlPolicy": "id,ratingLimit,blockedCategories,timeWindow,spendLimit,status,validFrom",
    "Permission": "id,involvementRole,entitlements,validFrom",
    "PrivacyProfile": "id,purposes,status",
    "Invitation": "id,sentAt,channel,status",
    **dict.fromkeys(
        ("ENGAGED_PARTY", "REACHED_AT", "SUBGROUP_OF", "OWNED_BY", "OWNS", "BILLED_TO", "REALIZED_BY", "SUPPORTED_BY",
         "APPLIES_FOR", "AGREED_BY", "CHILD_OF"),
        "start,end,validFrom",
    ),
    **dict.fromkeys(
        ("HAS_OBJECTIVE", "OF_SLA", "BREACHES", "OBSERVED_ON", "CREDITED_TO", "HAS_QOE", "MEASURED_ON", "ABOUT",
         "PART_OF_PROBLEM", "AFFECTS", "CONCERNS", "STARTED", "HAS_STEP", "APPLIES_TO", "SET_BY", "GRANTED_TO",
         "GRANTED_BY", "ON_ASSET"),
        "start,end",
    ),
    **dict.fromkeys(("SENT", "ACCEPTED_AS", "CONVERTED_TO"), "start,end,at"),
    **dict.fromkeys(("ON_TICKET", "HAD_INTERACTION"), "start,end,role"),
    "HOLDS_ACCOUNT": "start,end,role,validFrom",
    **dict.fromkeys(("USES_SERVICE", "MEMBER_OF"), "start,end,role,validFrom,validTo"),
    "USES_ACCOUNT": "start,end,role,validFrom,validTo,addedBy",
    "IDENTIFIES": "start,end,validFrom,confidence,method",
    "GUARDIAN_OF": "start,end,validFrom,validTo,basis",
    "COVERED_BY": "start,end,precedence,validFrom",
}  # fmt: skip
"""The columns of each table; ``sources`` follows in all of them."""

Row = tuple[str, str, tuple[object, ...]]
"""A table, the systems that say so, and the values of its columns."""


@lru_cache(maxsize=8192)
def midnight(before: int) -> str:
    """The instant so many days before the manifest's."""
    return f"{AS_OF - timedelta(days=before)}T00:00:00Z"


def iso(instant: int) -> str:
    """An instant as text; instants are whole seconds from the manifest's, below zero before it."""
    seconds = instant % DAY
    if not seconds:
        return midnight(-instant // DAY)
    day = midnight(-(instant // DAY))
    return f"{day[:11]}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}Z"


class Tables:
    """The open files, how many rows each has, and the rows of the household that is kept, if one is."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.rows: Counter[str] = Counter()
        self.kept: list[Row] | None = None
        self._write = {}
        for table, columns in COLUMNS.items():
            file = stack.enter_context((folder / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            self._write[table] = csv.writer(file, lineterminator="\n").writerow
            self._write[table]([*columns.split(","), "sources"])

    def put(self, table: str, sources: str, *values: object) -> None:
        self.rows[table] += 1
        self._write[table]((*values, sources))
        if self.kept is not None:
            self.kept.append((table, sources, values))
