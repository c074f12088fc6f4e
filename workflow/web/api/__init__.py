"""The interface for programs: cases, their moves and ledgers, and one documented path per verb.

Every call names its caller by a bearer token (`fashen token PERSON`) whose scope opens the area of the address.
A write says on which version of the case it rests (`If-Match`) and may carry an `Idempotency-Key`;
`?dry_run=true` judges and changes nothing. What is refused comes back as `application/problem+json` with every
finding inside. Lists take `limit` and `offset` and answer with `items`, `total` and `next`.
"""

from __future__ import annotations

from fastapi import APIRouter

from workflow.web.api import (
    approvals,
    cases,
    deadlines,
    delegations,
    dossiers,
    files,
    notices,
    office,
    proofs,
    publication,
    review,
    supervision,
    verbs,
)

router = APIRouter()
for part in (
    files, approvals, review, cases, notices, deadlines, publication, supervision, dossiers, proofs,
    delegations, office,
    verbs,  # last: it takes every name
):  # fmt: skip
    router.include_router(part.router)
