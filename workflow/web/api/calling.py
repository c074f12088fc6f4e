"""谁在调用 — whose token a program brings, what it is for, and which cases are theirs to see."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from policies.office import Office, Person
from workflow import scopes, sight, tokens
from workflow.database import reading
from workflow.errors import NotFound, TooOften, Unauthorised
from workflow.program import Fashen


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody of an office; or `above`, an inspector of an office above, who acts here as nothing else."""

    fashen: Fashen
    office: str
    id: str
    above: Person | None = None

    def person(self) -> Person:
        if self.above:
            return self.above
        with reading(self.fashen.engine) as tx:
            found = self.fashen.bureau(tx, self.office).office.person(self.id)
        if found is None:
            raise Unauthorised("令牌的持有人已不在本机关人员名单中，令牌不能再用。")
        return found

    def office_file(self) -> Office:
        with reading(self.fashen.engine) as tx:
            return self.fashen.bureau(tx, self.office).office


READS = ("GET", "HEAD", "OPTIONS")
"""Methods that only read; none of them takes a step."""

_bearer = HTTPBearer(auto_error=False, description="`fashen token PERSON` 领取的令牌")


def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """Whose token this is. Here alone the scope of a token is looked at: a route says its area as its tag."""
    if credentials is None:
        raise Unauthorised("请在请求头中写明令牌：Authorization: Bearer …；用 fashen token 领取。")
    fashen: Fashen = request.app.state.fashen
    bearer = tokens.bearer(fashen, credentials.credentials)
    [area] = request.scope["route"].tags
    scopes.require(bearer.scopes, area, reads=request.method in READS)
    most = fashen.settings.api_per_minute
    if wait := request.app.state.calls.spend(credentials.credentials, most):
        raise TooOften(
            f"这个令牌一分钟里已经请求了 {most} 次，这一次没有办理，什么都没有改变。请 {wait} 秒后再来。",
            wait,
        )
    return Caller(fashen, bearer.office, bearer.person)


Who = Annotated[Caller, Depends(caller)]


def _like_an_id(case: str) -> str:
    """The case's id as the database may be asked for it; no id of ours is longer or stranger."""
    if not re.fullmatch(r"[!-~]{1,36}", case):
        raise NotFound(f"没有编号为“{case[:40]}”的案件。")
    return case


def there(who: Who, case: str) -> Caller:
    """The caller as they are in the office of this case (`sight.stand_in`)."""
    _like_an_id(case)
    own = who.person()
    with reading(who.fashen.engine) as tx:
        home = who.fashen.bureau(tx, who.office)
        bureau, person = sight.stand_in(who.fashen, tx, home, own, case)
    if bureau is home:
        return who
    return replace(who, office=bureau.office.office, id=person.id, above=person)


There = Annotated[Caller, Depends(there)]


def known_case(who: There, case: str) -> str:
    """The id of a case that is the caller's to see."""
    _like_an_id(case)
    person = who.person()
    with reading(who.fashen.engine) as tx:
        sight.may_open(tx, who.office, case, person)
    return case


Case = Annotated[str, Depends(known_case)]
