"""Configuration: one file, environment variables, defaults; what is wrong with any of them is told at once.

The file is `newsarchive.toml` in the working folder, or what `NEWSARCHIVE_CONFIG` names. A variable goes before the
file, an option of the command line before both. Data only: no setting can hold code.
"""

from newsarchive.configuration.model import Configuration
from newsarchive.configuration.reading import Configured, configured, read_configuration

__all__ = ["Configuration", "Configured", "configured", "read_configuration"]
