"""What goes over the wire about buyers."""

from marshmallow import Schema, fields, validate

from frontdesk.engage.facts.rfm.policy import CLASSES
from frontdesk.engage.wording import WordsSchema

_NAME = validate.And(validate.Length(min=1, max=200), validate.Regexp(r"\S", error="This must not be blank."))


class RfmChange(Schema):
    """`event` is the name of the event that a purchase is, `amount` the property that says what it came to.

    With `admits_unverified`, what any page could have said counts, too: for revenue and goals as well.
    """

    event = fields.String(validate=_NAME)
    amount = fields.String(validate=_NAME)
    admits_unverified = fields.Boolean()


class RfmMeans(Schema):
    """Over `buyers`, in 365 days: days since the newest purchase, how many purchases, how much in all."""

    buyers = fields.Integer(required=True)
    recency_days = fields.Float(required=True)
    frequency = fields.Float(required=True)
    monetary = fields.Float(required=True)
    taken_at = fields.String(required=True)


class RfmClass(Schema):
    """`key` is what `contact.rfm.class` is; each flag says: at least as good as the mean."""

    key = fields.String(required=True, validate=validate.OneOf([one.key for one in CLASSES.values()]))
    name = fields.Nested(WordsSchema, required=True)
    recency = fields.Boolean(required=True)
    frequency = fields.Boolean(required=True)
    monetary = fields.Boolean(required=True)


class RfmSchema(Schema):
    """`means` are null until they are taken, and where nobody bought anything."""

    event = fields.String(required=True)
    amount = fields.String(required=True)
    window_days = fields.Integer(required=True)
    admits_unverified = fields.Boolean(required=True)
    means = fields.Nested(RfmMeans, required=True, allow_none=True)
    classes = fields.List(fields.Nested(RfmClass), required=True)
