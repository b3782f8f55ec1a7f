"""The care of a store: looking it through, copying it, making it smaller, measuring it."""

from controlroom.store.sqlite.care.backup import Belongings, backup_store
from controlroom.store.sqlite.care.check import check_store
from controlroom.store.sqlite.care.compact import compact_store
from controlroom.store.sqlite.care.stats import store_stats

__all__ = ["Belongings", "backup_store", "check_store", "compact_store", "store_stats"]
