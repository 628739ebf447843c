"""Parameters that are computed from others when a question is bound: phone numbers, folded texts, default rights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from mce_graph import model
from mce_graph.errors import ParameterError


def e164(term: object, region: object = None) -> str | None:
    """The phone number in ``term`` as ``+447700900123``; none where it is no possible number.

    ``region`` (ISO 3166) reads a number without its country code; without a region such a number keeps its digits, as
    the loader keeps them. Numbers are read by the ``phonenumbers`` library.
    """
    text = str(term).strip()
    digits = re.sub(r"[\s().\-/]", "", text)
    if not re.fullmatch(r"\+?\d{3,20}", digits, re.ASCII):
        return None
    import phonenumbers

    if region is not None and str(region).upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ParameterError("region is no country code", hint="two letters of ISO 3166, for example GB")
    said = "+" + digits[2:] if digits.startswith("00") else digits
    try:
        number = phonenumbers.parse(said, str(region).upper() if region else None)
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def folded(term: object) -> str:
    """Lower case and composed (NFC), as the loader keeps logins and e-mail addresses."""
    return unicodedata.normalize("NFC", str(term)).strip().lower()


def lucene(term: object) -> str:
    """A full-text query for names that hold every word of ``term``; no character of it is an operator."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", str(term)))
    return " AND ".join(f'"{word}"' for word in words) or '""'


def uids(term: object) -> list[str]:
    """The uids that ``term`` may be: itself, or its id, in any case, under each key label of a thing."""
    text = unicodedata.normalize("NFC", str(term)).strip()
    if text.partition(":")[0] in model.NODES and ":" in text:
        return [text]
    spellings = dict.fromkeys((text, text.upper(), text.lower()))
    labels = (label for label in model.NODES if label not in model.BOOKKEEPING)
    return [model.uid(label, id) for label in labels for id in spellings]


def entitlements() -> dict[str, list[str]]:
    """What each role allows where no Permission says otherwise (``model.ENTITLEMENTS``)."""
    return {role: list(rights) for role, rights in model.ENTITLEMENTS.items()}


FUNCTIONS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {"e164": e164, "folded": folded, "lucene": lucene, "uids": uids, "entitlements": entitlements}
)
"""What a header may call in ``[derived]``."""
