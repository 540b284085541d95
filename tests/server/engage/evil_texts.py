"""Templates that nobody writes by accident. How long each takes is measured by `tests.benchmarks.bodies`."""

EVIL = [
    "{" * 2_000,
    "{{ " * 660,
    "{% " * 660,
    "{{ contact" + "[contact" * 200 + "]" * 200 + "}}",
    "{% if contact.name %}" * 49,
    "{%- raw %}" * 49,
    "{{ '" + "a'" * 990,
    "{{ -" + " " * 1_990,
    "{% if " + "(" * 990,
    "{{ contact.name" + " | upcase" * 200 + " }}",
    "{{ (1..1000000000) }}",
]
