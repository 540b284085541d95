"""Sites that send people here: what kind each is, by the names that campaigns give it and by its domains.

A word without a dot is a name, as in `utm_source`; the first is what we call the site. A word with a dot is a domain,
with all that is below it, unless a longer one says otherwise; `google.*` is google under any public suffix: google.de,
google.co.uk, not google.example.com.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

SITES: Final = {
    "search": """
        google 谷歌 google.* com.google.android.googlequicksearchbox
        bing 必应 bing.com
        baidu 百度 baidu.com
        360 so 360so 360搜索 haosou so.com 360.cn haosou.com
        sogou 搜狗 sogou.com
        shenma 神马 sm.cn
        toutiao-search 头条搜索 so.toutiao.com
        petal 花瓣搜索 petalsearch.com
        duckduckgo ddg duckduckgo.com
        yahoo yahoo.* search.yahoo.co.jp
        yandex yandex.* ya.ru
        naver naver.com
        daum daum.net
        ecosia ecosia.org
        brave search.brave.com
        startpage startpage.com
        qwant qwant.com
        kagi kagi.com
        mojeek mojeek.com
        swisscows swisscows.com
        seznam seznam.cz
        rambler rambler.ru
        mailru go.mail.ru
        ask ask.com
        aol search.aol.com
        lycos lycos.com
        dogpile dogpile.com
        presearch presearch.com
        coccoc coccoc.com
        goo goo.ne.jp
    """,
    "social": """
        facebook fb meta facebook.com fb.com fb.me fb.watch messenger.com com.facebook.katana
        instagram ig insta instagram.com com.instagram.android
        threads threads.net threads.com
        twitter x twitter.com x.com t.co com.twitter.android
        linkedin li linkedin.com lnkd.in com.linkedin.android
        reddit reddit.com redd.it com.reddit.frontpage
        pinterest pinterest.* pin.it
        snapchat snap snapchat.com
        whatsapp wa whatsapp.com wa.me
        telegram tg telegram.org telegram.me t.me org.telegram.messenger
        discord discord.com discord.gg discordapp.com
        slack slack.com com.slack
        line line.me
        kakao kakaotalk kakao.com
        vk vkontakte vk.com vk.ru
        odnoklassniki ok.ru
        mastodon mastodon.social
        bluesky bsky.app
        quora quora.com
        medium medium.com
        tumblr tumblr.com t.umblr.com
        hackernews news.ycombinator.com
        producthunt producthunt.com
        stackoverflow stackoverflow.com stackexchange.com
        devto dev.to
        indiehackers indiehackers.com
        xing xing.com
        yelp yelp.com
        flipboard flipboard.com
        wechat weixin 微信 公众号 朋友圈 wx weixin.qq.com wechat.com servicewechat.com com.tencent.mm
        wecom 企业微信 work.weixin.qq.com
        qq qzone qq空间 qzone.qq.com qzs.qq.com connect.qq.com
        weibo 微博 weibo.com weibo.cn t.cn
        zhihu 知乎 zhihu.com
        xiaohongshu xhs rednote 小红书 xiaohongshu.com xhslink.com
        douban 豆瓣 douban.com
        tieba 贴吧 tieba.baidu.com
        zhidao 百度知道 zhidao.baidu.com
        toutiao 头条 今日头条 toutiao.com
        maimai 脉脉 maimai.cn
        juejin 掘金 juejin.cn
        csdn csdn.net
        v2ex v2ex.com
        jianshu 简书 jianshu.com
        segmentfault segmentfault.com
        36kr 36氪 36kr.com
        hupu 虎扑 hupu.com
        dingtalk 钉钉 dingtalk.com
        feishu lark 飞书 feishu.cn larksuite.com
    """,
    "video": """
        youtube yt youtube.com youtu.be com.google.android.youtube
        vimeo vimeo.com
        dailymotion dailymotion.com
        twitch twitch.tv
        tiktok tt tiktok.com
        netflix netflix.com
        wistia wistia.com wistia.net
        rumble rumble.com
        bilibili b站 哔哩哔哩 bilibili.com b23.tv
        douyin 抖音 douyin.com iesdouyin.com
        kuaishou 快手 kuaishou.com chenzhongtech.com
        wechat-channels 视频号 channels.weixin.qq.com
        youku 优酷 youku.com
        iqiyi 爱奇艺 iqiyi.com iq.com
        tencent-video 腾讯视频 v.qq.com
        xigua 西瓜视频 ixigua.com
        mango 芒果tv mgtv.com
        niconico nicovideo.jp
    """,
    "shopping": """
        amazon amazon.*
        ebay ebay.*
        google-shopping googleshopping igshopping shopping.google.com
        shopify shopify.com shop.app
        etsy etsy.com
        walmart walmart.com
        alibaba 阿里巴巴 alibaba.com 1688.com
        aliexpress 速卖通 aliexpress.com
        taobao 淘宝 taobao.com
        tmall 天猫 tmall.com tmall.hk
        jd 京东 jingdong jd.com
        pinduoduo pdd 拼多多 pinduoduo.com yangkeduo.com
        vip 唯品会 vip.com
        suning 苏宁 suning.com
        temu temu.com
        shein shein.com
        rakuten rakuten.co.jp rakuten.com
        mercadolibre mercadolibre.*
        shopee shopee.*
        lazada lazada.*
        idealo idealo.de
    """,
    "ai": """
        chatgpt openai chatgpt.com chat.openai.com openai.com
        claude claude.ai
        gemini gemini.google.com bard.google.com
        copilot copilot.microsoft.com copilot.com edgeservices.bing.com
        perplexity perplexity.ai
        grok grok.com x.ai
        deepseek deepseek.com
        mistral chat.mistral.ai
        meta-ai meta.ai
        poe poe.com
        you you.com
        phind phind.com
        doubao 豆包 doubao.com
        kimi moonshot kimi.com kimi.ai kimi.moonshot.cn
        yuanbao 腾讯元宝 元宝 yuanbao.tencent.com
        qwen tongyi 通义 千问 tongyi.com qianwen.com tongyi.aliyun.com chat.qwen.ai
        wenxin yiyan 文心一言 yiyan.baidu.com chat.baidu.com
        metaso 秘塔 metaso.cn
        nami 纳米搜索 n.cn
        zhipu chatglm 智谱清言 chatglm.cn z.ai
    """,
    "mail": """
        gmail mail.google.com com.google.android.gm
        outlook outlook.live.com outlook.office.com outlook.office365.com
        yahoo-mail mail.yahoo.com mail.yahoo.co.jp
        qq-mail qq邮箱 mail.qq.com
        exmail exmail.qq.com
        163-mail mail.163.com mail.126.com mail.yeah.net
        aliyun-mail mail.aliyun.com qiye.aliyun.com
        proton mail.proton.me
        icloud-mail icloud.com
    """,
    # neighbours of those above that are none of their kind
    "site": """
        google-apps docs.google.com drive.google.com sites.google.com groups.google.com calendar.google.com
        google-apps meet.google.com chat.google.com classroom.google.com translate.google.com play.google.com
        baidu-pan pan.baidu.com
        aws aws.amazon.com
    """,
    # where one only passes through, to log in or to pay: coming back from there is no arrival
    "passage": """
        log-in accounts.google.com login.microsoftonline.com login.live.com appleid.apple.com open.weixin.qq.com
        log-in graph.qq.com passport.baidu.com
        payment checkout.stripe.com hooks.stripe.com pay.stripe.com paypal.com alipay.com tenpay.com unionpay.com
    """,
}
# what stands before a public suffix: `google` in www.google.co.uk
_OWN: Final = re.compile(r"(?:^|\.)([^.]+)\.(?:(?:co|com|net|org|ne|or|gov|edu|ac)\.[a-z]{2}|[^.]+)$")


class Site(NamedTuple):
    """`kind` is search, social, video, shopping, ai, mail, site, or passage."""

    name: str
    kind: str


def _read() -> tuple[dict[str, Site], dict[str, Site]]:
    """Sites by name and by domain; one under any public suffix by its label and a star."""
    by_name: dict[str, Site] = {}
    by_domain: dict[str, Site] = {}
    for kind, text in SITES.items():
        for words in map(str.split, text.strip().splitlines()):
            site = Site(words[0], kind)
            by_name |= {word: site for word in words if "." not in word}
            by_domain |= {word: site for word in words if "." in word}
    return by_name, by_domain


_BY_NAME, _BY_DOMAIN = _read()


def site_named(name: str) -> Site | None:
    """The site that a campaign calls `name`, which is lower case: `google`, `fb`, `m.facebook.com`."""
    return _BY_NAME.get(name) or (site_at(name) if "." in name else None)


@lru_cache(maxsize=4096)
def site_at(host: str) -> Site | None:
    """The site of a host, by the longest domain that it lies in.

    >>> site_at("www.google.co.uk").name, site_at("notgoogle.com"), site_at("google.example.com")
    ('google', None, None)
    """
    labels = host.split(".")
    below = (".".join(labels[place:]) for place in range(len(labels) - 1))
    found = next((_BY_DOMAIN[domain] for domain in below if domain in _BY_DOMAIN), None)
    own = _OWN.search(host)
    return found or (_BY_DOMAIN.get(f"{own.group(1)}.*") if own else None)
