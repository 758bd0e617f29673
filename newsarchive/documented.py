"""The base of every model: the docstring under a field is its description.

pydantic's own `use_attribute_docstrings` walks all loaded modules for each class, which is a tenth of what a start of
the program costs; here a module is read once, and a model's validator is made when it is first asked for.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from pydantic import BaseModel, ConfigDict


class Documented(BaseModel):
    """A model whose fields are described by the docstrings under them, as in its JSON Schema.

    In a program that comes without its sources there are no descriptions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **arguments: object) -> None:
        """Take the descriptions from the source."""
        super().__pydantic_init_subclass__(**arguments)
        described = _docstrings(cls.__module__).get(cls.__qualname__, {})
        for name, field in cls.model_fields.items():
            if field.description is None and name in described:
                field.description = described[name]


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Return, for each class of a module, the docstrings under its fields."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):
        return {}
    return {
        node.name: dict(_under_fields(node.body)) for node in ast.parse(source).body if isinstance(node, ast.ClassDef)
    }


def _under_fields(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
