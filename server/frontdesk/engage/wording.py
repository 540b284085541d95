"""What rules say to people, as it goes over the wire: the same thing in the two languages that the product speaks."""

from marshmallow import Schema, fields


class WordsSchema(Schema):
    """A text, by language."""

    en = fields.String(required=True)
    zh = fields.String(required=True)


class SaidSchema(Schema):
    """Something that says itself in words, beside its codes."""

    text_en = fields.String(required=True)
    text_zh = fields.String(required=True)
