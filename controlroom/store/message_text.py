"""A message as one line of JSON, and back. Untrusted on the way back: typed and bounded."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from controlroom.alarms.message import Message

MOST_CHARACTERS: Final = 64 * 1024
"""Longer is none: two hundred numbers and a few names are some four thousand."""

_MESSAGE: Final = TypeAdapter(Message)


def text_of_message(message: Message) -> str:
    """Write a message as one line of JSON."""
    return _MESSAGE.dump_json(message).decode()


def message_of_text(text: str) -> Message:
    """Read a message; ``ValueError`` where the text is none."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError("the text is too long for a message")
    return _MESSAGE.validate_json(text, strict=True)
