"""Serve until told to stop: SIGTERM and SIGINT drain, a second one does not wait, SIGHUP reloads."""

import asyncio
import os
import signal
from pathlib import Path

import structlog

from monitor.alerts.alarms import reload_refused
from monitor.app.examine import Plan, examine, examined, lasting
from monitor.app.house import House, furnish, refurnish
from monitor.app.rehearsal import rehearsed
from monitor.daemon.aftermath import accepted, cried_out, put, sound
from monitor.daemon.heart import Heart
from monitor.daemon.pulse import pulse
from monitor.engine.embedded import Engine, Round
from monitor.errors import StoreDamaged, StoreError
from monitor.model.settings import Mistake
from monitor.net.post import Poster
from monitor.store.copying import copy_database
from monitor.system.collector import dismiss, look_seldom, settle, settling
from monitor.system.lock import sole_daemon
from monitor.system.logs import configure_logs, log_form
from monitor.system.notify import ServiceManager, service_manager


def serve(config: Path, state: Path) -> None:
    """Run the daemon in the foreground until a signal ends it.

    Raises ConfigurationError with every mistake, AlreadyRunning, or StoreError; then nothing was started.
    """
    look_seldom()
    with settling():
        plan = lasting(examined(config, os.environ))
    configure_logs(plan.settings.secrets, form=log_form(os.environ))
    with sole_daemon(state):
        serving = _serve(plan, config, state)
        del plan  # what a reload has replaced must not be kept for the rest of our days
        asyncio.run(serving)


def once(config: Path, state: Path) -> Round:
    """One round under the daemon's lock: poll what is due, deliver what is due. Raises as `serve`."""
    look_seldom()
    plan = examined(config, os.environ)
    configure_logs(plan.settings.secrets, form=log_form(os.environ))
    _note(plan)
    with sole_daemon(state):
        return asyncio.run(_once(plan, state))


def rehearse(config: Path, state: Path, scratch: Path) -> Round:
    """One round on a copy of the database in `scratch`: publishers are asked, nothing is sent or remembered.

    Needs no lock, so a daemon may be at work on `state`. Alerts that would be sent are printed. Raises as `serve`.
    """
    plan = examined(config, os.environ)
    configure_logs(plan.settings.secrets, form=log_form(os.environ))
    copy_database(state, scratch)
    return asyncio.run(_once(rehearsed(plan), scratch))


async def _once(plan: Plan, state: Path) -> Round:
    house = await furnish(plan, state)
    try:
        return await Engine(house).once()
    finally:
        await house.close()


async def _serve(plan: Plan, config: Path, state: Path) -> None:
    log = structlog.get_logger()
    manager = service_manager(os.environ)
    stop, reload = asyncio.Event(), asyncio.Event()
    _listen(stop, reload, asyncio.current_task(), manager)  # first of all: a SIGHUP before would kill us
    engine = Engine(await furnish(plan, state))
    _note(plan)
    del plan
    settle()
    pings = Poster()
    heart = Heart(engine=engine, asking=pings)
    try:
        async with asyncio.TaskGroup() as group:
            aside = (
                group.create_task(_reload_loop(engine, config, reload, manager), name="reload loop"),
                group.create_task(pulse(manager, engine.is_alive), name="pulse"),
                group.create_task(heart.run(), name="heart"),
            )
            log.info(
                "started",
                feeds=len(engine.house.watch.feeds),
                rules=len(engine.house.watch.ruleset.names),
                state=str(state),
            )
            manager.ready(_watching(engine.house))
            await accepted(engine.house)
            await sound(engine.house, state)
            try:
                await engine.run(stop)
            except StoreDamaged:  # which the engine has told every channel
                cried_out(state, engine.house.clock.now())
                raise
            for task in aside:
                task.cancel()
    except asyncio.CancelledError:
        log.warning("stopped at once, by a second signal")
    finally:
        await pings.close()
        await engine.house.close()
    log.info("stopped")


def _listen(
    stop: asyncio.Event, reload: asyncio.Event, whole: "asyncio.Task[None] | None", manager: ServiceManager
) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        if stop.is_set() and whole is not None:
            whole.cancel()
        manager.stopping()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # held back since the process began


def _watching(house: House) -> str:
    return f"watching {len(house.watch.feeds)} feeds with {len(house.watch.ruleset.names)} rules"


def _note(plan: Plan) -> None:
    """Say of each rule what is allowed in it and may not be meant."""
    for note in plan.notes:
        structlog.get_logger().warning("configuration note", where=str(note))


async def _reload_loop(engine: Engine, config: Path, wanted: asyncio.Event, manager: ServiceManager) -> None:
    """Reload at every SIGHUP; a bad file keeps what is running and says so."""
    while True:
        await wanted.wait()
        wanted.clear()
        manager.reloading()
        try:
            await _reload(engine, config)
        except Exception as error:  # noqa: BLE001 - a surprise in a new configuration must not end the watch
            structlog.get_logger().error("reload broke: what was in force stays in force", exc_info=error)
        manager.ready(_watching(engine.house))


def _examined_to_last(config: Path) -> Plan | tuple[Mistake, ...]:
    plan = examine(config, os.environ)
    return lasting(plan) if isinstance(plan, Plan) else plan


async def _reload(engine: Engine, config: Path) -> None:
    log = structlog.get_logger()
    # In a thread: a configuration of thousands of outlets takes seconds to read, and the polls go on meanwhile.
    with settling():
        plan = await asyncio.to_thread(_examined_to_last, config)
    now, channels = engine.house.clock.now(), engine.house.watch.hear_alarms
    if not isinstance(plan, Plan):
        mistakes = [str(mistake) for mistake in plan]
        for mistake in mistakes:
            log.error("configuration mistake", where=mistake)
        log.error("not reloaded: the configuration in force before stays in force", mistakes=len(plan))
        await put(engine.house, reload_refused(mistakes, channels=channels, now=now))
        return

    async def change(house: House) -> House:
        return await refurnish(house, plan)

    leaving = list[object](engine.house.watch.ruleset.rules)
    try:
        await engine.refurnish(change)
    except StoreError as error:
        log.error("not reloaded: send SIGHUP again", error=str(error))
        return
    await dismiss(leaving)
    settle()
    configure_logs(plan.settings.secrets, form=log_form(os.environ))
    log.info("reloaded", feeds=len(plan.watch.feeds), rules=len(plan.watch.ruleset.names))
    _note(plan)
    await accepted(engine.house)
