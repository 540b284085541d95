"""The composition root: the only file that knows everyone. It fills every room's ports and mounts every edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Flask, Response, request
from sqlalchemy.orm import Session

from frontdesk import __version__, pages
from frontdesk.accounts import api as accounts_api
from frontdesk.accounts.auth import identify_caller
from frontdesk.accounts.sites_api import sites_api
from frontdesk.channels import email, outbox
from frontdesk.channels.api import outbox_api
from frontdesk.channels.carriers import carriers
from frontdesk.channels.dispatch import Dispatch
from frontdesk.collect import counts, documented, scripts
from frontdesk.collect.api import events_api
from frontdesk.collect.endpoint import Collect
from frontdesk.collect.keeping import partitions, retention
from frontdesk.collect.letters_api import letters_api
from frontdesk.collect.store import Store
from frontdesk.core import border, http
from frontdesk.core.config import Settings
from frontdesk.core.jobs import Job
from frontdesk.core.openapi import DocumentedApi
from frontdesk.core.runtime import Runtime
from frontdesk.engage.activation import ticking
from frontdesk.engage.api import rules_api
from frontdesk.engage.deciding.conversations import ConversationRules, opening
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.deciding.joining import joined
from frontdesk.engage.doing import deeds, deliveries, letters, messages
from frontdesk.engage.doing.api import templates_api
from frontdesk.engage.doing.messenger_api import answers_api, deliveries_api
from frontdesk.engage.doing.persons import rule_of
from frontdesk.engage.facts.rfm import taking as rfm
from frontdesk.engage.facts.rfm.api import rfm_api
from frontdesk.engage.ports import Act, ActionContext, EngagePorts
from frontdesk.engage.rules import counting
from frontdesk.engage.rules.api import texts_api
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.seeing.api import seeing_api
from frontdesk.engage.seeing.audience_api import audience_api
from frontdesk.engage.seeing.children import Simulations
from frontdesk.engage.segments import api as segments_api
from frontdesk.engage.segments import by_hand, ranked
from frontdesk.engage.segments.upkeep import Upkeep
from frontdesk.engage.signals import RulesChanged
from frontdesk.engage.timers import drain, forgetting
from frontdesk.engage.timers.firing import Firing
from frontdesk.inbox import ports, queries
from frontdesk.inbox.api import inbox_api
from frontdesk.inbox.counts import conversations_of_visitors, talks
from frontdesk.inbox.messenger_api import messenger_api
from frontdesk.inbox.notifications_api import notifications_api
from frontdesk.people import api as people_api
from frontdesk.realtime.sockets import mount as mount_sockets
from frontdesk.routing.assignment import Assignment, Cause, assign
from frontdesk.success.api import tasks_api
from frontdesk.success.doing import task
from frontdesk_rules import Assign
from frontdesk_rules.language.messages import GUIDES

CONSOLE_PREFIX = "/api/v1/"


@dataclass(frozen=True, slots=True)
class House:
    """A composed server: the Flask app with all edges mounted, and what its ticker must do."""

    app: Flask
    jobs: tuple[Job, ...]
    close: Callable[[], None]


def compose(runtime: Runtime) -> House:
    """Build the whole server on `runtime`."""
    live = LiveRules(runtime.db)
    engine = Engine(live, EngagePorts(actions=ACTIONS, standing=queries.standing))
    runtime.bus.subscribe(RulesChanged, live.on_rules_changed)
    upkeep = Upkeep(runtime.db, engine, runtime.clock)
    runtime.bus.subscribe(RulesChanged, upkeep.on_rules_changed)
    app = _flask(runtime)
    rules = ConversationRules(engine)
    answers = ports.InboxPorts(opening, rules.started, rules.replied, rules.answered, rules.closed)
    ports.install(app, answers)
    _register(app, runtime.settings, engine)
    sockets = mount_sockets(app, runtime, engine.showing)
    collect = Collect(runtime, Store(engine.decide, runtime.settings.secret, talks), app.wsgi_app)
    app.wsgi_app = collect  # type: ignore[method-assign]  # Flask's documented way to mount before it
    db, clock = runtime.db, runtime.clock
    dispatch = Dispatch(db, clock, carriers(runtime.settings, clock), {email.CHANNEL: letters.settled})
    simulations = Simulations(db, clock, runtime.settings.data)
    firing = Firing(engine)
    jobs = (
        Job("rules", timedelta(seconds=1), lambda: db.read(live.refresh)),
        Job("timers_over", timedelta(hours=1), lambda: forgetting.clean(db, clock())),
        Job("timers", timedelta(seconds=1), partial(drain.tick, db, firing, clock)),
        Job("activation", timedelta(seconds=1), partial(ticking.tick, db, clock)),
        Job("segments", timedelta(seconds=1), upkeep.tick),
        Job("rule_counts", counting.EVERY, partial(counting.job, db, clock)),
        Job("outbox", timedelta(seconds=1), dispatch.tick),
        Job("outbox-forgets", timedelta(hours=1), lambda: db.write(lambda session: outbox.forget(session, clock()))),
        Job("expire", timedelta(minutes=5), lambda: db.write(lambda session: deliveries.expire(session, clock()))),
        Job("months", timedelta(hours=6), lambda: db.write(lambda session: partitions.keep_ahead(session, clock()))),
        Job("retention", timedelta(hours=1), lambda: retention.clean(db, clock(), runtime.settings.retention)),
        rfm.job(runtime, ranked.means_taken),
        *simulations.jobs,
        *counts.jobs(runtime),
        *sockets.jobs,
    )
    return House(app, jobs, partial(_close, runtime, simulations))


def _close(runtime: Runtime, simulations: Simulations) -> None:
    simulations.close()
    counts.COUNTS.flush(runtime.db, runtime.clock())
    runtime.db.close()


def _flask(runtime: Runtime) -> Flask:
    app = Flask("frontdesk", static_folder=None)
    app.extensions["frontdesk"] = runtime
    app.config.update(
        SECRET_KEY=runtime.settings.secret,
        API_TITLE="Frontdesk",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
    )
    return app


def _register(app: Flask, settings: Settings, engine: Engine) -> None:
    api = DocumentedApi(app)
    documented.describe(api.spec)
    for blueprint in (
        documented.collect_calls,
        accounts_api.session_api,
        accounts_api.keys_api,
        inbox_api,
        events_api,
        letters_api,
        sites_api,
        rules_api,
        seeing_api,
        audience_api,
        outbox_api,
        templates_api,
        notifications_api,
        tasks_api,
        texts_api,
        messenger_api,
        deliveries_api,
        answers_api(engine),
        accounts_api.colleagues(queries.open_counts),
        people_api.blueprint(conversations_of_visitors, joined),
        segments_api.blueprint(engine),
        rfm_api,
    ):
        api.register_blueprint(blueprint)
    border.install(app)
    app.before_request(_identify)
    app.after_request(_never_kept)
    app.register_blueprint(scripts.blp)
    if settings.demo:
        app.register_blueprint(pages.shop_blp)
    app.register_blueprint(pages.blp)
    http.install(app)


def _identify() -> None:
    if request.path.startswith(CONSOLE_PREFIX):
        identify_caller()


def _never_kept(response: Response) -> Response:
    if request.path.startswith(CONSOLE_PREFIX):
        response.headers["Cache-Control"] = "no-store"
    return response


def _assign(session: Session, context: ActionContext, action: Assign) -> None:
    """A rule routes the conversation at hand; without one there is nothing to assign."""
    if context.conversation_id is None:
        return
    cause = Cause(
        context.rule_id, dict(context.rule_name), [dict(reason) for reason in context.reasons], rule_of(context).by
    )
    asked = Assignment(
        conversation_id=context.conversation_id,
        team_key=action.team,
        teammate=action.teammate,
        strategy=action.strategy or "least_busy",
        fallback_key=action.fallback,
        cause=cause,
    )
    assign(session, asked, context.now)


ACTIONS: dict[str, Act] = {
    "message": messages.message,
    "survey": messages.survey,
    **dict.fromkeys(GUIDES, messages.guide),
    "email": letters.send,
    "assign": _assign,
    "tag": deeds.tag,
    "untag": deeds.untag,
    "set": deeds.give,
    "webhook": deeds.webhook,
    "notify": deeds.notify,
    "task": task,
    "segment": by_hand.segment,
    "emit": deeds.emit,
    "close": deeds.close,
}
"""Every action of the language, and who carries it out."""
