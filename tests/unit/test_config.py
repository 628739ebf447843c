"""Settings: which one wins, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from mce_graph import config
from mce_graph.errors import ConfigurationError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, and a user without any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "user_file", lambda: tmp_path / "user.toml")
    return tmp_path


def test_flags_win_over_environment_over_files(elsewhere: Path) -> None:
    (elsewhere / "mce.toml").write_text('uri = "bolt://folder"\ndatabase = "folder"\n')
    (elsewhere / "user.toml").write_text('uri = "bolt://user"\nusername = "user"\n')
    env = {"NEO4J_URI": "bolt://neo4j", "MCE_URI": "bolt://mce"}
    found = config.load({"uri": "bolt://flag"}, env).settings
    assert (found["uri"].value, found["uri"].origin) == ("bolt://flag", "--uri")
    assert config.load(None, env).get("uri") == "bolt://mce"
    assert config.load(None, {"NEO4J_URI": "bolt://neo4j"}).get("uri") == "bolt://neo4j"
    assert config.load(None, {}).get("uri") == "bolt://folder"
    assert config.load(None, {}).get("username") == "user"
    assert config.load(None, {}).settings["database"].origin == "mce.toml"


LAB = """
username = "everywhere"
[profiles.lab]
uri = "bolt://lab"
password_file = "lab.secret"
[profiles.home]
uri = "bolt://home"
"""


def test_a_profile_that_is_named_comes_before_the_environment(elsewhere: Path) -> None:
    (elsewhere / "user.toml").write_text(LAB)
    (elsewhere / "mce.toml").write_text('uri = "bolt://folder"\n[profiles.lab]\ndatabase = "cases"\n')
    (elsewhere / "lab.secret").write_text("s3cret\n")
    (elsewhere / "lab.secret").chmod(0o600)
    env = {"NEO4J_URI": "bolt://neo4j", "NEO4J_PASSWORD": "of another server"}
    assert config.profiles() == ["home", "lab"]
    assert config.load(None, env).get("uri") == "bolt://neo4j"
    lab = ("bolt://lab", "everywhere", "s3cret", "cases")
    assert config.load({"profile": "lab"}, env).endpoint() == lab
    named = config.load(None, {**env, "MCE_PROFILE": "lab"})
    assert named.endpoint() == lab
    assert named.settings["uri"].origin == "profile lab"
    asked = config.load({"profile": "lab", "uri": "bolt://flag", "password": "asked for"}, env)
    assert asked.endpoint() == ("bolt://flag", "everywhere", "asked for", "cases")
    assert config.load({"profile": "home"}, env).endpoint() == ("bolt://home", "everywhere", "of another server", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profiles.lab]\npassword = 'x'", "does not belong"), ("[profiles.lab]\nprofile = 'x'", "no setting"),
        ("profiles = 'lab'", "no tables"), ("[profiles.labor]\nuri = 'bolt://x'", "profiles are labor"),
        ("", r"[profiles.lab] into"),
    ],
)  # fmt: skip
def test_a_profile_that_does_not_fit_is_refused(elsewhere: Path, text: str, said: str) -> None:
    (elsewhere / "user.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        config.load({"profile": "lab"}, {})
    assert said in caught.value.message + caught.value.hint


def test_what_the_command_line_is_told_holds_for_all_that_is_loaded(elsewhere: Path) -> None:
    config.tell({"uri": "bolt://told"})
    try:
        assert config.load(None, {}).get("uri") == "bolt://told"
        assert config.load({"uri": "bolt://flag"}, {}).get("uri") == "bolt://flag"
        assert config.load({"uri": None}, {}).get("uri") == "bolt://told"
    finally:
        config.tell({})
    assert config.load(None, {}).managed


def test_without_an_address_the_local_server_is_meant() -> None:
    assert config.load(None, {}).managed
    assert not config.load(None, {"NEO4J_URI": "bolt://x"}).managed
    assert config.load(None, {"MCE_HOME": "/somewhere"}).home == Path("/somewhere")


@pytest.mark.parametrize(
    ("text", "said"), [("uri =", "TOML"), ('password = "x"', "does not belong"), ('colour = "red"', "no setting")]
)
def test_a_file_that_does_not_fit_is_refused(elsewhere: Path, text: str, said: str) -> None:
    (elsewhere / "mce.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"mce\.toml") as caught:
        config.load(None, {})
    assert said in caught.value.message + caught.value.hint


def test_a_password_file_is_read_only_where_nobody_else_can(elsewhere: Path) -> None:
    secret = elsewhere / "secret"
    secret.write_text("hunter2\n")
    env = {"NEO4J_URI": "bolt://x", "MCE_PASSWORD_FILE": str(secret)}
    secret.chmod(0o644)
    with pytest.raises(ConfigurationError, match="read by others"):
        config.load(None, env).endpoint()
    secret.chmod(0o600)
    assert config.load(None, env).endpoint() == ("bolt://x", "neo4j", "hunter2", None)


def test_the_keyring_is_asked_last(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("mce_graph", "neo4j@bolt://x"): "from the keyring"}
    ring = ModuleType("keyring")
    errors = ModuleType("errors")
    vars(errors)["KeyringError"] = RuntimeError
    vars(ring).update(errors=errors, get_password=lambda service, name: kept.get((service, name)))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert config.load(None, {"NEO4J_URI": "bolt://x"}).endpoint()[2] == "from the keyring"
    assert config.load(None, {"NEO4J_URI": "bolt://x", "NEO4J_PASSWORD": "given"}).endpoint()[2] == "given"
    with pytest.raises(ConfigurationError, match="no password"):
        config.load(None, {"NEO4J_URI": "bolt://y"}).endpoint()
