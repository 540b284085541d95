"""All tables of all contexts: what the chain must add up to."""

import frontdesk.accounts.models
import frontdesk.channels.models
import frontdesk.collect.models
import frontdesk.engage.activation.models
import frontdesk.engage.models
import frontdesk.inbox.models
import frontdesk.people.models
import frontdesk.success.models  # noqa: F401  imported for the tables that they define
from frontdesk.core.db import Base

metadata = Base.metadata
