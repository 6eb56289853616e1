"""How well a sentence stands without its neighbours, away from its post."""

import re

# All are matched in lower case: a pattern that ignores case by itself takes several times as long.
POINTING = re.compile(
    r"(?:please )?(?:read|see|check|look|watch|click|try|visit|go|ask|google|search|imagine|"
    r"lies|siehe|schau|lisez|voir|regardez|lee|mira|leia|veja|leggi|guarda|lees|kijk)\b",
)
"""Sends the reader elsewhere ("Read the terms"), and says nothing itself."""
UNFINISHED = ("...", "…", " etc", " etc.", " usw", " usw.", " and so on", " and so on.")
ANNOUNCING = (":", "：")
"""What it announces is in the next line."""
CLOSING = " \"'”’»)]"
MARKS = ".!;"
NEVER_LAST = frozenset(
    """the a and or but because than my your their our very und oder aber weil dass wenn eine le les
    des et ou mais parce que el y pero porque o uma e mas il gli ma che een en maar omdat ale oraz
    że bo и но а или что потому""".split()  # noqa: SIM905
)
"""Whoever ends with such a word was interrupted, whatever mark stands behind it."""
DANGLING = frozenset(
    """an of to with for by that is are was on in at from about into as which who when if namely
    following von der das mit auf für bei den dem ein nämlich de du la qui dans sur pour avec par à
    un une savoir con por en del los saber com em da na um di nel della cioè voor aan het
    namelijk z w od dla mianowicie в на с по для от именно""".split()  # noqa: SIM905
)
"""Last words of a line that code, a link or the next line follows, not of a sentence."""
HEDGE = r"(?:(?:afaict|afaik|imo|imho|tbh|fwiw|btw|well|yes|no|i (?:think|guess|believe)),? )?"
LEANING = re.compile(
    r"(?:this|that|these|those|it|they|he|she|so|and|but|also|however|then|which|because|"
    r"das|dies\w*|und|aber|also|denn|ce|cela|ça|et|mais|donc|esto|eso|y|pero|isso|e|mas|"
    r"questo|ma|dat|dit|en|maar|ale|to|więc|jednak|но|а|и|это|поэтому|однако)\b",
)
NAMELESS = re.compile(
    HEDGE
    + r"(?:(?:they|he|she|it (?!is\b|was\b|would|will|seems|appears|looks|takes|worries|does|has)|"
    r"er|sie|il(?! (?:y |n['’]y |ne |me |nous |se |s['’])?(?:a|est|fa\w+|semble|para[iî]t|suffit|"
    r"reste|existe|vaut|convient|s?agit|peut|manque|arrive)\b)|ils|elles?|él|ell[oa]s?|ella|el[ea]s?|"
    r"lui|lei|loro|egli|ess[iae]|hij|zij|ze|oni|ona|он[аи]?)\b|"
    r"彼|他们?(?!国|人)|她|它|그는|그녀|그들|هو |هي |هم )",
)
"""Who or what it speaks of was named before; "it is" may speak of nothing in particular."""
COUNTING_ON = re.compile(
    r"(?:the|both|all) (?:(?:same|latter|former|second|third) |others?\b|"
    r"(?:of )?(?:these|those|them)\b)|"
    r"(?:der|die|das) (?:anderen?|zweite|letztere|erstere|gleiche)\b|(?:das|der|die)selbe|"
    r"l['’]autre\b|les autres\b|l[ea] (?:même|second)\b|ce (?:dernier|même)\b|"
    r"(?:el|la|los|las) (?:otr[oa]s?|mism[oa]s?)\b|[oa]s? (?:outr[oa]s?|mesm[oa]s?)\b|"
    r"(?:l['’]altr[oa]|gli altri|le altre|lo stesso)\b|(?:de|het) (?:andere|laatste|zelfde)\b",
)
"""The other three of what? Its subject stands in the sentence before."""
THANKING = re.compile(
    r"(?:(?:that|this)(?:['’]s| is| was) an? )?(?:very |really )?"
    r"(?:good|great|fair|excellent|interesting) (?:question|point|idea|catch)\b|"
    r"(?:so |very )?(?:glad|happy|nice|sorry) (?:to|that|for|about)\b|"
    r"(?:many )?thanks?\b|thank you\b|(?:vielen )?dank|danke\b|gute frage|guter punkt|"
    r"merci\b|bonne (?:question|remarque)|gracias\b|buena pregunta|obrigad[oa]\b|boa pergunta|"
    r"grazie\b|buona domanda|bedankt\b|goede vraag|dzięki\b|dobre pytanie|спасибо|хороший вопрос|"
    r"ありがとう|いい質問|谢谢|好问题|감사|좋은 질문|شكرا|سؤال جيد",
)


UNSPACED_LEANING = re.compile(
    "(?:でも|しかし|だから|それ|これ|そして|また|但是|可是|不过|所以|因此|这|那|而且|"
    "하지만|그러나|그래서|그리고|이것|그것|이건|그건|لكن|ولكن|هذا|هذه|لذلك)"
)
"""Leaning starts where words are not told apart by spaces, or join what follows."""


def alone(text: str) -> float:
    """Return how well a sentence stands without its neighbours: 1, or less.

    One that breaks off misses its point; one that begins with "This" or "But" leans a little on
    another, one that begins with "The other three" altogether; thanks are for one person.
    """
    score = 1.0
    lower = text.lower()
    if POINTING.match(lower):
        score *= 0.3
    if text.startswith("("):
        score *= 0.7  # said beside something else
    end = text.rstrip(CLOSING)
    if end.endswith(ANNOUNCING):
        score *= 0.2
    elif end.endswith(UNFINISHED) or _hangs(end):
        score *= 0.5
    if NAMELESS.match(lower):
        score *= 0.6
    elif LEANING.match(lower) or (not text[:1].isascii() and UNSPACED_LEANING.match(text)):
        score *= 0.9  # speech is full of such starts
    elif COUNTING_ON.match(lower) or THANKING.match(lower):
        score *= 0.6
    return score


def _hangs(text: str) -> bool:
    """Tell whether the last word calls for another."""
    bare = text.rstrip(MARKS)
    last = bare.rpartition(" ")[2].casefold()
    return last in NEVER_LAST or (bare == text and last in DANGLING)
