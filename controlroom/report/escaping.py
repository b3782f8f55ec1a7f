"""Makes untrusted text safe to print: in a terminal, in a sentence, in a cell. It words nothing."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that steer a terminal, turn the direction of writing, or break a line unseen."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def printable(text: str, longest: int = 4000) -> str:
    r"""Return text on one line with nothing in it that could steer a screen.

    Line ends and tabs become blanks; other control characters, direction marks and lone surrogates
    are written as ``\x1b`` or ``\u202e``; what is longer than ``longest`` ends in an ellipsis.
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    flat = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(map(_visible, flat))


def cell(text: str) -> str:
    r"""Return text for one cell of a table that a spreadsheet may open.

    1. Line ends are kept as the two characters ``\n``, so that a row stays a line and nothing is lost.
    2. Other control characters are escaped as ``printable`` does.
    3. What a spreadsheet would take for a formula gets an apostrophe in front; a plain number stays.
    """
    one_line = text.replace("\r\n", "\\n").replace("\n", "\\n")
    safe = "".join(map(_visible, one_line))
    return f"'{safe}" if text.startswith(_FORMULA_STARTS) and not _is_number(text) else safe


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_number(text: str) -> bool:
    sign_removed = text[1:] if text[:1] in "+-" else text
    whole, _, part = sign_removed.partition(".")
    return whole.isascii() and whole.isdigit() and (part == "" or (part.isascii() and part.isdigit()))
