"""What people choose for the forecast, as somebody sends it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class HolidayCountriesIn(BaseModel):
    """Over which borders holidays bring visitors."""

    model_config = ConfigDict(extra="forbid")

    countries: list[Literal["FR", "NL"]] | None = Field(
        description="France and the Netherlands; null for what is usual there.", max_length=2
    )
