"""What a post does in a discussion: asks, answers, agrees, disagrees, corrects.

Told by cues at the start of the post, in thirteen languages, and by the reply tree. A label names
a person's stance, so a cue has to be plain: what is doubtful gets none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.summary.candidates import trim
from bot.summary.model import SourcePost

Act = Literal["asks", "answers", "agrees", "disagrees", "corrects"]

FIRST = 160
"""Characters in which a stance is taken; later "I agree" may be about something else."""
ASKED = ("?", "？", "؟", "?)", "?!", "?”", '?"')
FEWEST_LETTERS = 6
ANSWERED_WITHIN = 6
"""Replies, one below the other, in which an answer is looked for: askers are asked back first."""
A_SIDE = 0.03
"""The share of a thread's posts that have to dissent: one "no" among hundreds is no side."""

# Searched in lower case behind a space, so that each phrase begins a word; all begin alike, which
# lets the search skip from word to word. "^" stands for the start of the post.
DISAGREES = re.compile(
    r"^ (?:no[,.!:]|nope|wrong[,.!]|nonsense|nein[,.!]|quatsch|unsinn|non[,.!]|nee[,.!]|нет[,.!])|"
    r" (?:i (?:\w+ )?disagree|(?:do not|don['’]t|can['’]t|cannot) agree|on the contrary|"
    r"i (?:really )?doubt|that(?:['’]s| is) (?:just |simply |plain )?(?:wrong|false)\b|"
    r"that(?:['’]s| is) not (?:true|right|correct)|"
    r"i (?:do not|don['’]t) (?:think|believe) (?:so|that|it|this)\b|"
    r"widerspreche|stimmt (?:so |doch |einfach |leider )?nicht|im gegenteil|"
    r"das ist (?:falsch|nicht wahr|nicht richtig|unsinn)|sehe (?:ich )?das anders|"
    r"nicht einverstanden|nicht zustimmen|"
    r"pas (?:du tout )?d['’]accord|c['’]est faux|au contraire|"
    r"no estoy de acuerdo|no es (?:cierto|verdad)|(?:al|pelo) contr[aá]rio|es falso|"
    r"discordo|não concordo|não é verdade|é falso|non sono d['’]accordo|non è vero|è falso|"
    r"oneens|niet (?:mee )?eens|klopt niet|niet waar|integendeel|"
    r"nie zgadzam się|to nieprawda|wręcz przeciwnie|не соглас|это не так|неправда|наоборот)|"
    r" ?(?:反対です|同意できません|賛成できません|それは違います|そうは思いません|"
    r"不同意|不对|不是这样|恰恰相反|不这么认为|不認同|不认同|"
    r"동의하지 않|그렇지 않|반대합니다|사실이 아니|"
    r"لا أوافق|لا أتفق|ليس صحيح|غير صحيح|على العكس)"
)
CORRECTS = re.compile(
    r" (?:(?:small |minor |a )*correction\b|actually,|not quite[,.:]|korrektur|genau genommen|"
    r"nicht ganz[,.:]|tatsächlich|petite correction|en fait,|pas tout à fait|corrección|"
    r"en realidad|no exactamente|correção|na verdade|não exatamente|correzione|in realtà|"
    r"non proprio|correctie|eigenlijk,|niet helemaal|sprostowanie|w rzeczywistości|właściwie,|"
    r"nie do końca|поправка|на самом деле|не совсем|訂正|実は|正確には|厳密には|更正|其实|事实上|"
    r"准确地说|정정|사실은|정확히는|엄밀히|تصحيح|في الواقع|للدقة)"
)
AGREES = re.compile(
    r"^ (?:yes[,.!]|agreed|exactly|absolutely|good point|well said|so true|same here|\+1|"
    r"right[,.!]|ja[,.!]|genau[,.! ]|stimmt[,.! ]|guter punkt|oui[,.!]|exactement|tout à fait|"
    r"bien dit|sí[,.!]|exacto|totalmente|sim[,.!]|exatamente|isso mesmo|sì[,.!]|esatto|precies|"
    r"klopt[,.! ]|goed punt|tak[,.!]|dokładnie|racja|да[,.!]|именно|точно[,.! ]|верно|その通り|"
    r"まったくです|同意|没错|说得对|确实|맞습니다|맞아요|صحيح|بالضبط)|"
    r" (?:i (?:\w+ )?agree|stimme (?:\w+ ){0,3}zu\b|sehe ich (?:auch|genau)so|"
    r"d['’]accordo?\b|de acuerdo|concordo|(?:mee|ermee|het) eens\b|zgadzam się|"
    r"соглас(?:ен|на)|أوافق|أتفق)| ?(?:同意です|賛成です|同感|赞同|동의합니다)"
)

