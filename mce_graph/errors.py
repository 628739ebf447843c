"""Every error of the package, its hint and its exit code.

::

    MceError                    1  failed
    ├── UsageError              2  the call's words are off
    │   ├── ParameterError      2  a value does not fit its parameter
    │   ├── TemplateError       2  a question's file is not well formed
    │   ├── GateError           2  Cypher of one's own that may not run
    │   └── MissingExtraError   2  an optional library is not installed
    ├── NotFoundError           3  the thing a reference names is not in the graph
    ├── ConfigurationError      4  a setting is missing or wrong
    │   └── SignInError         4  the server refused the user name or password
    ├── UnreachableError        5  no server answers
    │   └── TimeoutExceededError 5  the question took longer than its limit
    ├── SourceError             6  a file was refused
    ├── QueryError              1  the server refused or could not finish the statement
    │   ├── WriteRefusedError   1  a write in a reading session
    │   ├── OutOfMemoryError    1  the statement needs more memory than the server allows
    │   └── CardinalityError    1  one row was expected, more or none came
    └── LocalServerError        1  the managed local Neo4j could not be fetched, started or stopped
        └── JarMismatchError    1  a file of the server differs from its committed checksum

A message says what happened and to which thing; ``hint`` says what to do next. Neither holds personal data.
"""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 2
NOT_FOUND = 3
CONFIGURATION = 4
UNREACHABLE = 5
REJECTED = 6
ROWS_FOUND = 10
INTERRUPTED = 130


class MceError(Exception):
    """Something went wrong that the caller can be told about in one line."""

    exit_code = FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MceError):
    """The call's words are off: an unknown question, option or value."""

    exit_code = USAGE


class ParameterError(UsageError):
    """A value does not fit the parameter it was given for."""


class TemplateError(UsageError):
    """A question's file is not well formed."""


class GateError(UsageError):
    """Cypher of one's own that may not run: too large, or its plan does what no reading of the graph needs."""


class MissingExtraError(UsageError):
    """An optional library is needed and not installed; the hint names the extra."""


class NotFoundError(MceError):
    """The thing that a reference names is not in the graph."""

    exit_code = NOT_FOUND


class ConfigurationError(MceError):
    """A setting is missing, unreadable or wrong."""

    exit_code = CONFIGURATION


class SignInError(ConfigurationError):
    """The server refused the user name or the password."""


class UnreachableError(MceError):
    """No server answers at the address."""

    exit_code = UNREACHABLE


class TimeoutExceededError(UnreachableError):
    """The question took longer than its time limit."""


class SourceError(MceError):
    """A file was refused because nothing in it can be trusted."""

    exit_code = REJECTED


class QueryError(MceError):
    """The server refused the statement or could not finish it."""


class WriteRefusedError(QueryError):
    """A statement tried to write in a reading session."""


class OutOfMemoryError(QueryError):
    """The statement needs more memory than the server allows one transaction."""


class CardinalityError(QueryError):
    """The question promises one row; more than one, or none, came back."""


class LocalServerError(MceError):
    """The managed local Neo4j could not be fetched, started or stopped."""


class JarMismatchError(LocalServerError):
    """A file of the server is missing, extra or differs from its committed checksum."""
