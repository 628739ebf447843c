"""The command ``mce``: its groups, and what happens when something goes wrong."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mce_graph import config, library
from mce_graph.cli import catalogue, db, doctor, load, picture, schema, settings, show
from mce_graph.cli.questions import UseCase
from mce_graph.errors import FAILED, INTERRUPTED, ConfigurationError, MceError, UsageError

EPILOG = (
    "Exit codes: 0 ok, also for no rows; 1 failed; 2 usage; 3 not found; 4 sign-in or configuration; 5 unreachable or "
    "timeout; 6 rows rejected; 10 rows found, with --exit-code; 130 interrupted."
)
app = typer.Typer(
    name="mce",
    help="Who is behind an account: ask a graph of telecom customers, users, groups, SLAs and experience.",
    epilog=EPILOG,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_debug = False


@app.callback()
def root(
    ctx: typer.Context,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="The server of a profile in the settings (mce config show)")
    ] = None,
    uri: Annotated[str | None, typer.Option(help="Address of the server, for example neo4j://host:7687")] = None,
    username: Annotated[str | None, typer.Option(metavar="NAME", help="Who signs in; else neo4j")] = None,
    database: Annotated[
        str | None, typer.Option(metavar="NAME", help="Database; else the user's home database")
    ] = None,
    ask_password: Annotated[bool, typer.Option("--ask-password", help="Ask for the password on the terminal")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="The first line of standard input is the password")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error")] = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave", is_eager=True)] = False,
) -> None:
    global _debug
    _debug = debug
    if clash := _TAKEN & set(library.use_cases()):
        raise ConfigurationError(
            f"MCE_QUERIES: a folder of questions has the name of a command, {min(clash)}", hint="give it another name"
        )
    if version:
        from mce_graph import __version__

        show.text(__version__)
        raise typer.Exit
    flags = {"profile": profile, "uri": uri, "username": username, "database": database}
    if ask_password or password_stdin:
        flags["password"] = _password(ask=ask_password)
    config.tell(flags)
    if ctx.invoked_subcommand is None:
        greet()


def _password(*, ask: bool) -> str:
    """The password, asked for without an echo, or the first line of standard input."""
    if ask:
        from getpass import getpass

        if not sys.stdin.isatty():
            raise UsageError("--ask-password asks on a terminal, and there is none", hint="--password-stdin")
        given = getpass("Password: ", stream=sys.stderr)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise UsageError("the password is empty")
    return given


def greet() -> None:
    """What bare ``mce`` says: what there is to ask, and where to begin."""
    width = max(map(len, library.use_cases()))
    cases = "\n".join(
        f"  mce {case:<{width}}  {about} ({len(library.ids(case))})" for case, about in library.use_cases().items()
    )
    show.text(
        f"""Who is behind an account: ask a graph of telecom customers, users, groups,
SLAs and experience.

Questions, by use case:
{cases}

Begin with:
  mce load --story                       a small operator to try it on
  mce show Customer:C-1001               what hangs around a customer, as a tree
  mce search guest                       find a question by words
  mce catalogue --actor care-agent       what one role asks
  mce identify account-users --help      what a question takes and gives
  mce --install-completion               names of commands with the Tab key
  mce --help                             every command"""
    )


app.command("catalogue", short_help="List the questions, of one use case or one actor.")(catalogue.catalogue)
app.command("search", short_help="Find questions by words.")(catalogue.search)
app.command("explain", short_help="Show a question's Cypher, parameters and plan.")(catalogue.explain)
app.command("show", short_help="Draw what hangs around a customer, a household, a service …")(picture.show_thing)
app.add_typer(load.app, name="load")
app.add_typer(db.app, name="db")
app.add_typer(schema.app, name="schema")
app.add_typer(settings.app, name="config")
app.command("doctor", short_help="Check the server, the schema and how fresh the data are.")(doctor.doctor)
_TAKEN = {str(c.name) for c in app.registered_commands} | {str(g.name) for g in app.registered_groups}
for _case, _about in library.use_cases().items():
    if _case in _TAKEN:
        continue
    app.add_typer(typer.Typer(cls=UseCase, no_args_is_help=True, rich_markup_mode=None), name=_case, help=f"{_about}.")


def main() -> None:
    """Run ``mce``; a known error is one line and its hint, an unknown one is named, and neither shows a traceback."""
    show.plain_streams()
    try:
        app()
    except MceError as error:
        if _debug:
            raise
        show.fail(error)
        code = error.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        if _debug:
            raise
        show.say(f"mce: an unexpected {type(error).__name__}; run it again as `mce --debug …` for the traceback")
        code = FAILED
    else:
        return
    sys.exit(code)
