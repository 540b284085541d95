"""What became of a delivery in the page that shows it: /messenger/v1/deliveries, with the visitor's token."""

from sqlalchemy.orm import Session

from frontdesk.core.border import Blueprint
from frontdesk.core.errors import NotFound
from frontdesk.core.runtime import runtime
from frontdesk.engage import queries
from frontdesk.engage.doing import deliveries
from frontdesk.inbox.principal import guard, visitor_scope

deliveries_api = guard(
    Blueprint("deliveries", __name__, url_prefix="/messenger/v1", description="What became of a delivery.")
)


@deliveries_api.route(f"/deliveries/<delivery_id>/<any({', '.join(deliveries.REPORTED)}):state>", methods=["POST"])
@deliveries_api.response(204)
def report_delivery(delivery_id: str, state: str) -> None:
    """Note that a delivery was seen, clicked or dismissed; saying so again changes nothing."""
    scope, now = visitor_scope(), runtime().clock()

    def job(session: Session) -> None:
        row = queries.delivery_of_visitor(session, scope.visitor_id or "", delivery_id)
        if row is None:
            raise NotFound("There is no such delivery.")
        deliveries.move(session, row, state, now)

    runtime().db.write(job)
