"""Paperboat, a tiny planning service: sign up, create a project, order a plan. Frontdesk hears of each step."""

import os
from dataclasses import dataclass, field
from secrets import token_hex

from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from frontdesk_sdk import Client

PLANS = {"solo": ("Solo", 9.0), "team": ("Team", 29.0), "studio": ("Studio", 79.0)}
CURRENCY = "EUR"


@dataclass
class Member:
    """Someone who signed up. This example keeps them in memory; yours has a database."""

    id: str
    name: str
    email: str
    projects: list[str] = field(default_factory=list)
    plan: str | None = None


site = Blueprint("site", __name__)


def create_app(client: Client, site_key: str = "", host: str = "") -> Flask:
    """The whole application. `client` speaks for the server; `site_key` and `host` make the page's script tag."""
    app = Flask(__name__)
    app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(32)
    app.extensions.update(frontdesk=client, members={})
    app.jinja_env.globals.update(site_key=site_key, frontdesk_host=host, plans=PLANS)
    app.register_blueprint(site)
    return app


def from_environment() -> Flask:
    """What `flask run` starts. Without a key the application works, and Frontdesk hears nothing."""
    host = os.environ.get("FRONTDESK_HOST", "http://127.0.0.1:8000")
    client = Client(os.environ.get("FRONTDESK_API_KEY", ""), host)
    return create_app(client, os.environ.get("FRONTDESK_SITE_KEY", ""), host)


@site.get("/")
def home() -> ResponseReturnValue:
    """A stranger is welcomed, a member works."""
    return render_template("workshop.html" if g.member else "welcome.html", member=g.member)


@site.post("/sign-up")
def sign_up() -> ResponseReturnValue:
    """A stranger becomes a member."""
    member = Member(f"user-{token_hex(6)}", asked("name"), asked("email"))
    members()[member.id] = member
    session["member"] = member.id
    company = request.form.get("company", "").strip()

    frontdesk().identify(member.id, {"name": member.name, "email": member.email})
    frontdesk().track(member.id, "Registered")
    if company:
        frontdesk().group(member.id, company.casefold(), {"name": company})
    return redirect(url_for("site.home"))


@site.post("/projects")
def create_project() -> ResponseReturnValue:
    """A member begins something."""
    member, name = signed_in(), asked("name")
    member.projects.append(name)

    frontdesk().track(member.id, "Project Created", {"name": name, "number": len(member.projects)})
    return redirect(url_for("site.home"))


@site.post("/orders")
def order() -> ResponseReturnValue:
    """A member pays."""
    member, key = signed_in(), asked("plan")
    if key not in PLANS:
        abort(400, "There is no such plan.")
    member.plan, price = PLANS[key]

    bill = {"order_id": token_hex(4), "plan": key, "revenue": price, "currency": CURRENCY}
    frontdesk().track(member.id, "Order Completed", bill)
    return redirect(url_for("site.home"))


@site.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """The page then says `reset`, so that the next person on this computer is a stranger again."""
    session.clear()
    return redirect(url_for("site.home", signed_out=1))


@site.before_request
def recognise() -> None:
    """Who is asking, if we know."""
    g.member = members().get(session.get("member", ""))


def frontdesk() -> Client:
    """The one client of this application."""
    client: Client = current_app.extensions["frontdesk"]
    return client


def members() -> dict[str, Member]:
    """Everyone who signed up, by id."""
    everyone: dict[str, Member] = current_app.extensions["members"]
    return everyone


def signed_in() -> Member:
    """The member who is asking; a stranger is sent home."""
    if g.member is None:
        abort(redirect(url_for("site.home")))
    member: Member = g.member
    return member


def asked(name: str) -> str:
    """A field of the form that must not be empty."""
    value = request.form.get(name, "").strip()
    if not value:
        abort(400, f"Please fill in “{name}”.")
    return value
