"""公示 — from the reviewed choice to what the platforms and the public read.

What goes out:
    notice.py         what the public may read of one decision: the type is the allow-list
    record.py         the 双公示 record, built from the case alone
    profile.py        a district's interface: fields, lengths, required marks (profiles/)
    parcel.py         what is sent: notice and record, frozen before they go out
Before it goes out:
    disguised.py      identifiers in free text, however they are written (undisguised, numbers, wording)
    looked_over.py    what that search, and the interface, say of one case
    sheet.py          公示审查表: the file beside what goes out
    metadata.py       files without what is not seen on them
To the platforms:
    platforms/        the ways out: directory, http, spreadsheet, an office's own
    sending.py        intent, send, settle; withdrawing.py the same for taking down (errand, rows)
    reconcile.py      the platform's own list laid beside ours (lists)
    overview.py       公示台账: what waits at which step
To the public:
    projection.py     a step of a case changes the board in its own transaction
    board.py          公示栏: what the public lists, searches and reads (words)
    beforehand.py     事前公示: who enforces what, how, and what can be done about it
    pages.py          both as pages; static_site.py as files
"""
