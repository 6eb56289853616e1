"""The table of `bot.consent` in plain words, for /about. Headings first."""

ROWS: tuple[tuple[str, ...], ...] = (
    ("The post", "Counted", "Linked", "Quoted in a digest", "In a public answer", "Sent directly"),
    ("of someone who refuses, or whose profile cannot be read", "no", "no", "no", "no", "no"),
    ("for followers or single people only", "no", "no", "no", "no", "no"),
    (
        "of someone who permits it (“include me”, or searchable in their settings)",
        "yes",
        "yes",
        "public posts",
        "yes",
        "yes",
    ),
    ("published as a publication (article, group, community)", "yes", "yes", "yes", "yes", "yes"),
    (
        "any other public post",
        "yes",
        "if it opens a thread with a watched hashtag",
        "no",
        "no",
        "yes",
    ),
    ("any other quiet public post", "yes", "no", "no", "no", "yes"),
)
