"""Counts the words of headlines and articles, and prints the module that a new installation's vocabulary begins with.

`python -m tests.benchmarks.starting_words HEADLINES.jsonl [ARTICLES.jsonl …] > monitor/stories/starting_words.py`

The counts of articles are scaled, together, to as many documents as there are headlines: another language is as if it
were read as much as the first. Words stand in it by number alone, and only where enough documents have them.
"""

import argparse
import json
import sys
import zlib
from array import array
from base64 import b85encode
from collections import Counter
from pathlib import Path

from monitor.model.entries import Text
from monitor.stories.numbering import WordNumbers
from monitor.stories.sketch import sketch
from monitor.stories.vocabulary import Vocabulary

LEAST = 20
"""documents that have a word, after scaling; of the articles at least three"""
LEAST_READ = 3
LINE = 112


def counted(paths: list[Path]) -> tuple[int, Counter[int]]:
    """How many documents there are, and how many of them have each word in title or lead."""
    numbers, vocabulary = WordNumbers(), Vocabulary()
    counts: Counter[int] = Counter()
    documents = 0
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = Text(title=row["title"], summary=row["summary"])
            counts.update(sketch(text, language=row["lang"], names=(), vocabulary=vocabulary, numbers=numbers).words)
            documents += 1
    return documents, counts


def main() -> int:
    """Print the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("headlines", type=Path)
    parser.add_argument("articles", type=Path, nargs="*")
    chosen = parser.parse_args()
    for path in (chosen.headlines, *chosen.articles):
        if not path.exists():
            print(f"skipped: there is no {path}", file=sys.stderr)
            return 2
    documents, counts = counted([chosen.headlines])
    read, others = counted(chosen.articles)
    for word, count in others.items():
        if count >= LEAST_READ:
            counts[word] += round(count * documents / read)
    common = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    words, numbers = (array("I", column) for column in zip(*common, strict=True))
    if sys.byteorder == "big":
        words.byteswap()
        numbers.byteswap()
    text = b85encode(zlib.compress(words.tobytes() + numbers.tobytes(), 9)).decode("ascii")
    print('"""How many of so many documents have each common word of news, by number; made, not written."""\n')
    print(f"DOCUMENTS = {documents:_}")
    print("COUNTS = (")
    for at in range(0, len(text), LINE):
        print(f'    "{text[at : at + LINE]}"')
    print(")")
    return 0


if __name__ == "__main__":
    sys.exit(main())
