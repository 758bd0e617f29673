"""The base of every record: frozen, strict about unknown fields, documented by its docstrings."""

import re
from typing import Any

from pydantic import ConfigDict
from pydantic_core import PydanticSerializationError, to_json

from newsarchive.documented import Documented

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Record(Documented):
    """A value that never changes after it was made.

    The docstring under a field is its description in the JSON Schema and in the data dictionary.
    """

    # Of the strings that it reads pydantic would keep sixteen thousand, of all records there ever were, to share them:
    # those of a page are its own, and are kept for nothing. Names of fields it does share.
    model_config = ConfigDict(ser_json_inf_nan="null", cache_strings="keys")

    def to_json(self) -> str:
        """Return the record as one line of JSON: UTF-8 characters as they are, fields in the order of the class.

        A lone surrogate, which is no character and cannot be written as UTF-8, becomes U+FFFD.
        """
        try:
            return self.model_dump_json()
        except PydanticSerializationError:
            return to_json(_with_characters(self.model_dump())).decode()


def _with_characters(value: Any) -> Any:  # noqa: ANN401 - whatever a record is made of
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_with_characters(key): _with_characters(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_with_characters(item) for item in value]
    return value
