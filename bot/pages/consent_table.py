"""The table of `bot.consent` in plain words, for /about. Headings first."""

ROWS: tuple[tuple[str, ...], ...] = (
    (
        "The post",
        "Counted",
        "Linked",
        "Quoted in a digest",
        "In a public answer",
        "Sent directly",
        "Shown to a language model",
    ),
    ("of someone who refuses, or whose profile cannot be read", *["no"] * 6),
    ("for followers or single people only", *["no"] * 6),
    (
        "of someone who permits it (“include me”, or searchable in their settings)",
        "yes",
        "yes",
        "public posts",
        "yes",
        "yes",
        "yes",
    ),
    ("published as a publication (article, group, community)", *["yes"] * 6),
    (
        "any other public post, and any that not everyone may quote by its own settings",
        "yes",
        "if it opens a thread with a watched hashtag",
        "no",
        "no",
        "yes",
        "no",
    ),
    ("any other quiet public post", "yes", "no", "no", "no", "yes", "no"),
    ("your own, in an answer to you", "yes", "yes", "as above", "yes", "yes", "yes"),
    (
        "of someone with #noai, #noml or #nollm in their profile",
        *["as above"] * 5,
        "no",
    ),
)
