"""What someone who mentions the bot wants: forgiving, and never guessing something wide."""

import re
from enum import StrEnum


class Wish(StrEnum):
    """What can be asked for. Each publishes at most an answer to the one who asks."""

    SUMMARIZE = "summarize"
    HELP = "help"
    EXCLUDE = "leave me out"
    INCLUDE = "include me"


# The order matters: "leave me out of the summary" is about leaving out. Each language says it
# in the ways that people were seen to use; whole words only.
PHRASES: tuple[tuple[Wish, tuple[str, ...]], ...] = (
    (
        Wish.EXCLUDE,
        (
            "leave me out",
            "exclude me",
            "opt out",
            "optout",
            "opt me out",
            "forget me",
            "not here",
            "lass mich raus",
            "lass mich aus",
            "ohne mich",
            "vergiss mich",
            "laisse moi en dehors",
            "oublie moi",
            "sans moi",
            "exclus moi",
            "déjame fuera",
            "dejame fuera",
            "sin mí",
            "olvídame",
            "exclúyeme",
            "me deixe de fora",
            "me esqueça",
            "lasciami fuori",
            "dimenticami",
            "laat me erbuiten",
            "vergeet mij",
            "pomiń mnie",
            "zapomnij o mnie",
            "除外して",
            "不要包括我",
        ),
    ),
    (
        Wish.INCLUDE,
        (
            "include me",
            "opt in",
            "opt me in",
            "you may quote me",
            "nimm mich auf",
            "nimm mich rein",
            "du darfst mich zitieren",
            "inclus moi",
            "tu peux me citer",
            "inclúyeme",
            "puedes citarme",
            "me inclua",
            "includimi",
            "neem mij op",
        ),
    ),
    (
        Wish.HELP,
        ("help", "hilfe", "aide", "ayuda", "ajuda", "aiuto", "pomoc", "commands", "ヘルプ", "帮助"),
    ),
    (
        Wish.SUMMARIZE,
        (
            "summarize",
            "summarise",
            "summary",
            "tl;dr",
            "tldr",
            "sum up",
            "recap",
            "what did people say",
            "what are people saying",
            "fass zusammen",
            "zusammenfassung",
            "zusammenfassen",
            "fasse zusammen",
            "résume",
            "résumé",
            "resume",
            "resumen",
            "resumir",
            "resumo",
            "riassunto",
            "riassumi",
            "samenvatting",
            "vat samen",
            "podsumuj",
            "streszczenie",
            "要約",
            "まとめて",
            "总结",
        ),
    ),
)

WHOLE = frozenset({"not here"})
"""Phrases that mean something only when nothing else is said."""
PERMITTING = next(phrases for wish, phrases in PHRASES if wish is Wish.INCLUDE)

_POLITE = re.compile(
    r"(?<!\w)(?:please|pls|thanks|thank you|yes|ok|hi|hello|bitte|danke|ja|merci|oui|s il te plaît|"
    r"por favor|gracias|sí|obrigado|obrigada|sim|per favore|grazie|alsjeblieft|graag|proszę)(?!\w)"
)
_MENTION = re.compile(r"@[\w.\-]{1,64}(?:@[\w.\-:]{1,255})?")
_BREAKS = re.compile(r"[\s'’\-]+")


def parse(text: str, *, under_a_post: bool) -> Wish:
    """Read the text of a mention (plain text, mentions included).

    A mention under a post that says nothing we know asks for a summary, the one thing people
    mention the bot there for; elsewhere it gets help. Refusing is recognized anywhere in the text;
    permission only if it is all that is said, since "do not include me" must never pass for it.
    """
    words = f" {' '.join(_BREAKS.sub(' ', _MENTION.sub(' ', text)[:2000].casefold()).split())} "
    bare = " ".join(_POLITE.sub(" ", words).replace(",", " ").split()).strip(" .!;:")
    for wish, phrases in PHRASES:
        for phrase in phrases:
            if phrase in WHOLE or wish is Wish.INCLUDE:
                if bare == phrase:
                    return wish
            elif _says(words, phrase):
                return wish
    if any(_says(words, phrase) for phrase in PERMITTING):
        return Wish.HELP  # something about permission, but not clearly a yes
    return Wish.SUMMARIZE if under_a_post else Wish.HELP


def _says(words: str, phrase: str) -> bool:
    if _unspaced(phrase):
        return phrase in words
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", words) is not None


def _unspaced(phrase: str) -> bool:
    """Tell whether a phrase is of a script that writes without spaces."""
    return any("\u3040" <= char <= "\u9fff" for char in phrase)
