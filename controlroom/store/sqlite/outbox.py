"""The outbox as rows: what is put into it, what became of it, what is dropped. It sends nothing.

Rules
1. A message that is put again under its key changes nothing, unless it is a digest that still gathered.
2. A delivery changes a message that waits and no other, so that what was settled stays settled.
3. What was settled is dropped when it is ``KEPT_DAYS`` old by the newest second; what was given up is kept
   longer. The newest row is never dropped, so that no number is given twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from controlroom.store.interface import Batch
from controlroom.store.message_text import message_of_text, text_of_message
from controlroom.store.outbox import Delivery, KeptMessage, MessageState, OutboxState, first_delivery
from controlroom.store.sqlite.rows import Row, readable

KEPT_DAYS: Final = 14
DEAD_KEPT_DAYS: Final = 90
_DAY_US: Final = 86_400_000_000
_MOST_DROPPED: Final = 500

READ_MESSAGES: Final = (
    "SELECT number, key, channel, at_utc_s, text, state, attempts, due_utc_s, trouble FROM outbox"
)
PUT_MESSAGE: Final = """INSERT OR REPLACE INTO outbox
    (number, key, channel, at_utc_s, text, state, attempts, due_utc_s, trouble)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_GROW: Final = """UPDATE outbox SET number = ?1, at_utc_s = ?4, text = ?5, state = ?6
    WHERE key = ?2 AND state = 'gathering'"""
_ADD: Final = """INSERT INTO outbox
    (number, key, channel, at_utc_s, text, state, attempts, due_utc_s, trouble)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE key = ?2)"""
_SETTLE: Final = """UPDATE outbox SET state = ?, attempts = ?, due_utc_s = ?, trouble = ?
    WHERE key = ? AND state = 'waiting'"""
_DROP: Final = """DELETE FROM outbox WHERE number IN (
    SELECT number FROM outbox WHERE number < (SELECT max(number) FROM outbox)
    AND (state IN ('delivered', 'unneeded') AND at_utc_s < ? OR state = 'dead' AND at_utc_s < ?)
    ORDER BY number LIMIT ?)"""


def put_messages(connection: sqlite3.Connection, batch: Batch) -> None:
    """Keep a batch's messages and what became of others, in the open transaction (rules 1 and 2)."""
    for message in batch.messages:
        row = message_row(KeptMessage(message, first_delivery(message)))
        connection.execute(_GROW, row[:6])
        connection.execute(_ADD, row)
    for each in batch.deliveries:
        settled = (each.state.value, each.attempts, each.due_utc_s, each.trouble, each.key)
        connection.execute(_SETTLE, settled)


def drop_settled(connection: sqlite3.Connection) -> None:
    """Drop some of what was settled long ago (rule 3)."""
    newest = connection.execute("SELECT at_utc_us FROM journal ORDER BY key DESC LIMIT 1").fetchone()
    if newest is not None:
        settled_s, dead_s = ((newest[0] - days * _DAY_US) / 1_000_000 for days in (KEPT_DAYS, DEAD_KEPT_DAYS))
        connection.execute(_DROP, (settled_s, dead_s, _MOST_DROPPED))


def message_row(kept: KeptMessage) -> Row:
    """Write a message and what became of it as ``PUT_MESSAGE`` takes them."""
    message, delivery = kept.message, kept.delivery
    return (
        message.number,
        message.key,
        message.channel,
        message.at_utc_s,
        text_of_message(message),
        delivery.state.value,
        delivery.attempts,
        delivery.due_utc_s,
        delivery.trouble,
    )


def kept_message_of(row: Row) -> KeptMessage:
    """Read a message; what its row and its text say of it must agree."""
    number, key, channel, _, text, state, attempts, due_utc_s, trouble = row
    message = message_of_text(str(text))
    if (message.number, message.key, message.channel) != (number, key, channel):
        raise ValueError("a message names another number, key or channel than its row")
    delivery = Delivery(message.key, MessageState(state), int(attempts), float(due_utc_s), str(trouble))
    if message.gathering is not (delivery.state is MessageState.GATHERING):
        raise ValueError("a message is open and closed at once")
    return KeptMessage(message, delivery)


def read_messages(
    connection: sqlite3.Connection, after_number: int, channel: str, *, waiting: bool
) -> Sequence[KeptMessage]:
    """Read the messages after a number, of one channel or of all; no open digests."""
    query = READ_MESSAGES + " WHERE number > ? AND state <> 'gathering'"
    parameters: list[int | str] = [after_number]
    if waiting:
        query += " AND state = 'waiting'"
    if channel:
        query += " AND channel = ?"
        parameters.append(channel)
    rows = connection.execute(query + " ORDER BY number", parameters).fetchall()
    return readable(rows, kept_message_of, "A message")


def read_outbox_state(connection: sqlite3.Connection) -> OutboxState:
    """Read how the outbox stands."""
    waiting, oldest_utc_s = connection.execute(
        "SELECT count(*), min(at_utc_s) FROM outbox WHERE state = 'waiting'"
    ).fetchone()
    (dead,) = connection.execute("SELECT count(*) FROM outbox WHERE state = 'dead'").fetchone()
    (newest,) = connection.execute(
        "SELECT coalesce(max(number), 0) FROM outbox WHERE state <> 'gathering'"
    ).fetchone()
    return OutboxState(int(waiting), int(dead), oldest_utc_s, int(newest))
