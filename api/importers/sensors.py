"""Footfall sensors: where they stand, what they measure and since when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.importers.count_fields import MEASURE
from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

_REFUSED_INSTRUMENT = "wifi"
INSTRUMENT = {
    **{name: name for name in ("radar", "rubber", "piezo", "fiber", "loop", "camera", "anpr", "manual", "telraam")},
    **{name: name for name in ("laser", "unknown")},
    **dict.fromkeys(("rfattenuation", "radiodemping", "crowdscan"), "rf_attenuation"),
    **dict.fromkeys(("mobilenetwork", "mobielnetwerk", "telecom"), "mobile_network"),
    **dict.fromkeys(("manueel", "handmatig", "manuel"), "manual"),
    **dict.fromkeys(("lus", "inductielus", "boucle"), "loop"),
    **dict.fromkeys(("telslang", "slang", "tube"), "rubber"),
    **dict.fromkeys(("video", "tophat", "telcamera"), "camera"),
    **dict.fromkeys(("wifi", "wlan", "bluetooth", "wifibluetooth"), _REFUSED_INSTRUMENT),
}  # fmt: skip
INDOOR = {
    **dict.fromkeys(("indoor", "binnen", "interieur", "yes", "ja", "oui", "true", "1"), "yes"),
    **dict.fromkeys(("outdoor", "buiten", "exterieur", "no", "nee", "non", "false", "0"), "no"),
}
_CODE = "counter_id sensor_id location_id telpunt_id telpunt teller_id segment_id locname id"
_FROM = "installation_date installed_on in_dienst date_installation geplaatst_op"
FIELDS = (
    Field("code", names=names(_CODE), is_required=True),
    Field("nis_code", names=names("nis niscode")),
    Field(
        "name", names=names("naam sensor_description sensor_name location_name omschrijving description nom")
    ),
    Field(
        "instrument", "choice", names("meettoestel toestel type technology technologie"), choices=INSTRUMENT
    ),
    Field("measure_kind", "choice", names("soort_meting meetsoort"), choices=MEASURE),
    Field("interval_minutes", "integer", names("interval minutes interval_min"), lowest=1, highest=1440),
    Field("supplier", names=names("leverancier fournisseur")),
    Field("active_from", "date", names(_FROM)),
    Field("active_to", "date", names("uit_dienst removed_on end_date")),
    Field("direction_a", names=names("direction_1 richting_a ltr_label")),
    Field("direction_b", names=names("direction_2 richting_b rtl_label")),
    Field("is_indoor", "choice", names("indoor location_type binnen"), choices=INDOOR),
    Field("local_code", names=names("pand pand_id handelspand shop_unit unit_code")),
    Field("stores_images", "boolean", names("bewaart_beelden")),
    Field("on_device", "boolean", names("telt_op_toestel op_toestel sur_appareil edge")),
    Field("processor", names=names("verwerker sous_traitant")),
    Field("contract_end_on", "date", names("contract_einde einde_contract contract_end fin_contrat")),
)


def read_sensors(request: Request) -> list[Reading]:
    """Read sensors; wifi and bluetooth counters are refused, because they store what belongs to a person."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        frame["instrument"] = _filled(frame, "instrument", "unknown", notes)
        frame["measure_kind"] = _filled(frame, "measure_kind", "passage", notes)
        banned = frame["instrument"] == _REFUSED_INSTRUMENT
        refusals.add_where(
            banned,
            frame["instrument"],
            column="instrument",
            reason="Counters that follow telephones by wifi or bluetooth store personal data.",
            remedy="Use another kind of counter; its counts are not accepted here.",
        )
        if "is_indoor" in frame.columns:
            frame["is_indoor"] = frame["is_indoor"].map({"yes": True, "no": False})
        return with_municipality(frame.loc[~banned].copy(), request.nis_code, notes)

    scope = Scope(is_outside_refused=True, margin_m=100.0)
    return [read(request, Recipe("footfall_sensor", FIELDS, finish, scope))]


def _filled(frame: pd.DataFrame, name: str, default: str, notes: Notes) -> pd.Series[Any]:
    if name not in frame.columns:
        notes.say(f"No column for {name}: read as {default}")
        return pd.Series(default, index=frame.index, dtype="str")
    return frame[name].astype("object").fillna(default)
