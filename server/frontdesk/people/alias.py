"""A name for who has none yet: stable, friendly, and obviously not a real one."""

from zlib import crc32

_COLORS = (
    ("Teal", "#0E7C6B"),
    ("Amber", "#9A5B00"),
    ("Indigo", "#4A55A8"),
    ("Coral", "#B4483A"),
    ("Olive", "#6B6F1E"),
    ("Plum", "#7E4A86"),
    ("Slate", "#4F5D6B"),
    ("Rust", "#96502A"),
)
_BIRDS = (
    "Heron", "Wren", "Kestrel", "Plover", "Finch", "Egret", "Swift", "Crane",
    "Robin", "Avocet", "Magpie", "Osprey", "Lark", "Ibis", "Dunlin", "Tern",
)  # fmt: skip


def alias(person_id: str) -> str:
    """“Teal Heron” for an id, always the same one."""
    number = crc32(person_id.encode())
    return f"{_COLORS[number % len(_COLORS)][0]} {_BIRDS[number // len(_COLORS) % len(_BIRDS)]}"


def color(person_id: str) -> str:
    """The colour that goes with the alias, dark enough for white text."""
    return _COLORS[crc32(person_id.encode()) % len(_COLORS)][1]
