"""How well near-duplicates are found, by kind of change, on made pairs; beside datasketch on the same shingles.

Each pair is an article of the sample and a reprint of it, changed in one way. All texts are compared with all, as an
export does. Recall: pairs that end in one cluster. Wrong: clusters that hold texts of two different articles.
datasketch's MinHashLSH (128 permutations, the same threshold) only says which texts may be alike; its pairs are judged
by the same likeness.

    python benchmarks/datasets_near.py [--pairs 20000]
"""

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from newsarchive.datasets.clusters import Stories
from newsarchive.dedupe.near import FEWEST_SHINGLES, NEAR, likeness, shingles
from newsarchive.sample import sample_site

Change = Callable[[str, random.Random], str]

WIDTHS = str.maketrans("，。：；（）0123456789", ",.:;()０１２３４５６７８９")


def same(text: str, _chance: random.Random) -> str:
    """Leave the text as it is."""
    return text


def widths(text: str, _chance: random.Random) -> str:
    """Write punctuation and digits in another width, lines without breaks."""
    return text.translate(WIDTHS).replace("\n", "  ")


def credited(text: str, _chance: random.Random) -> str:
    """Add who printed it first, and a line of praise."""
    return f"编者按：本文首发于兄弟单位网站，现予转载，以飨读者。\n{text}\n来源：兄弟单位\n责任编辑：某某"


def shortened(text: str, chance: random.Random) -> str:
    """Leave out one paragraph."""
    lines = text.split("\n")
    lines.pop(chance.randrange(len(lines)))
    return "\n".join(lines)


def reordered(text: str, chance: random.Random) -> str:
    """Put the paragraphs in another order."""
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def renumbered(text: str, _chance: random.Random) -> str:
    """Change every number."""
    return re.sub(r"\d+", lambda match: str(int(match[0]) + 1), text)


def corrected(text: str, chance: random.Random) -> str:
    """Replace one character in fifty."""
    return "".join(chance.choice("天地玄黄宇宙洪荒") if chance.random() < 0.02 else one for one in text)


def excerpt(text: str, _chance: random.Random) -> str:
    """Keep the first half: less likeness than the threshold asks for, so it should not be found."""
    return text[: len(text) // 2]


REPRINTS: dict[str, Change] = {
    "the same text": same, "width, breaks": widths, "credits added": credited, "a paragraph less": shortened,
    "paragraphs reordered": reordered, "numbers changed": renumbered, "1 character in 50": corrected,
    "half of it": excerpt,
}  # fmt: skip


def main() -> None:
    """Make the pairs, compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--peer-pairs", type=int, default=4_000, help="pairs that datasketch is given (default: 4000)")
    options = parser.parse_args()
    pairs = list(_pairs(options.pairs))
    began = time.process_time()
    clusters = _clustered(pairs)
    spent = time.process_time() - began
    wrong = sum(len({member.partition("/")[2] for member in members}) > 1 for members in clusters.values())
    of = {member: cluster for cluster, members in clusters.items() for member in members}
    peer, peer_spent = _peer(pairs[: options.peer_pairs])
    print(f"{'kind of change':22}{'pairs':>7}{'likeness':>10}{'near':>7}{'found':>8}{'of near':>9}{'datasketch':>12}")
    for kind in REPRINTS:
        chosen = [at for at, pair in enumerate(pairs) if pair[0] == kind]
        alike = {at: likeness(shingles(pairs[at][1]), shingles(pairs[at][2])) for at in chosen}
        near = [at for at in chosen if alike[at] >= NEAR and len(shingles(pairs[at][1])) >= FEWEST_SHINGLES]
        found = [at for at in near if of.get(f"one/{at}", "one") == of.get(f"two/{at}", "two")]
        any_found = [at for at in chosen if of.get(f"one/{at}", "one") == of.get(f"two/{at}", "two")]
        theirs = [at for at in near if at < options.peer_pairs]
        share = f"{sum(at in peer for at in theirs) / len(theirs):.4f}" if theirs else "–"
        mean = sum(alike.values()) / len(alike)
        recall = f"{len(found) / len(near):.4f}" if near else "–"
        print(f"{kind:22}{len(chosen):7}{mean:10.3f}{len(near):7}{len(any_found):8}{recall:>9}{share:>12}")
    print(f"{len(clusters)} clusters, {wrong} of them of two articles: precision {1 - wrong / len(clusters):.4f}")
    ours = spent / len(pairs) / 2 * 1000
    theirs_ms = peer_spent / min(len(pairs), options.peer_pairs) / 2 * 1000
    print(f"CPU ms a text: {ours:.2f}, datasketch {theirs_ms:.2f}, ratio {ours / theirs_ms:.2f}")


def _pairs(count: int) -> Iterator[tuple[str, str, str]]:
    chance = random.Random(7)  # noqa: S311 - no secret
    kinds = list(REPRINTS)
    for at, article in enumerate(sample_site(count).articles):
        kind = kinds[at % len(kinds)]
        yield kind, article.text, REPRINTS[kind](article.text, chance)


def _clustered(pairs: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    clusters: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        stories = Stories(Path(folder) / "stories.sqlite")
        for at, pair in enumerate(pairs):
            for site, text in zip(("one", "two"), pair[1:], strict=True):
                row: dict[str, Any] = {"id": f"{site}/{at}", "site": site, "title": "", "url": "", "date": None}
                stories.add_text({**row, "first_seen_at": f"{at if site == 'one' else len(pairs) - at:09}"}, text)
        stories.compare()
        for row in stories.rows():
            clusters.setdefault(str(row["cluster"]), []).append(str(row["id"]))
        stories.close()
    return clusters


def _peer(pairs: list[tuple[str, str, str]]) -> tuple[set[int], float]:
    """Return the pairs that datasketch finds, and the CPU seconds that it took."""
    from datasketch import MinHash, MinHashLSH

    began = time.process_time()
    index = MinHashLSH(threshold=NEAR, num_perm=128)
    hashes = []
    for at, (_, one, two) in enumerate(pairs):
        both = []
        for text in (one, two):
            made = MinHash(num_perm=128)
            made.update_batch([shingle.encode() for shingle in shingles(text)])
            both.append(made)
        index.insert(at, both[0])
        hashes.append(both[1])
    found = {at for at, made in enumerate(hashes) if at in index.query(made)}
    return found, time.process_time() - began


if __name__ == "__main__":
    main()
