"""Search for documents that break a promise, guided by the branches they reach.

    python -m tests.fuzz.parse [--seconds 60] [--findings FOLDER] [CORPUS]

Bytes become entries, lists of feeds, text and bodies (`tests.fuzz.promises`). It begins with our own seeds and the
files of CORPUS, if one is named. Every other kind of exception and every document dearer than 1 CPU second for each
100 kB begun is counted and its shortest example kept in FOLDER. Exits 1 where something was found, 2 where atheris is
not installed: it is no dependency, and wants `pip install atheris` in an environment of its own.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path


def main() -> int:
    """Search for so many seconds and print what was found."""
    options = _options()
    if importlib.util.find_spec("atheris") is None:
        print("skipped: atheris is not installed here; `pip install atheris` into an environment made for it")
        return 2
    if options.worker:
        _search(options.findings, options.corpus, options.seconds)
        return 0
    with tempfile.TemporaryDirectory(prefix="tocsin-fuzz-") as folder:
        findings, corpus = options.findings or Path(folder) / "findings", Path(folder) / "corpus"
        findings.mkdir(parents=True, exist_ok=True)
        corpus.mkdir()
        # Imported late: the worker must be able to instrument what this imports.
        from tests.fuzz.search import starting_points

        for data in starting_points(options.corpus):
            (corpus / sha256(data).hexdigest()).write_bytes(data)
        _run_worker(findings, corpus, options.seconds)
        return _report(findings)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?", help="a folder of documents to begin with")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--findings", type=Path, help="where examples are kept; default: nowhere")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run_worker(findings: Path, corpus: Path, seconds: int) -> None:
    """In a process of its own, which the fuzzer ends as it likes."""
    command = [sys.executable, "-m", "tests.fuzz.parse", "--worker", "--seconds", str(seconds)]
    with (findings / "log").open("wb") as log:
        subprocess.run(
            [*command, "--findings", str(findings), str(corpus)],
            stdout=log,
            stderr=log,
            check=False,
            timeout=seconds * 2 + 300,
            preexec_fn=lambda: os.nice(10),
        )


def _search(findings: Path, corpus: Path, seconds: int) -> None:
    """Never returns."""
    import atheris

    with atheris.instrument_imports(include=["monitor", "feedparser", "sgmllib"]):
        from tests.fuzz.search import LARGEST_BYTES, Search
    from tests.fuzz.seeds import SCRAPS

    words = findings / "words"
    words.write_text("\n".join(f'"{_escaped(scrap)}"' for scrap in SCRAPS), encoding="ascii")
    search = Search(findings)
    limits = [f"-max_total_time={seconds}", f"-max_len={LARGEST_BYTES}", "-timeout=600", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *limits, f"-dict={words}", str(corpus)], search.take)
    atheris.Fuzz()


def _escaped(scrap: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in scrap)


def _report(findings: Path) -> int:
    tally = json.loads((findings / "tally.json").read_text(encoding="utf-8"))
    for name in ("executions", "documents_read", "entries"):
        print(f"{name.replace('_', ' '):<24} {tally[name]:,}")
    print(f"{'seconds':<24} {tally['seconds']:.0f}")
    print(f"{'peak memory':<24} {tally['peak_mb']:.0f} MB")
    print(f"{'kinds of escape':<24} {len(tally['escaped'])}")
    for where, count in sorted(tally["escaped"].items()):
        print(f"  {count:>6} x {where}")
    for over, seconds, size, name in tally["slowest"]:
        print(f"slow{'  TOO DEAR' if over > 0 else ''}: {seconds:.2f} CPU s, {size:,} bytes, {name}")
    for reason, count in sorted(tally["refusals"].items(), key=lambda each: -each[1])[:20]:
        print(f"  refused {count:>6} x {reason}")
    return 1 if tally["escaped"] or any(over > 0 for over, *_ in tally["slowest"]) else 0


if __name__ == "__main__":
    raise SystemExit(main())
