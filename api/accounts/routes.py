"""Routes of signing in, of one's own account, and of managing those of others."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access import COOKIE
from api.accounts import managing, oidc, schemas, service
from api.dependencies import NIS, InAccountSession, InKey, refuse_other_sites, require_municipality
from api.errors import described
from api.room import Room

router = Room(prefix="/api", tags=["accounts"])
OURS_ONLY = [Depends(refuse_other_sites)]
OIDC_COOKIE = "kernkaart_oidc"


def come_from(request: Request) -> service.From:
    """Where a request comes from, as far as it says."""
    address = request.client.host if request.client else ""
    return service.From(address, request.headers.get("user-agent", "")[:200])


InFrom = Annotated[service.From, Depends(come_from)]


def _with_cookie(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=30 * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )


@router.get("/me", response_model=schemas.Me)
def get_me(session: InAccountSession, response: Response) -> dict[str, Any]:
    """Who is signed in, and what they may do where; nobody is an answer too."""
    response.headers["Cache-Control"] = "no-store"
    return service.me(session)


@router.post(
    "/session",
    status_code=204,
    dependencies=OURS_ONLY,
    responses=described({429: "Too many failed attempts; Retry-After says when to try again."}),
)
def sign_in(given: schemas.SignIn, request: Request, response: Response, asker: InFrom) -> None:
    """Sign in with a login, a password and, where it is asked, a one-time code."""
    _with_cookie(request, response, service.sign_in(given.login, given.password, given.code, asker))


@router.delete("/session", status_code=204, dependencies=OURS_ONLY)
def sign_out(session: InAccountSession, response: Response) -> None:
    """End this session."""
    service.sign_out(session)
    response.delete_cookie(COOKIE, path="/")


@router.get("/welcome", response_model=schemas.WelcomeFor)
def get_welcome(
    response: Response,
    secret: Annotated[str, Query(max_length=200, description="Secret of the link.")],
) -> dict[str, Any]:
    """What a link to choose a password is for."""
    response.headers["Cache-Control"] = "no-store"
    return service.welcome_for(secret)


@router.post("/welcome", status_code=204, dependencies=OURS_ONLY)
def use_welcome(given: schemas.Welcome, request: Request, response: Response, asker: InFrom) -> None:
    """Choose a password with a link, once, and sign in."""
    secret = service.welcome(given.secret, given.password, given.login, given.display_name, asker)
    _with_cookie(request, response, secret)


@router.get("/oidc/start", response_class=Response, status_code=303)
def start_oidc(request: Request) -> Response:
    """Go to the identity provider to sign in."""
    address, kept = oidc.start(_back(request))
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        OIDC_COOKIE,
        kept,
        max_age=600,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/api/oidc",
    )
    return answer


@router.get("/oidc/back", response_class=Response, status_code=303)
def come_back(
    request: Request,
    asker: InFrom,
    code: Annotated[str, Query(max_length=4000, description="Code of the provider.")] = "",
    state: Annotated[str, Query(max_length=400, description="State that was sent.")] = "",
) -> Response:
    """Come back from the identity provider, signed in."""
    account = oidc.finish(_back(request), request.cookies.get(OIDC_COOKIE, ""), code=code, state=state)
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(OIDC_COOKIE, path="/api/oidc")
    _with_cookie(request, answer, service.begin_known(account, asker))
    return answer


def _back(request: Request) -> str:
    return str(request.base_url).rstrip("/") + "/api/oidc/back"


@router.post("/me/password", status_code=204, dependencies=OURS_ONLY)
def change_password(given: schemas.NewPassword, session: InAccountSession) -> None:
    """Choose another password; all other sessions end."""
    service.change_password(session, given.old, given.new)


@router.post("/me/totp", response_model=schemas.TotpStart, dependencies=OURS_ONLY)
def start_totp(session: InAccountSession, response: Response) -> dict[str, str]:
    """Make a secret for one-time codes; it counts once a code of it is given."""
    response.headers["Cache-Control"] = "no-store"
    return service.start_totp(session)


@router.put("/me/totp", status_code=204, dependencies=OURS_ONLY)
def keep_totp(given: schemas.TotpCode, session: InAccountSession) -> None:
    """Ask for one-time codes from now on, or (without a secret) no longer."""
    service.keep_totp(session, given.secret, given.code)


@router.get("/me/sessions", response_model=list[schemas.SessionOut])
def list_sessions(session: InAccountSession) -> list[dict[str, Any]]:
    """Where one is signed in."""
    return service.sessions(session)


@router.delete("/me/sessions/{key}", status_code=204, dependencies=OURS_ONLY)
def end_session(key: InKey, session: InAccountSession) -> None:
    """Sign out somewhere."""
    service.end_session(session, key)


@router.get("/me/tokens", response_model=list[schemas.TokenOut])
def list_tokens(session: InAccountSession) -> list[dict[str, Any]]:
    """Tokens with which programs act for the account."""
    return service.tokens(session)


@router.post("/me/tokens", response_model=schemas.TokenOut, status_code=201, dependencies=OURS_ONLY)
def add_token(given: schemas.TokenIn, session: InAccountSession, response: Response) -> dict[str, Any]:
    """Make a token; it is shown once."""
    response.headers["Cache-Control"] = "no-store"
    return service.add_token(session, given.name, given.scope, given.days)


@router.delete("/me/tokens/{key}", status_code=204, dependencies=OURS_ONLY)
def end_token(key: InKey, session: InAccountSession) -> None:
    """End a token."""
    service.end_token(session, key)


@router.get("/accounts", response_model=list[schemas.AccountOut])
def list_accounts(session: InAccountSession) -> list[dict[str, Any]]:
    """Accounts that work where one manages them."""
    return managing.accounts(session)


@router.post("/accounts", response_model=schemas.AccountOut, status_code=201, dependencies=OURS_ONLY)
def add_account(given: schemas.AccountIn, session: InAccountSession) -> dict[str, Any]:
    """Make an account; a link lets its owner choose a password."""
    return managing.add_account(
        session, given.login, given.display_name, given.is_desk, _roles(given.memberships)
    )


@router.patch("/accounts/{key}", response_model=schemas.AccountOut, dependencies=OURS_ONLY)
def change_account(key: InKey, given: schemas.AccountChange, session: InAccountSession) -> dict[str, Any]:
    """Change an account, close it or open it again."""
    changes = given.model_dump(exclude_none=True, exclude={"memberships"})
    roles = None if given.memberships is None else _roles(given.memberships)
    return managing.change_account(session, key, changes, roles)


def _roles(memberships: list[schemas.Membership]) -> managing.Roles:
    return [(each.role, each.nis_code) for each in memberships]


@router.post("/accounts/{key}/link", response_model=schemas.LinkOut, status_code=201, dependencies=OURS_ONLY)
def add_link(key: InKey, session: InAccountSession, response: Response) -> dict[str, Any]:
    """Make a link to choose a password; it is shown once."""
    response.headers["Cache-Control"] = "no-store"
    return managing.add_link(session, key)


@router.post("/accounts/{key}/database-login", response_model=schemas.DatabaseLogin, dependencies=OURS_ONLY)
def give_database_login(key: InKey, session: InAccountSession, response: Response) -> dict[str, str]:
    """Make a login for QGIS, or a new password for it; it is shown once."""
    response.headers["Cache-Control"] = "no-store"
    return managing.give_database_login(session, key)


@router.delete("/accounts/{key}/database-login", status_code=204, dependencies=OURS_ONLY)
def take_database_login(key: InKey, session: InAccountSession) -> None:
    """Remove the login for QGIS."""
    managing.take_database_login(session, key)


@router.get("/sharing", response_model=list[schemas.ShareOut])
def get_sharing(session: InAccountSession, municipality: Annotated[str, NIS]) -> list[dict[str, Any]]:
    """How far a municipality shares each subject."""
    require_municipality(session, municipality)
    return managing.sharing(session, municipality)


@router.put("/sharing", response_model=list[schemas.ShareOut], dependencies=OURS_ONLY)
def share(
    given: schemas.ShareIn, session: InAccountSession, municipality: Annotated[str, NIS]
) -> list[dict[str, Any]]:
    """Choose how far a municipality shares a subject."""
    require_municipality(session, municipality)
    return managing.share(session, municipality, given.subject, given.level)


@router.get("/audit", response_model=list[schemas.AuditRow])
def list_audit(
    session: InAccountSession,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Rows before this key.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many rows.")] = 100,
) -> list[dict[str, Any]]:
    """What was done with accounts, rights and files, newest first."""
    return managing.audit(session, before, limit)
