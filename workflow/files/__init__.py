"""证据文件 — photographs, videos, sound and PDF of a case: taken in, looked at, kept untouched, shown, proved.

`kinds` says what is accepted and what a file is by its bytes, `uploads` leads an upload from its first byte
to the ledger, `store` keeps the bytes under their SHA-256, `look` opens a file in a process of its own and
`views` keeps what it drew, `proof` holds store and rows against the ledger, `tidy` clears what nobody claimed.
"""
