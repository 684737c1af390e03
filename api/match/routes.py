"""Routes about requirement profiles and what matches them."""

from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query, Response

from api.acting import InOfficer
from api.dependencies import InKey, InMunicipality, InSession, refuse_other_sites
from api.match import beginning, files, profiles, service
from api.match.facts import Offer
from api.match.schemas import CaseAsked, RequirementIn, RequirementList, RequirementOut, RequirementVersions
from api.room import Room
from api.vacancy.files import CSV, sent

router = Room(prefix="/api", tags=["match"])
OURS_ONLY = [Depends(refuse_other_sites)]
InProfile = Annotated[str, Path(max_length=80, description="Key of the requirement profile.")]
ReadVersion = Annotated[
    int, Header(alias="If-Match", ge=1, le=2**31 - 1, description="Version that was read.")
]


def get_offer(
    temporary: Annotated[bool, Query(description="Also vacant units in temporary use.")] = True,
    expected: Annotated[bool, Query(description="Also units that are expected to fall empty.")] = True,
) -> Offer:
    """Which units are looked at, beside the vacant ones."""
    return Offer(is_temporary=temporary, is_expected=expected)


InOffer = Annotated[Offer, Depends(get_offer)]


@router.get("/requirement-profiles")
def list_profiles(municipality: InMunicipality, session: InSession) -> RequirementList:
    """What organisations and formulas ask of premises here, and what may be asked."""
    return RequirementList.model_validate(profiles.list_profiles(session, municipality))


@router.post("/requirement-profiles", status_code=201, dependencies=OURS_ONLY)
def add_profile(
    given: RequirementIn, session: InSession, officer: InOfficer, response: Response
) -> RequirementOut:
    """Keep what an organisation or formula asks; never the name of a person."""
    made = RequirementOut.model_validate(profiles.add_profile(session, given, officer))
    response.headers["Location"] = f"/api/requirement-profiles/{made.key}"
    return made


@router.get("/requirement-profiles/{key}")
def get_profile(key: InProfile, municipality: InMunicipality, session: InSession) -> RequirementOut:
    """One requirement profile."""
    return RequirementOut.model_validate(profiles.get_profile(session, municipality, key))


@router.get("/requirement-profiles/{key}/versions")
def list_versions(key: InProfile, municipality: InMunicipality, session: InSession) -> RequirementVersions:
    """All its versions, the newest first, also when it was taken away."""
    return RequirementVersions.model_validate(profiles.list_versions(session, municipality, key))


@router.put("/requirement-profiles/{key}", dependencies=OURS_ONLY)
def change_profile(
    key: InProfile, given: RequirementIn, version: ReadVersion, session: InSession, officer: InOfficer
) -> RequirementOut:
    """
    Write the next version.

    `If-Match` is the version that was read. A newer one answers 412, with that version under `current`. Writing an
    earlier version again, or one that was taken away, brings it back.
    """
    return RequirementOut.model_validate(profiles.change_profile(session, key, version, given, officer))


@router.delete("/requirement-profiles/{key}", dependencies=OURS_ONLY)
def remove_profile(
    key: InProfile, municipality: InMunicipality, version: ReadVersion, session: InSession, officer: InOfficer
) -> RequirementOut:
    """Take one away; its versions stay, so that it can be brought back."""
    return RequirementOut.model_validate(
        profiles.remove_profile(session, municipality, key, version, officer)
    )


@router.get("/requirement-profiles/{key}/matches")
def match_units(
    key: InProfile, municipality: InMunicipality, session: InSession, offer: InOffer
) -> dict[str, Any]:
    """
    Units on offer, ranked for the profile, each wish with what the unit has.

    `verdict` is `fits`, `unclear` (no hard wish fails, but of some it is not known) or `out`. Ranks go by the share of
    soft wishes met, then by score; `rank_best` and `rank_worst` say what unknown values may still make of it.
    `joined` holds units that are too small alone and would do together.
    """
    return service.match_units(session, municipality, key, offer)


@router.get(
    "/requirement-profiles/{key}/matches.csv",
    response_class=Response,
    responses={200: {"content": {CSV: {}}}},
)
def export_matches(
    key: InProfile, municipality: InMunicipality, session: InSession, offer: InOffer
) -> Response:
    """The same as a table, with the reasons in words."""
    return sent(files.matches_csv(session, municipality, key, offer))


@router.post("/requirement-profiles/{key}/cases", status_code=201, dependencies=OURS_ONLY)
def begin_case(
    key: InProfile, municipality: InMunicipality, asked: CaseAsked, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Propose units in the case of the profile; without a case that still runs, a new one begins."""
    return beginning.begin_case(session, municipality, key, asked.shop_units, officer)


@router.get("/shop-units/{unit_id}/candidates")
def match_profiles(unit_id: InKey, session: InSession) -> dict[str, Any]:
    """Requirement profiles ranked for one shop unit, each wish with what the unit has."""
    return service.match_profiles(session, unit_id)
