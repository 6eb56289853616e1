"""How well a sentence is read where few are shown, without what stood around it.

It begins and ends as its author's sentences do, or was cut off; it points with few of its words at
what was said or who is there; if something was said before it, it has words enough of its own; and
it does not answer, address or announce as talk does (`overheard`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.summary.candidates import ENDS, Candidate
from bot.summary.discourse import author_of
from bot.summary.model import SourcePost
from bot.summary.overheard import overheard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COST = 0.6
"""What a sentence loses that alone of its author's lacks its first capital, or its full stop."""
UNKNOWN = 2.0
"""So many more sentences without it are taken for granted: few do not make a habit."""
CLOSING = " \"'”’»)]*_"
POINTS = 4.0
"""What it costs, as an exponent, that all words of a sentence point."""
ENOUGH, BRIEF = 12.0, 0.7
"""Words from which on an answer says of what it speaks, and how much each missing one costs."""

POINTING: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "i me my mine i'm i've i'd i'll you your yours you're you've you'll you'd this that "
        "these those it its it's that's here there there's he she they him her them his he's "
        "she's they're they've",
        "de": "ich mich mir mein meine meinen meinem meiner du dich dir dein deine sie er es ihn "
        "ihm ihr ihnen das dies diese dieser dieses diesen da hier",
        "fr": "je me moi mon ma mes j'ai j'avais tu te toi ton ta tes vous votre vos il elle ils "
        "elles lui leur leurs ça cela ceci ce c'est c'était celui celle ceux celles là ici cette",
        "es": "yo me mi mí tú te ti tu él ella ellos ellas esto eso este esta ese esa aquí ahí",
        "pt": "eu me mim meu minha tu te você ele ela eles elas isso isto este esta esse essa aqui",
        "it": "io mi me mio mia tu ti te tuo tua lui lei loro questo questa quello quella ciò qui",
        "nl": "ik mij me mijn jij je jou jouw hij zij ze hem haar hun dit dat deze die hier daar",
        "pl": "ja mi mnie mój moja ty ci ciebie twój on ona oni to ten ta tam tu tego tym",
        "ru": "я меня мне мой моя ты тебя тебе вы вас вам он она они его её их это этот эта эти",
        "ja": "これ それ あれ ここ そこ 彼は 彼女 あな なた",
        "zh": "这个 那个 这些 那些 这样 那样 我们 你们 他们 她们 它们",
        "ko": "이것 그것 이건 그건 저는 나는 우리 여기 거기",
        "ar": "هذا هذه ذلك تلك هو هي هم أنا أنت نحن هنا هناك",
    }.items()
}
"""Words that mean what was said before, who speaks, or who is spoken to."""


def unaided(
    sentences: Sequence[Candidate], posts: Sequence[SourcePost], words: Floats, pointing: Floats
) -> Floats:
    """Return how well each sentence is read by itself: 1, or less.

    `words` is their number in each, `pointing` the share of them that points.
    """
    ids = {post.id for post in posts}
    replies = np.array([post.parent in ids for post in posts])
    of_post = np.array([s.post for s in sentences], np.int64)
    after = replies[of_post] | np.array([s.place > 0 for s in sentences])
    needed = np.exp(-POINTS * pointing) * np.minimum(1.0, words / ENOUGH) ** BRIEF
    talk = np.array([overheard(s.text) for s in sentences])
    return np.asarray(np.where(after, needed, 1.0) * talk * _whole(sentences, posts, of_post))


def _whole(sentences: Sequence[Candidate], posts: Sequence[SourcePost], of_post: Ints) -> Floats:
    """Return how whole each sentence looks beside those of its author.

    Whoever is interrupted, or whose line a mail program broke, leaves half a sentence; whoever
    writes all in lower case, or without full stops, does not.
    """
    people: dict[str, int] = {}
    authors = np.array([people.setdefault(author_of(post), len(people)) for post in posts])[of_post]
    begun = np.array([not s.text[:1].islower() for s in sentences])
    ended = np.array([s.text.rstrip(CLOSING).endswith(ENDS) for s in sentences])
    return _kept(begun, authors) * _kept(ended, authors)


def _kept(habitual: Bools, authors: Ints) -> Floats:
    """Return what each sentence keeps: all if it is `habitual`, else less the firmer the habit."""
    having = np.bincount(authors, weights=habitual)
    habit = having / (np.bincount(authors) + UNKNOWN)
    return np.where(habitual, 1.0, 1.0 - COST * habit[authors])
