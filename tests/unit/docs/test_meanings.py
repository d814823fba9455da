"""Every setting says what it means."""

from __future__ import annotations

from docs.reference.generate import SETTINGS
from tests.every import every


@every("section, name", [(section, name) for section, model in SETTINGS.items() for name in model.model_fields])
def test_every_setting_has_a_meaning(section: str, name: str) -> None:
    assert SETTINGS[section].model_fields[name].description
