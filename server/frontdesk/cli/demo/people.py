"""Who comes to the demo shop: browsers, places and names. Every name says that it belongs to a demo."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    country: str
    timezone: str
    utc_offset: int
    locale: str
    weight: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with a browser. `name` and `company` are told when they sign up, if ever."""

    key: str
    language: str
    place: Place
    user_agent: str
    name: str | None = None
    email: str | None = None
    company: str | None = None


PLACES = {
    "en": (
        Place("DE", "Europe/Berlin", 1, "de-DE", 20),
        Place("GB", "Europe/London", 0, "en-GB", 18),
        Place("US", "America/New_York", -5, "en-US", 14),
        Place("FR", "Europe/Paris", 1, "fr-FR", 10),
        Place("NL", "Europe/Amsterdam", 1, "nl-NL", 7),
        Place("AT", "Europe/Vienna", 1, "de-AT", 6),
        Place("CH", "Europe/Zurich", 1, "de-CH", 6),
        Place("SE", "Europe/Stockholm", 1, "sv-SE", 5),
        Place("IE", "Europe/Dublin", 0, "en-IE", 4),
        Place("PT", "Europe/Lisbon", 0, "pt-PT", 3),
        Place("AU", "Australia/Sydney", 10, "en-AU", 3),
    ),
    "zh": (
        Place("CN", "Asia/Shanghai", 8, "zh-CN", 84),
        Place("SG", "Asia/Singapore", 8, "zh-CN", 6),
        Place("MY", "Asia/Kuala_Lumpur", 8, "zh-CN", 4),
        Place("DE", "Europe/Berlin", 1, "zh-CN", 3),
    ),
}

_WINDOWS, _MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_ANDROID, _IPHONE = "Mozilla/5.0 (Linux; Android {};", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
_WEBKIT, _BLINK = "AppleWebKit/605.1.15 (KHTML, like Gecko)", "AppleWebKit/537.36 (KHTML, like Gecko)"
_HARMONY = "(Linux; Android 12; HarmonyOS; ALN-AL00; HMSCore 6.13.0.302)"

BROWSERS: dict[str, tuple[tuple[int, str], ...]] = {
    "en": (
        (28, f"{_WINDOWS} {_BLINK} Chrome/138.0.0.0 Safari/537.36"),
        (12, f"{_MAC} {_BLINK} Chrome/138.0.0.0 Safari/537.36"),
        (11, f"{_MAC} {_WEBKIT} Version/18.5 Safari/605.1.15"),
        (8, f"{_WINDOWS} {_BLINK} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"),
        (7, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        (3, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        (17, f"{_IPHONE} {_WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1"),
        (9, f"{_ANDROID.format(15)} Pixel 9) {_BLINK} Chrome/138.0.0.0 Mobile Safari/537.36"),
        (3, f"{_ANDROID.format(14)} SM-S921B) {_BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
        (2, f"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {_WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1"),
    ),
    "zh": (
        (22, f"{_IPHONE} {_WEBKIT} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN"),
        (
            15,
            f"{_ANDROID.format(14)} 23127PN0CC) {_BLINK} Version/4.0 Chrome/134.0.0.0 XWEB/1340157 "
            "MMWEBSDK/20250503 Mobile Safari/537.36 MicroMessenger/8.0.60.2860 NetType/4G Language/zh_CN",
        ),
        (18, f"{_WINDOWS} {_BLINK} Chrome/138.0.0.0 Safari/537.36"),
        (8, f"{_WINDOWS} {_BLINK} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"),
        (7, f"{_WINDOWS} {_BLINK} Chrome/123.0.0.0 Safari/537.36 QQBrowser/19.4.6579.400"),
        (7, f"{_MAC} {_WEBKIT} Version/18.5 Safari/605.1.15"),
        (8, f"{_IPHONE} {_WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1"),
        (5, f"Mozilla/5.0 {_HARMONY} {_BLINK} Chrome/114.0.0.0 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36"),
        (4, f"{_ANDROID.format(13)} U; zh-CN; V2309A) {_BLINK} Chrome/123.0.0.0 UCBrowser/16.9 Mobile Safari/537.36"),
    ),
}

NAMES = {
    "en": (
        "Ada", "Alice", "Anton", "Astrid", "Ben", "Bruno", "Carla", "Cora", "Dario", "Edith",
        "Elias", "Esme", "Felix", "Fiona", "Greta", "Hanna", "Hugo", "Ida", "Ines", "Ivo",
        "Jonas", "June", "Karl", "Klara", "Lars", "Lena", "Leo", "Lotte", "Luca", "Mabel",
        "Marta", "Max", "Mira", "Nils", "Nora", "Oscar", "Otto", "Paula", "Pia", "Quinn",
        "Rosa", "Rufus", "Selma", "Signe", "Theo", "Tilda", "Ursula", "Vera", "Viktor", "Wanda",
        "Willa", "Xaver", "Yara", "Zoe",
    ),
    "zh": (
        "陈思远", "林晓雨", "王梓涵", "李沐阳", "赵一诺", "周子墨", "吴佳怡",
        "徐若溪", "孙博文", "胡静怡", "朱明轩", "高雨桐", "何俊杰", "郭欣然",
        "马天宇", "罗诗涵", "梁嘉豪", "宋雅琪", "郑皓然", "谢婉清", "韩子轩",
        "唐书瑶", "冯浩宇", "于梦洁", "董志远", "萧雨薇", "程一鸣", "曹可欣",
        "袁宏伟", "邓紫涵",
    ),
}  # fmt: skip
COMPANIES = {
    "en": ("Hotel Seeblick", "Mill Lane Clinic", "Northlight Library", "The Anchor Inn", "Atelier Rue Neuve",
           "Harbour Coworking", "St Brigid School", "Pension Linde", "Quill & Sons Notaries", "Tulip Hostel"),
    "zh": ("松鹤酒店", "青竹书院", "海棠民宿", "云栖联合办公", "南山口腔", "白鹭图书馆", "小满咖啡", "听雨客栈"),
}  # fmt: skip
_OF_A_COMPANY = 0.5
_SAID = {"en": "{} Demo", "zh": "{}（演示）"}
_COMPANY_SAID = {"en": "{} (Demo)", "zh": "{}（演示）"}


def stranger(key: str, language: str, chance: Random) -> Profile:
    """A browser whose person we cannot name."""
    places, browsers = PLACES[language], BROWSERS[language]
    [place] = chance.choices(places, [each.weight for each in places])
    [(_, user_agent)] = chance.choices(browsers, [weight for weight, _ in browsers])
    return Profile(key, language, place, user_agent)


def named(profile: Profile, number: int, chance: Random) -> Profile:
    """The same with the name and e-mail that they sign up with: the `number`th of their language."""
    names = NAMES[profile.language]
    name, again = names[number % len(names)], number // len(names)
    said = _SAID[profile.language].format(name if not again else f"{name} {'B' * again}.")
    mailbox = name.lower() if profile.language == "en" else f"yanshi{number + 1:02}"
    company = chance.choice(COMPANIES[profile.language]) if chance.random() < _OF_A_COMPANY else None
    return Profile(
        profile.key,
        profile.language,
        profile.place,
        profile.user_agent,
        said,
        f"{mailbox}{again or ''}@example.com",
        company and _COMPANY_SAID[profile.language].format(company),
    )
