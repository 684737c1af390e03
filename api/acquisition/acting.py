"""Who is at work: the one place that knows it, until there are accounts."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header

from api.errors import Malformed

LONGEST = 40


def get_officer(
    kernkaart_officer: Annotated[
        str,
        Header(
            max_length=400,
            description="Name of who is at work, percent-encoded UTF-8, at most 40 characters.",
            examples=["An%20Peeters"],
        ),
    ] = "",
) -> str:
    """
    The name that whoever works here gives.

    Raises
    ------
    Malformed
        When none is given.
    """
    name = " ".join(unquote(kernkaart_officer).replace("\0", " ").split())
    if not 1 <= len(name) <= LONGEST:
        raise Malformed(
            "Nobody says who does this.",
            "Give your name, at most 40 characters (header Kernkaart-Officer).",
            code="officer_missing",
        )
    return name


InOfficer = Annotated[str, Depends(get_officer)]
