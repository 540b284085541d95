"""The rules that the tests talk about."""

HELLO = """
rule: pricing-hello
name: {en: Hello on pricing, zh: 价格页问候}
trigger: {dwell: {path: /**/pricing, seconds: 60}}
do:
  - message:
      class: support
      text: {en: "Comparing plans, {{ contact.name | default: 'friend' }}?", zh: 正在对比套餐吗？}
      reply_label: {en: Talk to sales, zh: 联系销售}
"""

TO_SALES = """
rule: pricing-to-sales
name: {en: Pricing page to sales, zh: 价格页转销售}
trigger: {conversation: started}
when:
  all:
    - page.path: {path_glob: /**/pricing}
    - page.dwell: {gt: 60s}
do:
  - assign: {team: sales, strategy: least_busy, fallback: experts}
  - tag: pricing
repeat: {per: conversation}
"""

FOR_THE_FREE = """
rule: for-the-free
trigger: {event: Project Created}
when: {contact.plan: free}
do:
  - tag: builder
"""
