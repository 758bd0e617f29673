"""What a crawl asks of the process that it runs in."""

import ctypes
from contextlib import suppress
from typing import Final

from newsarchive.environment import make_files_private

_M_MMAP_THRESHOLD: Final = -3
_LARGE_BYTES: Final = 1024**2


def prepare_process() -> None:
    """Make files private, and memory that held a large answer go back to the system."""
    make_files_private()
    # By itself glibc keeps ever larger blocks in its heap once some were freed, where they leave holes: after a few
    # dozen answers of 8 MiB a third of the memory is such holes. Other systems' allocators have no such knob.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
