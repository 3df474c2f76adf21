"""A copy of the database for a rehearsal, taken while a daemon may be writing."""

from contextlib import closing
from pathlib import Path

from monitor.errors import StoreMissing
from monitor.store.connecting import connect
from monitor.store.failures import told_as_store_errors
from monitor.store.opening import DATABASE, open_database


def copy_database(state: Path, target: Path) -> bool:
    """Copy the database of one state directory into another, empty one; whether there was any.

    The copy is what was committed at one moment. Raises StoreError; the source is only read.
    """
    try:
        reading = open_database(state / DATABASE, read_only=True)
    except StoreMissing:
        return False
    with closing(reading), told_as_store_errors(target / DATABASE):
        open_database(target / DATABASE).close()  # an empty one with its marker, over which the content is laid
        with closing(connect(target / DATABASE)) as writing:
            reading.backup(writing)
    return True
