"""A level table from nothing but what notes say.

>>> said = [Anchor("1.0", 1), Anchor("1.0", 2), Anchor("2.0", 3), Anchor("1.0", 4), Anchor("2.0", 4), Anchor("2.0", 5)]
>>> infer_table(said).releases
(Release(version='2.0', level=5, date=''), Release(version='1.0', level=2, date=''))
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from levelbook.levels import LevelTable, Release, order
from levelbook.prose import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterable


def infer_table(anchors: Iterable[Anchor]) -> LevelTable:
    """Find the releases' ranges that the fewest notes contradict.

    Levels grow with releases, so the levels in order are cut into one stretch per release, in the order of versions:
    the cut with the most agreeing notes wins (dynamic programming over levels and releases). A release without a
    stretch is not in the table.
    """
    said = Counter(
        (anchor.level, anchor.release)
        for anchor in anchors
        if isinstance(anchor.level, int) and anchor.release is not None and not anchor.release.endswith("x")
    )
    levels = sorted({level for level, _ in said if isinstance(level, int)})
    versions = sorted({release for _, release in said if release is not None}, key=order)
    # best[i] for the levels seen so far: the votes when the last of them belongs to versions[i], and the cuts
    best: list[tuple[int, tuple[int, ...]]] = [(0, (0,) * len(versions)) for _ in versions]
    for seen, level in enumerate(levels, 1):
        running: tuple[int, tuple[int, ...]] = (-1, ())
        following = []
        for index, version in enumerate(versions):
            running = max(running, best[index], key=lambda state: state[0])
            ends = tuple(seen if at == index else end for at, end in enumerate(running[1]))
            following.append((running[0] + said[level, version], ends))
        best = following
    if not best:
        return LevelTable()
    ends = max(best, key=lambda state: state[0])[1]
    releases = [Release(version, levels[end - 1]) for version, end in zip(versions, ends, strict=True) if end]
    return LevelTable(releases=tuple(reversed(releases)), current=levels[-1])


_SPOKEN = re.compile(r"\b([A-Z]\w*)\s+\d[\d.]*\s+\(((?:[\w-]+\s+)?level)s?\s+\d")


def spoken_table(table: LevelTable, texts: Iterable[str]) -> LevelTable:
    """Give a table with the product and the name of its levels that most texts speak of, where it names no product."""
    if table.product:
        return table
    said = Counter((match[1], " ".join(match[2].split())) for text in texts for match in _SPOKEN.finditer(text))
    if not said:
        return table
    product, name = said.most_common(1)[0][0]
    return replace(table, product=product, name=name)


__all__ = ["Anchor", "infer_table", "spoken_table"]
