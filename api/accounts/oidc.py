"""Signing in with an OpenID Connect provider: authorization code with PKCE (OpenID Connect Core 1.0; RFC 7636)."""

import json
import secrets as random
import time
from functools import lru_cache
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2 import OAuth2Error
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException
from sqlalchemy import text

from api.accounts import queries
from api.db.session import SYSTEM, session_as
from api.errors import NotAnswerable, NotSignedIn
from api.settings import get_settings

TIMEOUT_S = 10
LEEWAY_S = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]


def start(back: str) -> tuple[str, str]:
    """
    Where to send the browser, and what it must bring back in a cookie.

    Raises
    ------
    NotAnswerable
        When no provider is set, or it does not answer.
    """
    client, known = _client(back)
    verifier, nonce = random.token_urlsafe(48), random.token_urlsafe(16)
    with client:
        address, state = client.create_authorization_url(
            known["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
    return address, json.dumps({"state": state, "verifier": verifier, "nonce": nonce})


def finish(back: str, kept: str, *, code: str, state: str) -> int:
    """
    The account of whoever the provider vouches for.

    It is known by issuer and subject; the first time by an e-mail address that the provider has verified.

    Raises
    ------
    NotSignedIn
        When the answer is not one to this browser's question, or there is no account for that person.
    """
    try:
        asked = json.loads(kept)
        mine = random.compare_digest(str(asked["state"]), state)
    except (ValueError, KeyError, TypeError):
        mine = False
    if not (mine and code):
        raise NotSignedIn(
            "This is not the answer to a question of this browser.",
            "Begin again with signing in.",
            code="provider_state",
        )
    client, known = _client(back)
    try:
        with client:
            token = client.fetch_token(
                known["token_endpoint"], code=code, code_verifier=asked["verifier"], timeout=TIMEOUT_S
            )
        claims = _claims(token["id_token"], known, asked["nonce"])
    except (OAuth2Error, JoseError, RequestException, KeyError, ValueError) as error:
        raise NotSignedIn(
            f"The provider does not vouch for you: {type(error).__name__}.",
            "Begin again with signing in; if it stays, ask the administrator to see the log.",
            code="provider_refused",
        ) from error
    return _account(claims)


def _client(back: str) -> tuple[OAuth2Session, dict[str, Any]]:
    settings = get_settings()
    if not settings.oidc_issuer:
        raise NotAnswerable(
            "No identity provider is set.", "Sign in with a login and a password.", code="no_provider"
        )
    try:
        known = _discovered(settings.oidc_issuer)
    except (RequestException, ValueError, KeyError) as error:
        raise NotAnswerable(
            "The identity provider does not answer.",
            "Try again, or sign in with a login and a password.",
            code="provider_silent",
        ) from error
    client = OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret or None,
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
    )
    return client, known


@lru_cache(maxsize=4)
def _discovered(issuer: str) -> dict[str, Any]:
    """What a provider says of itself; asked once per process."""
    with OAuth2Session() as plain:
        answer = plain.request(
            "GET",
            issuer.rstrip("/") + "/.well-known/openid-configuration",
            withhold_token=True,
            timeout=TIMEOUT_S,
        )
    answer.raise_for_status()
    known: dict[str, Any] = answer.json()
    if known["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise ValueError("the provider names another issuer")
    return known


def _claims(id_token: str, known: dict[str, Any], nonce: str) -> dict[str, Any]:
    with OAuth2Session() as plain:
        answer = plain.request("GET", known["jwks_uri"], withhold_token=True, timeout=TIMEOUT_S)
    answer.raise_for_status()
    token = jwt.decode(id_token, KeySet.import_key_set(answer.json()), algorithms=ALGORITHMS)
    client_id = get_settings().oidc_client_id
    jwt.JWTClaimsRegistry(
        now=int(time.time()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": known["issuer"]},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(token.claims)
    return dict(token.claims)


def _account(claims: dict[str, Any]) -> int:
    subject = f"{claims['iss']} {claims['sub']}"
    with session_as("kernkaart_accounts", SYSTEM) as session:
        found = queries.one(
            session,
            "SELECT id, is_active FROM rights.account WHERE oidc_subject = :subject",
            subject=subject,
        )
        if found is None and claims.get("email") and claims.get("email_verified") is True:
            found = queries.one(
                session,
                "UPDATE rights.account SET oidc_subject = :subject WHERE login = :email AND oidc_subject IS NULL "
                "RETURNING id, is_active",
                subject=subject,
                email=str(claims["email"]).lower(),
            )
            if found:
                session.execute(
                    text("SELECT rights.note('provider_tied', NULL, 'accounts', :login)"),
                    {"login": str(claims["email"])[:100]},
                )
        if found is None or not found["is_active"]:
            raise NotSignedIn(
                "The provider knows you, but you have no account here.",
                "Ask an administrator of the municipality for an account under your e-mail address.",
                code="no_account_here",
            )
        return int(found["id"])
