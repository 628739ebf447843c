"""What the Tab key offers within a question: names, options, choices, columns, and ids lately seen (``recall``).

Answered without the command line's own machinery, which takes longer than a finger on Tab waits: nothing here imports
it, the driver or the network. What is not about questions is left to that machinery.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence

from mce_graph import library
from mce_graph.cli.formats import FORMATS, PICTURES
from mce_graph.errors import MceError
from mce_graph.template import Parameter, Template

Offer = tuple[str, str]
"""What is offered, and what it is."""
OPTIONS = {
    "--columns": True, "-o": True, "--format": True, "--output": True, "--csv-safe": False, "--show-cypher": False,
    "--timeout": True, "--plan": False, "--profile-plan": False, "--exit-code": False, "--help": False, "-h": False,
}  # fmt: skip
"""The options that every question has, and whether a value follows."""
OF_ALL = {
    "--profile": True, "--uri": True, "--username": True, "--database": True, "--ask-password": False,
    "--password-stdin": False, "--debug": False,
}  # fmt: skip
"""The options of ``mce`` itself, before a command."""
COMMANDS = ("catalogue", "search", "explain", "show", "doctor", "load", "db", "schema", "config")
"""What there is beside the use cases."""
TIMES = ("now", "yesterday", "7d", "30d")
_HARMLESS = re.compile(r"[A-Za-z0-9._~:,/-]+")
"""Words that no shell takes for more than a word."""
_SPEECH = re.compile(r"[^\w ,.;()/-]")


def answer() -> bool:
    """Write what fits to standard output as the shell wants it; false where it is not ours to say."""
    shell = os.environ.get("_MCE_COMPLETE", "").removeprefix("complete_")
    if shell not in ("bash", "zsh", "fish"):
        return False
    words, begun = _typed(shell)
    try:
        offers = offered(words, begun)
    except MceError:
        offers = []
    if offers is None:
        return False
    fits = [(value, about) for value, about in offers if value.startswith(begun) and _HARMLESS.fullmatch(value)]
    if shell == "fish" and os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        sys.exit(0 if fits else 1)
    sys.stdout.write(_WRITTEN[shell](fits, begun))
    return True


def offered(words: Sequence[str], begun: str) -> list[Offer] | None:
    """What may stand after these words of ``mce``, whether it fits what is begun or not; none where others know."""
    from mce_graph import config

    while words and words[0] in OF_ALL:
        option, takes = words[0], OF_ALL[words[0]]
        if takes and len(words) == 1:
            return [(name, "") for name in config.profiles()] if option == "--profile" else None
        if option == "--profile":
            config.tell({"profile": words[1]})
        words = words[1 + takes :]
    if not words:
        cases = list(library.use_cases().items())
        return None if begun.startswith("-") else [*((name, "") for name in COMMANDS), *cases]
    first, *rest = words
    if first == "explain" and not begun.startswith("-"):
        return list(library.use_cases().items()) if not rest else _questions(rest[0]) if len(rest) == 1 else []
    if first == "show" and not rest and not begun.startswith("-"):
        from mce_graph import model

        return _ids(tuple(model.NODES), begun)
    if first not in library.use_cases():
        return None
    if not rest:
        return _questions(first)
    name = f"{first}.{rest[0].replace('-', '_')}"
    return _within(library.get(name), rest[1:], begun) if name in library.ids(first) else []


def _questions(case: str) -> list[Offer]:
    return [(t.name.replace("_", "-"), t.title) for t in library.questions(case)]


def _within(t: Template, words: Sequence[str], begun: str) -> list[Offer]:
    """What may follow within one question: the value of an option, an option, or the next thing it wants."""
    named = {f"--{p.name.replace('_', '-')}": p for p in t.parameters if not p.required}
    waiting = ""
    places = 0
    for word in words:
        if waiting:
            waiting = ""
        elif word.startswith("-") and word != "-":
            takes = named[word].type != "boolean" if word in named else OPTIONS.get(word, False)
            waiting = word if takes else ""
        else:
            places += 1
    if waiting in named:
        return _values(named[waiting], begun)
    if waiting:
        return _of_option(t, waiting, begun)
    if begun.startswith("-"):
        own = [(flag, p.help) for flag, p in named.items()]
        own += [(f"--no-{flag[2:]}", p.help) for flag, p in named.items() if p.type == "boolean"]
        return [*own, *((flag, "") for flag in OPTIONS)]
    wanted = [p for p in t.parameters if p.required]
    return _values(wanted[places], begun) if places < len(wanted) else []


def _values(p: Parameter, begun: str) -> list[Offer]:
    if p.labels:
        return _ids(p.labels, begun)
    if p.type == "datetime":
        return [(word, "") for word in TIMES]
    return _listed(p.choices, begun) if p.many else [(choice, "") for choice in p.choices]


def _of_option(t: Template, option: str, begun: str) -> list[Offer]:
    if option == "--columns":
        return _listed([c.name for c in t.columns], begun)
    if option in ("-o", "--format"):
        return [(word, "") for word in (PICTURES if t.returns == "graph" else FORMATS)]
    return []


def _listed(names: Iterable[str], begun: str) -> list[Offer]:
    """The next of several names with commas between them."""
    before = begun[: begun.rfind(",") + 1]
    return [(before + name, "") for name in names if name not in before.split(",")]


def _ids(labels: Sequence[str], begun: str) -> list[Offer]:
    """Ids lately seen: bare, or with their label once that is begun."""
    from mce_graph import config
    from mce_graph.cli import recall

    uids = recall.recent(config.load(), labels)
    if ":" in begun:
        return [(uid, "") for uid in uids]
    return [(id, label) for label, _, id in (uid.partition(":") for uid in uids)]


def _typed(shell: str) -> tuple[list[str], str]:
    """The words after ``mce`` that stand already, and the one that is begun."""
    if shell == "bash":
        words = _split(os.environ.get("COMP_WORDS", ""))
        place = int(os.environ.get("COMP_CWORD", "0"))
        words = words[: place + 1] + [""] * (place + 1 - len(words))
        # To bash a colon is a word of its own.
        joined: list[str] = []
        for n, word in enumerate(words):
            if n and (word == ":" or words[n - 1] == ":"):
                joined[-1] += word
            else:
                joined.append(word)
        return joined[1:-1], joined[-1]
    text = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(text)[1:]
    return (words, "") if not words or text.endswith(" ") else (words[:-1], words[-1])


def _split(text: str) -> list[str]:
    """The words of a command line that may end within quotes."""
    import shlex

    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


def _bash(fits: Sequence[Offer], begun: str) -> str:
    done = begun.rfind(":") + 1
    return "\n".join(value[done:] for value, _ in fits)


def _zsh(fits: Sequence[Offer], begun: str) -> str:
    def item(value: str, about: str) -> str:
        colons = value.replace(":", "\\\\:")
        return f'"{colons}":"{_SPEECH.sub(" ", about)}"' if about else f'"{colons}"'

    lines = "\n".join(item(*offer) for offer in fits)
    return f"_arguments '*: :(({lines}))'" if fits else ""


def _fish(fits: Sequence[Offer], begun: str) -> str:
    return "\n".join(f"{value}\t{_SPEECH.sub(' ', about)}" if about else value for value, about in fits)


_WRITTEN = {"bash": _bash, "zsh": _zsh, "fish": _fish}
