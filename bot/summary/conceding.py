"""Who takes back what they said: a claim that its own author gave up is nobody's claim."""

import re
from collections.abc import Sequence

from bot.summary.candidates import trim
from bot.summary.discourse import Act, author_of, parents
from bot.summary.model import SourcePost

FIRST = 120
"""Characters in which somebody gives way; later "my mistake" may be about something else."""

CONCEDES = re.compile(
    r"\bi (?:stand corrected|take (?:that|it) back|was (?:wrong|mistaken)|retract|"
    r"did(?:n['’]t| not) know(?! (?:if|whether|how|why))|had(?:n['’]t| not) seen)|"
    r"\b(?:you(?:['’]re| are) (?:absolutely |quite )?right|my (?:mistake|bad)|mea culpa)\b|"
    r"nehme (?:ich )?(?:das |es )?zurück|mein fehler|da lag ich falsch|du hast (?:ja )?recht|"
    r"(?:wusste|kannte) ich (?:noch )?nicht|hab(?:e)? mich geirrt|"
    r"je retire|au temps pour moi|autant pour moi|je me suis tromp|tu as raison|je ne savais pas|"
    r"me equivoqué|tienes razón|me retracto|no lo sabía|culpa mía|"
    r"me enganei|tens razão|você tem razão|não sabia|erro meu|"
    r"mi sbagliavo|hai ragione|non lo sapevo|ritiro quello|"
    r"ik vergiste me|je hebt gelijk|wist ik niet|neem ik terug|mijn fout|"
    r"pomyliłe?[ma]m? się|masz rację|nie wiedział[ae]m|mój błąd|cofam|"
    r"я ошиб|беру (?:свои )?слова|не знал[аи]?\b|вы правы|ты прав|моя ошибка|"
    r"撤回し|間違えまし|間違えてい|知りませんでした|私の勘違い|おっしゃる通り|"
    r"我错了|我搞错|你说得对|我收回|"
    r"제가 틀렸|제 실수|몰랐(?:습니다|네요|어요)|맞는 말씀|"
    r"كنت مخطئ|أسحب كلامي|معك حق|أنت محق|لم أكن أعرف"
)


def withdrawn(posts: Sequence[SourcePost], done: Sequence[Act | None]) -> frozenset[int]:
    """Return the posts whose authors gave way to a reply that disagrees or corrects.

    The opening is none of them: a thread goes on about it even so.
    """
    above = parents(posts)
    found = set()
    for i, objection in enumerate(above):
        if objection is None or done[objection] not in {"disagrees", "corrects"}:
            continue
        claim = above[objection]
        if claim and author_of(posts[claim]) == author_of(posts[i]) and _concedes(posts[i].text):
            found.add(claim)
    return frozenset(found)


def _concedes(text: str) -> bool:
    return bool(CONCEDES.search(trim(text.strip()[:FIRST]).lower()))
