"""What is answered about layers that can be taken home."""

from datetime import date

from pydantic import BaseModel, Field


class LayerRow(BaseModel):
    """One layer or result."""

    name: str = Field(description="Name of the layer, for the other addresses.")
    title: str = Field(description="What people call it, in the language asked for.")
    subject: str = Field(description="Subject it belongs to.")
    geometry: str = Field(description="Type of its geometry.")
    filters_units: bool = Field(description="Do the filters of shop units work on it?")


class LayerList(BaseModel):
    """All layers, and how they can be taken."""

    formats: list[str] = Field(description="Kinds of file.")
    crs: list[int] = Field(description="EPSG codes, that of the database first.")
    items: list[LayerRow] = Field(description="Layers and results.")


class LayerSource(BaseModel):
    """A dataset that rows came from."""

    name: str = Field(description="Name.")
    publisher: str | None = Field(description="Who publishes it.")
    licence: str | None = Field(description="Licence name or address.")
    attribution: str | None = Field(description="What must stand beside what is made of it.")
    vintage_on: date | None = Field(description="Day of the situation it describes.")
    redistribute_rows: bool = Field(description="May its single rows be given to others?")


class LayerColumn(BaseModel):
    """A column of a layer."""

    name: str = Field(description="Name in the file.")
    kind: str = Field(description="text, number, integer, boolean, date or timestamp.")
    definition: str = Field(description="What it means, with its unit.")


class LayerAbout(BaseModel):
    """What a file would hold."""

    name: str = Field(description="Name of the layer.")
    title: str = Field(description="What people call it.")
    rows: int = Field(description="Rows that the file would hold.")
    left_out: int = Field(
        description="Rows left out because their licence does not let them be given to others."
    )
    sources: list[LayerSource] = Field(description="Where the rows came from.")
    columns: list[LayerColumn] = Field(description="Columns.")
