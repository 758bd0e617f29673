"""Scores on the real pages never fall below the floors, which only go up."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FLOORS = json.loads((BENCHMARKS / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", BENCHMARKS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.corpora
@pytest.mark.parametrize("name", list(FLOORS))
def test_scores_on_real_pages_hold_their_floors(benchmark: ModuleType, corpora: Path, name: str) -> None:
    floors = FLOORS[name]
    assert benchmark.digest(corpora / name) == floors["digest"], "another corpus: measure again and set its floors"
    found = benchmark.score(list(benchmark.corpus(corpora / name)), benchmark.newsarchive_answer)
    shown = {
        **found.fields,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "lists": found.lists_right,
    }
    low = {field: (round(shown[field], 4), floor) for field, floor in floors["least"].items() if shown[field] < floor}
    assert not low, "\n".join([str(low), *found.misses])


def test_the_floors_are_not_below_what_was_asked_for() -> None:
    least = {"institutes": (0.98, 0.98, 0.95, 0.985), "zh": (0.98, 0.99, 0.95, 0.97)}
    for name, bars in least.items():
        floors = FLOORS[name]["least"]
        assert (floors["title"], floors["date"], floors["source"], floors["f1"]) >= bars
