"""The base of every record: frozen, strict about unknown fields, documented by its docstrings."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A value that never changes after it was made.

    The docstring under a field is its description in the JSON Schema and in the data dictionary.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        ser_json_inf_nan="null",
    )

    def to_json(self) -> str:
        """Return the record as one line of JSON: UTF-8 characters as they are, fields in the order of the class."""
        return self.model_dump_json()
