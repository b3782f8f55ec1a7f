"""Shows the picture: every panel of the window, from what the desk knows at one moment. It reads no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from controlroom.condition.state import Condition
from controlroom.report import wording
from controlroom.report.learning_words import learning_sentence
from controlroom.report.stray_words import stray_words, strays
from controlroom.site.view import SeenEndpoint
from ui.desk import empty, figures, time_text
from ui.desk.advice import advice_words
from ui.desk.board.model import Group
from ui.desk.board.plan import Density
from ui.desk.faces import pending_note_face, tile_face
from ui.desk.liveness import Liveness
from ui.desk.log_list.lines import LogLines
from ui.desk.own_fault import own_fault_words
from ui.desk.pending import PendingActs
from ui.desk.picture import Picture
from ui.desk.range_words import range_lines
from ui.desk.services.kept_faces import KeptFaces
from ui.desk.snapshot import RangeTold, Worth
from ui.desk.window import DeskWindow
from ui.desk.worth_words import availability_lines, figures_words, quality_words, voice_lines

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Sight:
    """How the picture is to be taken at one moment: fresh or stale, in which zone, about which endpoint.

    ``engine_words`` says what is done about a dead engine, ``desk_fault`` what went wrong in the desk.
    """

    now_monotonic_s: float
    liveness: Liveness
    zone: ZoneInfo
    selected: str = ""
    store_trouble: str = ""
    engine_words: str = ""
    desk_fault: str = ""
    worth: Worth | None = None
    told_range: RangeTold | None = None


class Presenter:
    """Fills the panels of one window."""

    def __init__(self, window: DeskWindow, picture: Picture, pending: PendingActs) -> None:
        """Show this picture in this window, with the acts that are on their way."""
        self._window, self._picture, self._pending = window, picture, pending
        self._log_lines = LogLines(picture)
        self._service_faces = KeptFaces()

    def show(self, sight: Sight) -> None:
        """Show everything as it is now."""
        self._show_bands(sight)
        self._window.graph.tell_measuring(sight.liveness is Liveness.LIVE)
        now_utc_s = self._picture.now_utc_s(sight.now_monotonic_s)
        if now_utc_s is None or self._picture.site is None:
            words = empty.waiting(sight.liveness)
            self._window.say_no_endpoints(words)
            self._window.alarms.say_empty(words)
            return
        self._show_services(sight)
        self._show_board(sight, now_utc_s)
        self._show_header(sight, now_utc_s)
        self.show_detail(sight)
        self.show_log(sight)

    def first_choice(self) -> str:
        """The endpoint to begin with: the worst alarm's, else the first; empty while there is none."""
        faces = self._window.board_model.faces
        return self._picture.worst_endpoint() or (faces[0].endpoint_id if faces else "")

    def show_detail(self, sight: Sight) -> None:
        """Show what is to be known about the selected endpoint."""
        now_utc_s = self._picture.now_utc_s(sight.now_monotonic_s)
        endpoint = self._picture.endpoints.get(sight.selected)
        if endpoint is not None and now_utc_s is not None:
            live = sight.liveness is Liveness.LIVE
            beat = self._picture.heartbeat
            odd = "" if beat is None else stray_words(strays(beat.health, endpoint.seen.id))
            worth = self._worth_words(endpoint.seen, sight.worth) | self._range_words(endpoint.seen, sight)
            site = self._picture.site
            advice = "" if site is None else advice_words(endpoint, site)
            self._window.detail.show_endpoint(
                endpoint, now_utc_s, sight.zone, live, odd, worth, self._picture.name_of, advice
            )
        elif self._picture.site is not None:
            self._window.detail.say_nothing(
                empty.detail(bool(self._picture.endpoints), self._window.detail.may_edit)
            )

    def _worth_words(self, seen: SeenEndpoint, worth: Worth | None) -> dict[str, str]:
        site = self._picture.site
        if worth is None or site is None or worth.endpoint_id != seen.id:
            return {}
        worked = {"Normal": learning_sentence(worth.learning), "Worked": availability_lines(worth)}
        endpoint = self._picture.endpoints.get(seen.id)
        state = None if endpoint is None else endpoint.state
        if state is not None and state.condition is Condition.DOWN:
            return worked  # no link is good, whatever was judged before it fell silent
        return {
            "Quality": quality_words(worth, seen, site.profile_of(seen), state),
            "Five minutes": figures_words(worth),
            "Voice, estimated": voice_lines(worth),
            **worked,
        }

    def _range_words(self, seen: SeenEndpoint, sight: Sight) -> dict[str, str]:
        """Say the figures of what the graph shows, where it shows more than the last five minutes."""
        told, site = sight.told_range, self._picture.site
        if told is None or site is None or told.wish.endpoint_id != seen.id:
            return {}
        has_profile = site.profile_of(seen) is not None
        return {"Figures of the graph": range_lines(told, seen, has_profile, sight.zone)}

    def show_log(self, sight: Sight) -> None:
        """Show the log, of everything or of the selected endpoint."""
        now_utc_s = self._picture.now_utc_s(sight.now_monotonic_s)
        if now_utc_s is None:
            return
        panel, subject = self._window.log, sight.selected if self._window.log.only_selected else None
        lines = [
            pending_note_face(act, self._picture, now_utc_s, sight.zone) for act in self._pending.notes()
        ]
        lines += self._log_lines.of(subject, now_utc_s, sight.zone)
        panel.show_lines(lines)
        name = self._picture.name_of(subject) if subject else ""
        panel.name_subject(name)
        panel.say_empty(empty.log(panel.only_selected, name))

    def _show_bands(self, sight: Sight) -> None:
        window, heartbeat = self._window, self._picture.heartbeat
        if sight.desk_fault:
            window.stopped.say(
                "THIS DESK HAS FAILED – figures below may be wrong",
                f"Close it and open it again; monitoring goes on. {sight.desk_fault}",
            )
        elif sight.liveness is Liveness.STOPPED:
            since = time_text.clock(heartbeat.at_utc_s, sight.zone) if heartbeat is not None else ""
            old = f"figures below are from {since} and may be wrong" if since else "nothing is being measured"
            window.stopped.say(f"MONITORING STOPPED – {old}", sight.store_trouble or sight.engine_words)
        else:
            window.stopped.say("")
        fault = self._picture.own_fault()
        window.warning.say(*(own_fault_words(fault) if fault is not None else ("",)))

    def _show_board(self, sight: Sight, now_utc_s: float) -> None:
        live = sight.liveness is Liveness.LIVE
        groups, faces, ages = [], [], []
        for kind, members in self._picture.groups().items():
            mine = [tile_face(member, now_utc_s, sight.now_monotonic_s, live) for member in members]
            abnormal = sum(face.attention for face in mine)
            groups.append(Group(wording.kind_words(kind, many=True), len(mine), abnormal))
            faces += mine
            ages += [age for member in members if (age := member.age_s(sight.now_monotonic_s)) is not None]
        model = self._window.board_model
        placed = [group.size for group in model.groups]
        model.show(groups, faces)
        if [group.size for group in groups] != placed:
            self._window.share_height()
        self._window.board_panel.aside.say(self._board_words(ages, live))

    def _show_services(self, sight: Sight) -> None:
        faces = self._service_faces.of(self._picture, live=sight.liveness is Liveness.LIVE)
        self._window.services.show_services(faces, self._picture.standings.refusal)

    def _board_words(self, ages: Sequence[float], live: bool) -> str:
        if not ages:
            return ""
        if not live:
            return "all figures are stale"
        parts = [f"no figure older than {time_text.duration(max(1.0, *ages) + 0.5)}"]
        if self._window.board.density is Density.TILE:
            parts.append("loss over the last 5 min")
        elif self._window.board.density is Density.NARROW:
            parts.append("round trips in ms")
        return "     ".join(parts)

    def _show_header(self, sight: Sight, now_utc_s: float) -> None:
        header, heartbeat, site = self._window.header, self._picture.heartbeat, self._picture.site
        if site is not None:
            faces = self._window.board_model.faces
            abnormal = sum(face.attention for face in faces)
            known = figures.counted(len(faces), "endpoint")
            live = sight.liveness is Liveness.LIVE and faces
            header.show_site(site.name, f"{known}, {abnormal} abnormal" if live else known)
        beat = time_text.clock(heartbeat.at_utc_s, sight.zone) if heartbeat is not None else ""
        header.show_monitoring(sight.liveness, beat)
        header.show_counts(self._picture.unacknowledged())
        header.blind.say(time_text.amount(self._blind_s(sight, now_utc_s)))
        rate = sum(1 / probe.period_s for end in (site.endpoints if site else ()) for probe in end.probes)
        self._window.status.show_health(heartbeat, sight.store_trouble, rate)

    def _blind_s(self, sight: Sight, now_utc_s: float) -> float:
        """The blind time of the last day; while the engine is dead, its silence counts already."""
        blind_s = self._picture.blind_s(now_utc_s, DAY_S)
        if sight.liveness is Liveness.STOPPED and self._picture.heartbeat is not None:
            blind_s += now_utc_s - self._picture.heartbeat.at_utc_s
        return min(blind_s, DAY_S)
