"""Settings and where each came from: flags, environment, ``./mce.toml``, the user's file, the managed local Neo4j."""

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
_FILE_SETTINGS = tuple(name for name in SETTINGS if name != "password")


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
        if given := self.get("password"):
            return given
        named = self.get("password_file")
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
    files = [(path, _read(path)) for path in (Path("mce.toml"), user_file())]
    return Config({name: _setting(name, flags or {}, env, files) for name in SETTINGS})


def _setting(
    name: str, flags: Mapping[str, str | None], env: Mapping[str, str], files: list[tuple[Path, Mapping[str, str]]]
) -> Setting:
    if flags.get(name):
        return Setting(name, flags[name], f"--{name.replace('_', '-')}")
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


def _read(path: Path) -> Mapping[str, str]:
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}", hint="it is a TOML file of settings") from error
    for name, value in values.items():
        if name == "password":
            raise ConfigurationError(f"{path}: a password does not belong here", hint="use password_file")
        if name not in SETTINGS or not isinstance(value, str):
            raise ConfigurationError(f"{path}: {name} is no setting", hint=f"settings are {', '.join(_FILE_SETTINGS)}")
    return values
