"""How long a reload holds the event loop: what the daemon does at SIGHUP, with a beat every millisecond beside it.

    python -m tests.benchmarks.reload STORIES.jsonl [--rules 100000] [--times 2]

The rules are those of `matching`, written to a configuration in a temporary folder. Nothing is polled, so the loop has
nothing to do but to beat. A beat that comes late was held up by one uninterrupted piece of work, or by the machine:
compare with the beats before the reload.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.app.examine import Plan, examined
from monitor.app.house import furnish
from monitor.daemon.serve import _reload
from monitor.engine.embedded import Engine
from monitor.model.rules import EntitySpec, RuleSpec
from monitor.system.collector import settling
from tests.benchmarks.matching import resident_mb, views_of
from tests.benchmarks.mixed_rules import mixed_rules, town

A_FILE = 5_000
"""rules"""


@dataclass(slots=True)
class Beat:
    """A task that wants to run every millisecond, and by how much it came late."""

    late: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            self.late.append(time.perf_counter() - begun - 0.001)

    def told(self) -> str:
        """Return the longest and the thousandth parts of the delays, and begin anew."""
        ranked = sorted(self.late) or [0.0]
        self.late.clear()
        late = f"longest {ranked[-1] * 1000:6.0f} ms   99 % {ranked[len(ranked) * 99 // 100] * 1000:5.1f} ms"
        return f"{late}   beats {len(ranked):,}"


def main() -> int:
    """Print the delays; 2 where the stories are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=2)
    options = parser.parse_args()
    if not options.stories.is_file():
        print(f"skipped: {options.stories} is not there; give a JSON Lines file of stories with a title")
        return 2
    here = town(view.text.title for view in views_of(options.stories))
    with TemporaryDirectory(prefix="tocsin-reload-") as folder:
        config = Path(folder) / "config"
        config.mkdir()
        _write(config, here.entities, mixed_rules(here, options.rules))
        del here
        gc.collect()
        before = resident_mb()
        with settling():
            plan = examined(config, os.environ)
        print(f"{options.rules:,} rules: first load grew the process by {resident_mb() - before:,.0f} MB", flush=True)
        measuring = _measured(plan, config, Path(folder), options.times)
        del plan  # as the daemon does: what a reload replaced is not kept
        asyncio.run(measuring)
    return 0


async def _measured(plan: Plan, config: Path, state: Path, times: int) -> None:
    engine = Engine(await furnish(plan, state))
    del plan
    beat = Beat()
    beating = asyncio.create_task(beat.run(), name="beat")
    try:
        await asyncio.sleep(2)
        print(f"{'at rest':<12}{beat.told()}", flush=True)
        for number in range(times):
            begun = time.process_time()
            await _reload(engine, config)
            print(
                f"{f'reload {number + 1}':<12}{beat.told()}   CPU {time.process_time() - begun:.1f} s"
                f"   {resident_mb():,.0f} MB after it",
                flush=True,
            )
    finally:
        beating.cancel()
        await engine.house.close()


def _write(config: Path, entities: tuple[EntitySpec, ...], rules: tuple[RuleSpec, ...]) -> None:
    """JSON is YAML, and needs no library to be written."""
    lines = [
        "outlets: [{name: Quay, feeds: [{url: http://127.0.0.1:9/feed}]}]",
        "channels: [{name: screen, kind: console}]",
        "entities:",
        *(f"  - {json.dumps({'id': each.id, 'type': each.type, 'name': each.name})}" for each in entities),
    ]
    # A file of a configuration has a megabyte at most.
    parts = {f"rules{at}.yaml": rules[at : at + A_FILE] for at in range(0, len(rules), A_FILE)}
    lines.append(f"include: [{', '.join(parts)}]")
    (config / "tocsin.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, some in parts.items():
        said = (f"  - name: {json.dumps(each.name)}\n    query: {json.dumps(each.query)}" for each in some)
        (config / name).write_text("\n".join(("rules:", *said)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
