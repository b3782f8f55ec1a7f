"""The arguments of what is seen of alarms and done about them, and their help. They bring about nothing.

``chosen.numbers`` are the alarms that were named, ``chosen.endpoint`` the endpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.report.typed_duration import duration_s
from controlroom.store.act_text import LONGEST_LINE, LONGEST_NOTE, is_line, is_note

if TYPE_CHECKING:
    from ui.terminal.alarm_arguments import AlarmArguments
    from ui.terminal.parser import Commands, Parser

_MOST_NUMBER: Final = 999_999_999
_MOST_STEP: Final = 50
_WAITS: Final = (
    "It is put before the running engine, and what came of it is said for each alarm. Exit 1 where anything "
    "was refused, not answered, or no engine runs; 2 where the input is wrong, and then nothing was done."
)
_LIST: Final = (
    "Those that call for somebody, the most urgent first; how many are hidden is said below. Exit 0 whatever "
    "stands there, 1 where no engine runs, for then nobody knows what stands now. docs/alarm-commands.md "
    "explains the JSON."
)


def add_list(wanted: Commands, means: AlarmArguments) -> None:
    """Add ``alarm list``."""
    listed = means.command(
        wanted,
        "list",
        "list the alarms",
        "  controlroom alarm list\n"
        "  controlroom alarm list --shelved\n"
        "  controlroom alarm list --ended-since 12h --json",
        _LIST,
    )
    means.add_data(listed)
    which = listed.add_mutually_exclusive_group()
    options: Mapping[str, str] = {
        "all": "those that are hidden as well",
        "shelved": "only those that somebody put away for a time",
        "suppressed": "only those that another alarm tells of, each below it",
        "out-of-service": "only those in maintenance, or taken out of service",
    }
    for name, help_text in options.items():
        which.add_argument(f"--{name}", dest="which", action="store_const", const=name, help=help_text)
    moment = "ISO 8601 (site's time zone where no offset is given) or a span back from now such as 2h, 7d"
    which.add_argument(
        "--ended-since", metavar="TIME", type=means.time, help=f"only those that ended since then: {moment}"
    )
    means.add_json(listed)


def add_show(wanted: Commands, means: AlarmArguments) -> None:
    """Add ``alarm show``."""
    shown = means.command(
        wanted,
        "show",
        "show all that is known of an alarm: what is lost, what to do, whom to call, and what happened",
        "  controlroom alarm show 12\n  controlroom alarm show 12 --json",
    )
    means.add_data(shown)
    _add_number(shown, means)
    means.add_json(shown)


def add_acts(wanted: Commands, means: AlarmArguments) -> None:
    """Add what an operator can do about alarms."""
    for add in (_add_ack, _add_shelve, _add_unshelve, _add_reset, _add_split):
        add(wanted, means)
    for add in (_add_assign, _add_tick, _add_note, _add_out_of_service, _add_in_service):
        add(wanted, means)


def _add_ack(wanted: Commands, means: AlarmArguments) -> None:
    ack = _act(
        wanted,
        means,
        "ack",
        "acknowledge alarms: somebody has seen them",
        "  controlroom alarm ack 12\n  controlroom alarm ack 12 13 --note 'carrier called' --for 1h",
    )
    _add_numbers(ack, means)
    _add_note_option(ack)
    ack.add_argument(
        "--for",
        dest="for_s",
        metavar="TIME",
        type=_duration,
        help="for so long: what stands then calls again; 90s, 15m, 2h, 1h30m",
    )


def _add_shelve(wanted: Commands, means: AlarmArguments) -> None:
    shelve = _act(
        wanted,
        means,
        "shelve",
        "put alarms away for a time, with a reason",
        "  controlroom alarm shelve 12 --for 2h --reason 'technician on site'\n"
        "  controlroom alarm shelve 12 --for 8h --reason 'known fault' --one-shot",
    )
    _add_numbers(shelve, means)
    shelve.add_argument(
        "--for",
        dest="for_s",
        metavar="TIME",
        type=_duration,
        required=True,
        help="for how long: 90s, 15m, 2h, 1h30m; then it comes back by itself",
    )
    _add_reason(shelve)
    shelve.add_argument(
        "--one-shot", action="store_true", help="only until the fault is over, if that is sooner"
    )
    shelve.add_argument(
        "--justified",
        action="store_true",
        help="for longer than the site allows; the reason says why, and the log that it was so",
    )


def _add_unshelve(wanted: Commands, means: AlarmArguments) -> None:
    summary = "take alarms from their shelf"
    unshelve = _act(wanted, means, "unshelve", summary, "  controlroom alarm unshelve 12 --note 'mended'")
    _add_numbers(unshelve, means)
    _add_note_option(unshelve)


def _add_reset(wanted: Commands, means: AlarmArguments) -> None:
    summary = "end alarms that are held although their fault is over, once they are acknowledged"
    reset = _act(wanted, means, "reset", summary, "  controlroom alarm reset 12 --note 'door was closed'")
    _add_numbers(reset, means)
    _add_note_option(reset)


def _add_split(wanted: Commands, means: AlarmArguments) -> None:
    summary = "tell the alarms of an incident one by one"
    split = _act(wanted, means, "split", summary, "  controlroom alarm split 12")
    _add_number(split, means)


def _add_assign(wanted: Commands, means: AlarmArguments) -> None:
    assign = _act(
        wanted,
        means,
        "assign",
        "give alarms into somebody's hands",
        "  controlroom alarm assign 12 13 --to Meier\n  controlroom alarm assign 12 --to-nobody",
    )
    _add_numbers(assign, means)
    owner = assign.add_mutually_exclusive_group(required=True)
    owner.add_argument("--to", dest="owner", metavar="NAME", type=_name, help="who has them in hand")
    owner.add_argument("--to-nobody", dest="owner", action="store_const", const="", help="nobody any more")
    _add_note_option(assign)


def _add_tick(wanted: Commands, means: AlarmArguments) -> None:
    tick = _act(
        wanted,
        means,
        "tick",
        "tick a step of an alarm's action card as done",
        "  controlroom alarm tick 12 1\n  controlroom alarm tick 12 1 --undo",
    )
    _add_number(tick, means)
    tick.add_argument(
        "step", metavar="STEP", type=means.whole(1, _MOST_STEP), help="its number, as `alarm show` has it"
    )
    tick.add_argument("--undo", action="store_true", help="take the tick back")


def _add_note(wanted: Commands, means: AlarmArguments) -> None:
    summary = "put a note to an alarm into the log"
    note = _act(wanted, means, "note", summary, "  controlroom alarm note 12 'carrier works on it'")
    _add_number(note, means)
    note.add_argument("note", metavar="TEXT", type=_words, help="what there is to say")


def _add_out_of_service(wanted: Commands, means: AlarmArguments) -> None:
    out = _act(
        wanted,
        means,
        "out-of-service",
        "take an endpoint out of service: it is measured, and none of its faults calls anybody",
        "  controlroom alarm out-of-service mast-north --reason 'is being rebuilt'",
    )
    _add_endpoint(out)
    _add_reason(out)


def _add_in_service(wanted: Commands, means: AlarmArguments) -> None:
    back = _act(
        wanted,
        means,
        "in-service",
        "put an endpoint back into service",
        "  controlroom alarm in-service mast-north --reason 'works again'",
    )
    _add_endpoint(back)
    _add_reason(back)


def _act(wanted: Commands, means: AlarmArguments, name: str, summary: str, examples: str) -> Parser:
    act = means.command(wanted, name, summary, examples, _WAITS)
    means.add_data(act)
    means.add_json(act)
    return act


def _add_number(parser: argparse.ArgumentParser, means: AlarmArguments) -> None:
    parser.add_argument(
        "numbers", metavar="N", nargs=1, type=means.whole(1, _MOST_NUMBER), help="the number of the alarm"
    )


def _add_numbers(parser: argparse.ArgumentParser, means: AlarmArguments) -> None:
    whole = means.whole(1, _MOST_NUMBER)
    parser.add_argument("numbers", metavar="N", nargs="+", type=whole, help="the numbers of the alarms")


def _add_endpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("endpoint", metavar="ENDPOINT", help="its id in the site file")


def _add_note_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--note", metavar="TEXT", type=_words, help="what there is to say; it goes into the log"
    )


def _add_reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reason", dest="note", metavar="TEXT", type=_words, required=True, help="why; it goes into the log"
    )


def _duration(text: str) -> float:
    try:
        return duration_s(text)
    except ControlroomError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _words(text: str) -> str:
    return _text(text, is_note, LONGEST_NOTE)


def _name(text: str) -> str:
    return _text(text, is_line, LONGEST_LINE)


def _text(text: str, fits: Callable[[str], bool], longest: int) -> str:
    typed = text.strip()
    if not typed:
        raise argparse.ArgumentTypeError("it needs at least a word")
    if not fits(typed):
        shown = printable(typed, 60)
        raise argparse.ArgumentTypeError(
            f"“{shown}” has more than {longest:,} characters, or some that are no text"
        )
    return typed
