"""Routes about score profiles and what is ranked for them."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from api.dependencies import InKey, InLanguage, InMunicipality, InSession, refuse_other_sites
from api.room import Room
from api.score import profile_ranking, profiles
from api.score.profile_schemas import ProfileContent, ProfileIn, ProfileList, ProfileOut, ProfileVersions

router = Room(prefix="/api", tags=["score"])
InProfile = Annotated[str, Path(max_length=80, description="Key of the profile.", examples=["bakery"])]
InState = Annotated[Literal["vacant", "occupied"], Query(description="Which units are ranked.")]
ReadVersion = Annotated[
    int, Header(alias="If-Match", ge=1, le=2**31 - 1, description="Version that was read.")
]


class AskedContent(BaseModel):
    """A profile that need not be kept."""

    model_config = ConfigDict(extra="forbid")

    content: ProfileContent


@router.get("/score-profiles")
def list_profiles(municipality: InMunicipality, session: InSession) -> ProfileList:
    """Profiles that ship with the application, those of the municipality, and those that others share."""
    return ProfileList.model_validate(profiles.list_profiles(session, municipality))


@router.post("/score-profiles", status_code=201, dependencies=[Depends(refuse_other_sites)])
def add_profile(given: ProfileIn, session: InSession, response: Response) -> ProfileOut:
    """Keep a profile of one's own."""
    made = ProfileOut.model_validate(profiles.add_profile(session, given))
    response.headers["Location"] = f"/api/score-profiles/{made.key}"
    return made


@router.get("/score-profiles/{key}")
def get_profile(key: InProfile, municipality: InMunicipality, session: InSession) -> ProfileOut:
    """One profile that a municipality may use."""
    return ProfileOut.model_validate(profiles.get_profile(session, municipality, key))


@router.get("/score-profiles/{key}/versions")
def list_versions(key: InProfile, municipality: InMunicipality, session: InSession) -> ProfileVersions:
    """All versions of one of a municipality's own, the newest first."""
    return ProfileVersions.model_validate(profiles.list_versions(session, municipality, key))


@router.put("/score-profiles/{key}", dependencies=[Depends(refuse_other_sites)])
def change_profile(key: InProfile, given: ProfileIn, version: ReadVersion, session: InSession) -> ProfileOut:
    """
    Write the next version of one of a municipality's own.

    `If-Match` is the version that was read. A newer one answers 412, with that version under `current`. Writing an
    earlier version again, or one that was taken away, brings it back.
    """
    return ProfileOut.model_validate(profiles.change_profile(session, key, version, given))


@router.delete("/score-profiles/{key}", dependencies=[Depends(refuse_other_sites)])
def remove_profile(
    key: InProfile,
    municipality: InMunicipality,
    version: ReadVersion,
    session: InSession,
    made_by: Annotated[
        str | None, Query(max_length=80, pattern=r"^[^\x00]*$", description="Who takes it away.")
    ] = None,
) -> ProfileOut:
    """Take one of a municipality's own away; its versions stay, so that it can be brought back."""
    return ProfileOut.model_validate(
        profiles.remove_profile(session, municipality, key, version, made_by=made_by)
    )


@router.get("/score-profiles/{key}/ranking")
def get_ranking(
    key: InProfile, municipality: InMunicipality, session: InSession, state: InState = "vacant"
) -> dict[str, Any]:
    """All shop units scored for a profile, and those of the state ranked with the range of their rank."""
    profile = profiles.get_profile(session, municipality, key)
    content = ProfileContent.model_validate(profile["content"])
    return profile_ranking.get_ranking(session, municipality, content, state=state)


@router.get("/score-profiles/{key}/shop-units/{unit_id}")
def explain_unit(
    key: InProfile, unit_id: InKey, municipality: InMunicipality, session: InSession, language: InLanguage
) -> dict[str, Any]:
    """Why one shop unit has its score for a profile: components, hard wishes, rank without each criterion."""
    profile = profiles.get_profile(session, municipality, key)
    content = ProfileContent.model_validate(profile["content"])
    return profile_ranking.get_explanation(session, unit_id, municipality, content, language=language)


@router.post("/score-rankings")
def rank_content(
    asked: AskedContent, municipality: InMunicipality, session: InSession, state: InState = "vacant"
) -> dict[str, Any]:
    """Rank for a profile that is not kept, such as one that is being changed; nothing is stored."""
    return profile_ranking.get_ranking(session, municipality, asked.content, state=state)


@router.post("/score-rankings/shop-units/{unit_id}")
def explain_content(
    unit_id: InKey,
    asked: AskedContent,
    municipality: InMunicipality,
    session: InSession,
    language: InLanguage,
) -> dict[str, Any]:
    """Why one shop unit has its score for a profile that is not kept."""
    return profile_ranking.get_explanation(session, unit_id, municipality, asked.content, language=language)
