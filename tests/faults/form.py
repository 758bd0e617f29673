"""Short form or long: what CI can wait for, and what a night can."""

import os

LONG = os.environ.get("NEWSARCHIVE_FAULTS") == "long"
