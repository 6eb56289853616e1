"""The table of `bot.consent.table` for /about: keys of `words` ("uses.…"). Headings first."""

ROWS: tuple[tuple[str, ...], ...] = (
    ("post", "counted", "linked", "digest", "answer", "direct", "model"),
    ("refuses", *["no"] * 6),
    ("narrow", *["no"] * 6),
    ("permits", "yes", "yes", "public_posts", "yes", "yes", "yes"),
    ("publication", *["yes"] * 6),
    ("public", "yes", "if_opens", "no", "no", "yes", "no"),
    ("quiet", "yes", "no", "no", "no", "yes", "no"),
    ("own", "yes", "yes", "as_above", "yes", "yes", "yes"),
    ("no_model", *["as_above"] * 5, "no"),
)
