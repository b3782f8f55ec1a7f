"""What the site editor is given: who keeps the file, what forms there are, how to test. It does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controlroom.probe import Metric
from controlroom.site.form import SiteForm
from controlroom.site.keeping import SiteKeeper
from controlroom.site.trial import Trials


@dataclass(frozen=True, slots=True)
class SiteEditing:
    """``metrics_of`` tells what a probe of a type with such parameters would yield."""

    keeper: SiteKeeper
    form: SiteForm
    trials: Trials
    metrics_of: Callable[[str, Mapping[str, object]], tuple[Metric, ...]]
