"""Settings and where each came from: flags, a profile, environment, ``./mce.toml``, the user's file, the managed Neo4j.

A profile is a table ``[profiles.NAME]`` in either file, for one of several servers. Naming it is more than a variable
that happens to be set, so its settings come before the environment.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mce_graph.errors import ConfigurationError

if TYPE_CHECKING:
    from mce_graph.local.jars import Progress
    from mce_graph.local.server import LocalServer

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "profile": ("MCE_PROFILE",),
    "home": ("MCE_HOME",),
    "neo4j_version": ("MCE_NEO4J_VERSION",),
    "uri": ("MCE_URI", "NEO4J_URI"),
    "username": ("MCE_USERNAME", "NEO4J_USERNAME"),
    "password": ("MCE_PASSWORD", "NEO4J_PASSWORD"),
    "password_file": ("MCE_PASSWORD_FILE",),
    "database": ("MCE_DATABASE", "NEO4J_DATABASE"),
    "remember_ids": ("MCE_REMEMBER_IDS",),
}
"""Every setting with the environment variables that give it, the strongest first."""
_FILE_SETTINGS = tuple(name for name in SETTINGS if name not in ("password", "profile"))
PROFILES = "profiles"
_told: dict[str, str | None] = {}


def tell(flags: Mapping[str, str | None]) -> None:
    """Flags that hold for everything that this process loads, as the command line's own do."""
    _told.clear()
    _told.update(flags)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value and the place it was taken from."""

    name: str
    value: str | None
    origin: str

    @property
    def shown(self) -> str | None:
        """The value as it may be printed: never a password."""
        return ("set" if self.value else None) if self.name == "password" else self.value


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one run."""

    settings: Mapping[str, Setting]

    def get(self, name: str) -> str | None:
        return self.settings[name].value

    @property
    def home(self) -> Path:
        return Path(self.get("home") or "").expanduser()

    @property
    def managed(self) -> bool:
        """Whether the managed local Neo4j is used, because no address is given."""
        return self.get("uri") is None

    @property
    def remembers(self) -> bool:
        """Whether ids that were asked about are kept for the Tab key; ``remember_ids = "off"`` keeps none."""
        return (self.get("remember_ids") or "on").lower() not in ("off", "no", "false", "0")

    def server(self) -> LocalServer:
        """The managed local Neo4j of this home and version."""
        from mce_graph.local.server import LocalServer

        version = self.get("neo4j_version")
        return LocalServer(self.home, version) if version else LocalServer(self.home)

    def endpoint(self, progress: Progress | None = None) -> tuple[str, str, str, str | None]:
        """Address, user name, password and database to connect with; starts the managed Neo4j where no address is
        given."""
        if self.managed:
            from mce_graph.local.jars import quiet

            there = self.server().ensure(progress or quiet)
            return there.uri, there.username, there.password, self.get("database") or there.database
        uri = self.get("uri") or ""
        return uri, self.get("username") or "neo4j", self._password(), self.get("database")

    def _from_keyring(self) -> str | None:
        """The password that the system's keyring keeps for this user and address, where the extra is installed."""
        try:
            import keyring
        except ImportError:
            return None
        name = f"{self.get('username') or 'neo4j'}@{self.get('uri')}"
        try:
            kept: str | None = keyring.get_password("mce_graph", name)
            return kept
        except keyring.errors.KeyringError:
            return None

    def _password(self) -> str:
        named = self.get("password_file")
        of_profile = self.settings["password_file"].origin.startswith("profile ")
        if (given := self.get("password")) and not (
            of_profile and not self.settings["password"].origin.startswith("-")
        ):
            return given
        if not named:
            if kept := self._from_keyring():
                return kept
            raise ConfigurationError(
                f"no password for {self.get('uri')}",
                hint="set NEO4J_PASSWORD, MCE_PASSWORD_FILE to a file that only you can read, or keep it in the "
                "keyring (extra `keyring`) as service mce_graph, user NAME@URI",
            )
        path = Path(named).expanduser()
        try:
            if os.name == "posix" and path.stat().st_mode & 0o077:
                raise ConfigurationError(f"{path} can be read by others", hint=f"chmod 600 {path}")
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise ConfigurationError(f"the password file {path} cannot be read: {error.strerror}") from error


def user_file() -> Path:
    """The user's own settings, ``config.toml`` in the platform's folder for them."""
    import platformdirs

    return platformdirs.user_config_path("mce_graph") / "config.toml"


def load(flags: Mapping[str, str | None] | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Gather the settings. Raises ``ConfigurationError`` for a file that is no TOML or has an unknown setting."""
    env = os.environ if environ is None else environ
    flags = {**_told, **{name: value for name, value in (flags or {}).items() if value}}
    read = [(path, *_read(path)) for path in (Path("mce.toml"), user_file())]
    files = [(path, values) for path, values, _ in read]
    profile = flags.get("profile") or env.get("MCE_PROFILE")
    chosen = _profile(profile, [profiles for _, _, profiles in read]) if profile else {}
    return Config({name: _setting(name, flags, chosen, env, files) for name in SETTINGS})


def profiles() -> list[str]:
    """The names of the profiles that there are."""
    return sorted({name for path in (Path("mce.toml"), user_file()) for name in _read(path)[1]})


def _profile(name: str, found: list[Mapping[str, Mapping[str, str]]]) -> Mapping[str, Setting]:
    """The settings of a profile; what both files say of it, the folder's own says."""
    known = sorted({profile for profiles in found for profile in profiles})
    if name not in known:
        raise ConfigurationError(
            f"there is no profile {name!r}",
            hint=f"profiles are {', '.join(known)}"
            if known
            else f"write one as [{PROFILES}.{name}] into {user_file()}",
        )
    values = {key: value for profiles in reversed(found) for key, value in profiles.get(name, {}).items()}
    return {key: Setting(key, value, f"profile {name}") for key, value in values.items()}


def _setting(
    name: str,
    flags: Mapping[str, str | None],
    chosen: Mapping[str, Setting],
    env: Mapping[str, str],
    files: list[tuple[Path, Mapping[str, str]]],
) -> Setting:
    if flags.get(name):
        return Setting(name, flags[name], f"--{name.replace('_', '-')}")
    if name in chosen:
        return chosen[name]
    for variable in SETTINGS[name]:
        if env.get(variable):
            return Setting(name, env[variable], variable)
    for path, values in files:
        if name in values:
            return Setting(name, values[name], str(path))
    if name == "home":
        import platformdirs

        return Setting(name, str(platformdirs.user_data_path("mce_graph")), "default")
    return Setting(
        name, None, "managed local Neo4j" if name in ("uri", "username", "password", "database") else "default"
    )


def _read(path: Path) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]:
    """The settings of a file, and its profiles."""
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError:
        return {}, {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}", hint="it is a TOML file of settings") from error
    profiles = values.pop(PROFILES, {})
    if not isinstance(profiles, dict) or not all(isinstance(profile, dict) for profile in profiles.values()):
        raise ConfigurationError(f"{path}: {PROFILES} holds no tables", hint=f"a profile is [{PROFILES}.NAME]")
    for where, held in (("", values), *((f"profile {name}: ", profile) for name, profile in profiles.items())):
        for name, value in held.items():
            if name == "password":
                raise ConfigurationError(f"{path}: {where}a password does not belong here", hint="use password_file")
            if name not in _FILE_SETTINGS or not isinstance(value, str):
                hint = f"settings are {', '.join(_FILE_SETTINGS)}"
                raise ConfigurationError(f"{path}: {where}{name} is no setting", hint=hint)
    return values, profiles
