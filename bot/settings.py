"""Settings: ``segmentry.toml`` < ``SEGMENTRY_*`` < flag. The only reader of the environment."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import process

from analytics.catalogue import Catalogue, card_catalogue
from analytics.errors import WrongUsage
from analytics.model import TraitKind, Transform, Unit, Use
from analytics.store import Home

DEFAULT_HOME = Path("segmentry-home")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Section(BaseModel):
    """A table of the configuration file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeatureSettings(Section):
    """``[features.NAME]``: extends or replaces one entry of the catalogue."""

    label: str | None = None
    unit: Unit | None = None
    kind: TraitKind | None = None
    transform: Transform | None = None
    weight: float | None = Field(None, gt=0)
    use: Use | None = None
    synonyms: list[str] | None = None
    description: str | None = None
    ratio_of: tuple[str, str] | None = None


class CompanySettings(Section):
    """``[company]``."""

    name: str = ""
    currency: str = "$"


class LoadSettings(Section):
    """``[load]``: the quality gate; ``inbox`` is a folder the weekly job takes new files from."""

    inbox: Path | None = None
    max_bad_share: float = Field(0.02, ge=0, le=1)


class SegmentSettings(Section):
    """``[segments]``: how segments are made and how they keep their identity."""

    candidates: list[int] = Field(default=[3, 4, 5, 6, 7, 8], min_length=1)
    min_jaccard: float = Field(0.75, ge=0, le=1)
    min_share: float = Field(0.05, ge=0, le=0.5)
    scaling: Literal["log", "standard"] = "log"
    identity: Literal["anchor", "refit"] = "anchor"
    hysteresis: float = Field(0.20, ge=0, lt=1)
    review_k_weeks: int = Field(4, ge=1)
    keep_snapshots: int = Field(26, ge=2)
    seed: int = 7

    @field_validator("candidates")
    @classmethod
    def _sensible(cls, value: list[int]) -> list[int]:
        if min(value) < 2 or max(value) > 20:
            raise ValueError("numbers of segments lie between 2 and 20")
        return sorted(set(value))


class ScheduleSettings(Section):
    """``[schedule]``: when the weekly refit and digest run."""

    weekday: Weekday = "monday"
    time: str = Field("08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            near = process.extractOne(value, sorted(available_timezones()))
            raise ValueError(f'no such time zone; did you mean "{near[0]}"?')
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class SlackSettings(Section):
    """``[slack]``: where the digest goes, who is told of failures, and who may do what.

    IDs of members or user groups; ``viewers`` and ``analysts`` that are empty mean everyone.
    """

    digest_channel: str = ""
    owner: str = ""
    allow_external: bool = False
    viewers: list[str] = []
    analysts: list[str] = []
    admins: list[str] = []


class DigestSettings(Section):
    """``[digest]``: the amount it counts in, and who does what it suggests."""

    money: str = "PURCHASES"
    data_owner: str = "the data team"
    analysis_owner: str = "the analyst"
    campaign_owner: str = "the campaign team"


class SqlSettings(Section):
    """``[sql]``: limits of one ad-hoc query."""

    seconds: float = Field(10.0, gt=0, le=300)
    memory_mb: int = Field(1024, ge=128)
    rows: int = Field(1000, ge=1, le=1_000_000)


class DriftSettings(Section):
    """``[drift]``: the smallest changes worth telling; how much noise there is, is learnt."""

    min_weeks: int = Field(8, ge=2)
    alarm_z: float = Field(4.5, gt=0)
    feature_effect: float = Field(0.055, gt=0)
    share_effect: float = Field(0.04, gt=0)
    global_effect: float = Field(0.04, gt=0)
    season_effect: float = Field(0.08, gt=0)
    transition_effect: float = Field(0.02, gt=0)
    size_effect: float = Field(0.035, gt=0)
    clear_gain: float = Field(0.03, gt=0)
    max_moved: float = Field(0.05, gt=0, le=1)


class Tokens(BaseSettings):
    """Slack's secrets, from the environment only; ``api_url`` points the clients elsewhere."""

    model_config = SettingsConfigDict(env_prefix="SLACK_", frozen=True, extra="ignore")

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = "https://slack.com/api/"


class Settings(BaseSettings):
    """Everything a person can set, checked and frozen."""

    model_config = SettingsConfigDict(
        env_prefix="SEGMENTRY_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = DEFAULT_HOME
    company: CompanySettings = CompanySettings()
    features: dict[str, FeatureSettings] = {}
    load: LoadSettings = LoadSettings()
    segments: SegmentSettings = SegmentSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    slack: SlackSettings = SlackSettings()
    digest: DigestSettings = DigestSettings()
    sql: SqlSettings = SqlSettings()
    drift: DriftSettings = DriftSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file, whose content arrives as ``init_settings``."""
        return env_settings, init_settings

    @property
    def place(self) -> Home:
        return Home(self.home)

    @property
    def catalogue(self) -> Catalogue:
        """The card features, extended and replaced by ``[features.NAME]``."""
        tables = {
            name: table.model_dump(exclude_none=True) for name, table in self.features.items()
        }
        return card_catalogue().extended(tables)


def home_folder(flag: Path | None = None) -> Path:
    """``--home``, else ``SEGMENTRY_HOME``, else ``./segmentry-home``."""
    return flag or Path(os.environ.get("SEGMENTRY_HOME") or DEFAULT_HOME)


def tokens() -> Tokens:
    """Slack's tokens from the environment."""
    return Tokens()


def load_settings(folder: Path) -> Settings:
    """The settings of a home; defaults where it has no ``segmentry.toml``.

    Raises WrongUsage naming the key, its value and the nearest valid key.
    """
    file = Home(folder).config
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{file} is not valid TOML: {error}.", "Correct that line.") from error
    if "home" in content:
        raise WrongUsage(f'{file}: the key "home" cannot be set here.', "Use --home.")
    try:
        settings = Settings(**content).model_copy(update={"home": folder})
        _ = settings.catalogue
    except ValidationError as error:
        raise WrongUsage(f"{file}: {_explain(error)}") from error
    except WrongUsage as error:
        raise WrongUsage(f"{file}: {error.what}", error.next_step) from error
    return settings


def _explain(error: ValidationError) -> str:
    first: Any = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    key = ".".join(path)
    if first["type"] != "extra_forbidden":
        reason = first["msg"].removeprefix("Value error, ")
        return f"{key} = {first['input']!r} cannot be used: {reason}."
    near = process.extractOne(path[-1], _valid_keys(path[:-1]))
    hint = f' The nearest valid key is "{".".join([*path[:-1], near[0]])}".' if near else ""
    return f'unknown key "{key}".{hint}'


def _valid_keys(path: list[str]) -> list[str]:
    model: Any = Settings
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        model = FeatureSettings if part == "features" or annotation is None else annotation
        if path[0] == "features":
            return list(FeatureSettings.model_fields)
    return [key for key in model.model_fields if key != "home"]
