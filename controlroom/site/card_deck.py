"""The action cards of a whole site, each once: thousands of endpoints share a few. It writes none itself."""

from __future__ import annotations

from controlroom.site.action_card import ActionCard
from controlroom.site.alarm_rule import ENDPOINT_CAUSES
from controlroom.site.model import Endpoint
from controlroom.site.rule_book import RuleBook


class CardDeck:
    """Collects cards, and says in which place each one lies."""

    def __init__(self, rules: RuleBook) -> None:
        """Begin without a card."""
        self._rules = rules
        self._places: dict[ActionCard, int] = {}

    @property
    def cards(self) -> tuple[ActionCard, ...]:
        """All cards, in their places."""
        return tuple(self._places)

    def of_endpoint(self, endpoint: Endpoint, advice: str) -> dict[str, int]:
        """Return the places of an endpoint's cards by the code of the fault; an event has none."""
        cards = {cause.value: self._rules.card(endpoint, cause, advice) for cause in ENDPOINT_CAUSES}
        return {cause: self._place(card) for cause, card in cards.items() if card is not None}

    def of_group(self, group_id: str | None) -> int:
        """Return the place of a lost risk group's card; ``None`` is a cause that was only inferred."""
        return self._place(self._rules.group_card(group_id))

    def _place(self, card: ActionCard) -> int:
        return self._places.setdefault(card, len(self._places))
