"""What the ready-made rules of the demo say by name: saved texts, as the API takes them."""

from typing import Any, Final

TEXTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "key": "first-project",
        "kind": "tour",
        "content": {
            "en": {
                "title": "Your first project",
                "steps": [
                    {"text": "A project holds everything that belongs together. Make one here.", "target": "#new"},
                    {"text": "Give it a name that your team will know.", "target": "#name"},
                    {"text": "That is all. Invite others whenever you like.", "target": "#invite"},
                ],
            },
            "zh": {
                "title": "创建第一个项目",
                "steps": [
                    {"text": "项目用来存放相关的一切内容，从这里新建。", "target": "#new"},
                    {"text": "起一个团队都认得的名字。", "target": "#name"},
                    {"text": "完成了，随时可以邀请其他人。", "target": "#invite"},
                ],
            },
        },
    },
)
