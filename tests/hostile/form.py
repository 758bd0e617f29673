"""Short form or long: what CI can wait for, and the whole."""

import os

LONG = os.environ.get("NEWSARCHIVE_HOSTILE") == "long"