YES_OR_NO = re.compile(
    r" (?:no|nope|nein|non|nee|нет|yes|yep|ja|jein|oui|si|sí|sim|não|sì|tak|nie|да|はい|いいえ|"
    r"是的|不是|네|아니요|نعم|لا)[,.!:;، 、，。]+",
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two sides of a disagreement, as indices of posts: what is disputed, and who disputes it."""

    claim: frozenset[int]
    dissent: frozenset[int]


def acts(posts: Sequence[SourcePost]) -> list[Act | None]:
    """Return what each post does towards the post it replies to; None where nothing tells."""
    index = {post.id: i for i, post in enumerate(posts)}
    asks = [_asks(post.text) for post in posts]
    found: list[Act | None] = []
    for i, post in enumerate(posts):
        parent = index.get(post.parent) if post.parent else None
        if parent is None or author_of(posts[parent]) == author_of(post):
            found.append("asks" if asks[i] else None)
        else:
            asked = "ends" if asks[parent] else "within" if _has_question(posts[parent]) else ""
            found.append(_towards(post.text, asked=asked, asks=asks[i]))
    return found


def author_of(post: SourcePost) -> str:
    """Return what tells authors apart; a post without any author counts as its own."""
    return post.author_id or post.author or post.id


def open_questions(posts: Sequence[SourcePost], done: Sequence[Act | None]) -> list[int]:
    """Return the posts that ask what nobody else replies to, other than by asking.

    What others say a few replies further down may answer, too. Where no post replies to another,
    as in a file of comments, nobody can tell what was answered.
    """
    by_id = {post.id: i for i, post in enumerate(posts)}
    above = [by_id.get(post.parent) if post.parent else None for post in posts]
    if all(parent is None for parent in above):
        return []
    heard = set()
    for i, post in enumerate(posts):
        if done[i] == "asks":
            continue
        asking = above[i]
        for _ in range(ANSWERED_WITHIN):
            if asking is None:
                break
            if author_of(posts[asking]) != author_of(post):
                heard.add(asking)
            asking = above[asking]
    return [i for i, act in enumerate(done) if act == "asks" and i not in heard]


def dispute(posts: Sequence[SourcePost], done: Sequence[Act | None]) -> Dispute | None:
    """Return the disagreement that most posts take part in, if they are enough for a side."""
    by_id = {post.id: i for i, post in enumerate(posts)}
    replies: dict[int, dict[Act, set[int]]] = {}
    for i, (post, act) in enumerate(zip(posts, done, strict=True)):
        parent = by_id.get(post.parent) if post.parent else None
        if parent is not None and act is not None:
            replies.setdefault(parent, {}).setdefault(act, set()).add(i)
    disputed = {p: _dissent(kinds) for p, kinds in replies.items()}
    most = max(disputed, key=lambda p: (len(disputed[p]), -p), default=None)
    if most is None or len(disputed[most]) < max(1, A_SIDE * len(posts)):
        return None
    dissent = disputed[most]
    agreed = {a for d in dissent for a in replies.get(d, {}).get("agrees", set())}
    return Dispute(
        claim=frozenset({most} | replies[most].get("agrees", set())),
        dissent=frozenset(dissent | agreed),
    )


def _dissent(kinds: Mapping[Act, set[int]]) -> set[int]:
    return kinds.get("disagrees", set()) | kinds.get("corrects", set())


def _towards(text: str, *, asked: str, asks: bool) -> Act | None:
    """Return a post's act; `asked` tells whether its parent asks: where it "ends", or "within"."""
    if asked == "ends" and not asks:  # "Yes" and "No" answer a question, and take no side
        return "answers" if len(text) > FEWEST_LETTERS else None
    start = f" {trim(text.strip()[:FIRST]).lower()}"
    answer = YES_OR_NO.match(start) if asked else None
    if answer:
        start = f" {start[answer.end() :]}"
    if DISAGREES.search(start):
        return "disagrees"
    if CORRECTS.match(start):
        return "corrects"
    if AGREES.search(start):
        return "agrees"
    return "asks" if asks else "answers" if answer else None


def _has_question(post: SourcePost) -> bool:
    return any(mark in post.text for mark in ASKED[:3])


def _asks(text: str) -> bool:
    return trim(text[-400:]).endswith(ASKED)
