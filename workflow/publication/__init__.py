"""公示 — from the reviewed choice to what the platforms and the public read.

notice.py     what the public may read of one decision: the type is the allow-list
parcel.py     what is sent: the notice and the 双公示 record, frozen before it goes out
record.py     the 双公示 record, built from the case alone
profile.py    a district's interface: fields, lengths, required marks
disguised.py  identifiers in free text, however they are written
platforms/    the ways out: directory, http, spreadsheet, an office's own
sending.py    intent, send, settle; each safe to repeat
board.py      公示栏: what the public lists, searches and reads
words.py      how a search finds a notice
beforehand.py 事前公示: what must be public before anybody is punished
pages.py      the pages, the feed and the JSON of the board
static_site.py  the same as a folder of files
reconcile.py  the platform's own list laid beside ours
"""
