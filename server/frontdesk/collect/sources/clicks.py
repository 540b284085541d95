"""What ad networks and senders of mail add to the addresses that they link to, and what it tells."""

from typing import Final

CLICK_IDS: Final = {
    **dict.fromkeys(("gclid", "gbraid", "wbraid"), ("google", "cpc")),
    "dclid": ("google", "display"),
    "msclkid": ("bing", "cpc"),
    "yclid": ("yandex", "cpc"),
    "ysclid": ("yandex", "organic"),
    "bd_vid": ("baidu", "cpc"),
    "qhclickid": ("360", "cpc"),
    "sg_vid": ("sogou", "cpc"),
    "uctrackid": ("shenma", "cpc"),
    **dict.fromkeys(("fbclid",), ("facebook", "social")),  # on every link out of Facebook, paid or not
    **dict.fromkeys(("igshid", "igsh"), ("instagram", "social")),
    "epik": ("pinterest", "social"),
    "ttclid": ("tiktok", "cpc"),
    "twclid": ("twitter", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "rdt_cid": ("reddit", "cpc"),
    "sccid": ("snapchat", "cpc"),
    **dict.fromkeys(("gdt_vid", "qz_gdt"), ("wechat", "cpc")),  # Tencent's ads, in WeChat and QQ
    "tblci": ("taboola", "cpc"),
    "dicbo": ("outbrain", "cpc"),
    "mc_cid": ("mailchimp", "email"),
    "mkt_tok": ("marketo", "email"),
    "_hsmi": ("hubspot", "email"),
    "_kx": ("klaviyo", "email"),
    "irclickid": ("impact", "affiliate"),
    "cjevent": ("cj", "affiliate"),
    "awc": ("awin", "affiliate"),
}
"""Parameter, in lower case → source and medium."""
