"""In which language somebody is spoken to who is known by their browser only."""

from bot.words import Words, words

MOST = 20
"""Languages of one header that are looked at."""


def preferred(header: str, otherwise: str) -> Words:
    """Return our words in the language that Accept-Language likes best (RFC 9110, 12.5.4).

    `otherwise` is spoken where it names none that we speak.
    """
    ranked = []
    for part in header.split(",")[:MOST]:
        tag, _, weight = part.partition(";")
        try:
            liking = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if liking > 0:
            ranked.append((liking, tag.strip()))
    ranked.sort(key=lambda one: -one[0])
    return words(*(tag for _, tag in ranked), otherwise)
