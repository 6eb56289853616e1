"""What a post does in a discussion: asks, answers, agrees, disagrees, corrects.

Told by cues at the start of the post, in thirteen languages, and by the reply tree. A label names
a person's stance, so a cue has to be plain: what is doubtful gets none.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.summary.candidates import trim
from bot.summary.model import SourcePost
from bot.summary.text import QUESTION_MARKS, count_words

Act = Literal["asks", "answers", "agrees", "disagrees", "corrects"]

FIRST = 160
"""Characters in which a stance is taken; later "I agree" may be about something else."""
ASKED = (*QUESTION_MARKS, "?)", "?!", "?”", '?"')
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
    r"(?:that|this) would be a (?:\w+ )?mistake|"
    r"widerspreche|stimmt (?:so |doch |einfach |leider )?nicht|im gegenteil|"
    r"das ist (?:falsch|nicht wahr|nicht richtig|unsinn)|sehe (?:ich )?das anders|"
    r"nicht einverstanden|nicht zustimmen|bezweifle|halte ich für (?:falsch|einen fehler)|"
    r"pas (?:du tout )?d['’]accord|c['’]est faux|au contraire|j['’]en doute|je doute|"
    r"no estoy de acuerdo|no es (?:cierto|verdad)|(?:al|pelo) contr[aá]rio|es falso|"
    r"(?<!no )dudo|discordo|não concordo|não é verdade|é falso|(?<!não )duvido|"
    r"non sono d['’]accordo|non è vero|è falso|(?<!non )dubito|"
    r"oneens|niet (?:mee )?eens|klopt niet|niet waar|integendeel|betwijfel|"
    r"nie zgadzam się|to nieprawda|(?<!nie )wątpię|wręcz przeciwnie|"
    r"не соглас|это не так|неправда|наоборот|(?<!не )сомневаюсь)|"
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
    r"^ (?:yes[,.!]|agreed|agree with|exactly|absolutely|good point|well said|"
    r"so true|same here|\+1|"
    r"right[,.!]|ja[,.!]|genau[,.! ]|stimmt[,.! ]|guter punkt|oui[,.!]|exactement|tout à fait|"
    r"bien dit|sí[,.!]|exacto|totalmente|sim[,.!]|exatamente|isso mesmo|sì[,.!]|esatto|precies|"
    r"klopt[,.! ]|goed punt|tak[,.!]|dokładnie|racja|да[,.!]|именно|точно[,.! ]|верно|その通り|"
    r"まったくです|同意|没错|说得对|确实|맞습니다|맞아요|صحيح|بالضبط)|"
    r" (?:i (?:\w+ )?agree|stimme (?:\w+ ){0,3}zu\b|sehe ich (?:auch|genau)so|"
    r"d['’]accordo?\b|de acuerdo|concordo|(?:mee|ermee|het) eens\b|zgadzam się|"
    r"соглас(?:ен|на)|أوافق|أتفق)| ?(?:同意です|賛成です|同感|赞同|동의합니다)"
)

YES_BUT = re.compile(
    r"^ [^,.!]{1,30}[,.!]+ (?:but|aber|jedoch|nur|mais|pero|mas|ma|però|maar|alleen|ale|но|только|"
    r"하지만|لكن|ولكن)\b|"
    r"^ [^,.!、。，]{1,12}[、。，](?:でも|しかし|但|不过|可是)"
)
"""Whoever goes on with "but" agrees with less than all, and what with, no cue tells."""
NO_ANSWER = re.compile(
    r"^ (?:(?:very )?good question|same question|no idea|no clue|i (?:do not|don['’]t) know|"
    r"(?:i(?:['’]d| would|['’]m)? )?(?:also )?(?:would |like |love |want )*(?:to know|curious)|"
    r"following\b|me too\b|gute frage|keine ahnung|weiß ich (?:auch )?nicht|"
    r"(?:würde|will|möchte) ich auch|bonne question|aucune idée|je ne sais pas|moi aussi|"
    r"buena pregunta|ni idea|no (?:lo )?sé|yo también|boa pergunta|não sei|também quer|"
    r"buona domanda|non (?:lo )?so|non saprei|goede vraag|geen idee|weet ik (?:ook )?niet|"
    r"dobre pytanie|nie wiem|хороший вопрос|не знаю|тоже интересно|いい質問|わかりません|"
    r"私も知りたい|好问题|不知道|同问|좋은 질문|모르겠|저도 궁금|سؤال جيد|لا أعرف)"
)
FEW_WORDS = 12
"""A reply of so many words that begins like that says no more."""
RESHARING = re.compile(r"^\W*re: ?https?://\S+\s*")
"""How Mastodon and Misskey write a quoted post into the text."""

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
    asks = [_asks(post.text) for post in posts]
    found: list[Act | None] = []
    for i, (post, parent) in enumerate(zip(posts, parents(posts), strict=True)):
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
    above = parents(posts)
    if all(parent is None for parent in above):
        return []
    heard = set()
    for i, post in enumerate(posts):
        if done[i] == "asks" or _knows_no_more(post.text):
            continue
        asking = above[i]
        for _ in range(ANSWERED_WITHIN):
            if asking is None:
                break
            if author_of(posts[asking]) != author_of(post):
                heard.add(asking)
            asking = above[asking]
    return [i for i, act in enumerate(done) if act == "asks" and i not in heard]


def parents(posts: Sequence[SourcePost]) -> list[int | None]:
    """Return which of the posts each one replies to; None where that is none of them."""
    index = {post.id: i for i, post in enumerate(posts)}
    return [index.get(post.parent) if post.parent else None for post in posts]


def dispute(
    posts: Sequence[SourcePost], done: Sequence[Act | None], settled: Collection[int] = ()
) -> Dispute | None:
    """Return the disagreement that most posts take part in, if they are enough for a side.

    `settled` are posts whose authors gave way.
    """
    above = parents(posts)
    replies: dict[int, dict[Act, set[int]]] = {}
    for i, (parent, act) in enumerate(zip(above, done, strict=True)):
        if parent is not None and act is not None:
            replies.setdefault(parent, {}).setdefault(act, set()).add(i)
    sides = {}
    for claim, kinds in replies.items():
        dissent = _dissent(kinds)
        if dissent and claim not in settled:
            sides[claim] = dissent | _followers(dissent, posts, above, done)
    most = max(sides, key=lambda p: (len(sides[p]), -p), default=None)
    if most is None or len(sides[most]) < max(1, A_SIDE * len(posts)):
        return None
    return Dispute(
        claim=frozenset({most} | replies[most].get("agrees", set())) - sides[most],
        dissent=frozenset(sides[most]),
    )


def _followers(
    dissent: Collection[int],
    posts: Sequence[SourcePost],
    above: Sequence[int | None],
    done: Sequence[Act | None],
) -> set[int]:
    """Return who agrees with those who dissent, there or where these go on further down."""
    people = {author_of(posts[post]) for post in dissent}
    found = set()
    for follower, parent in enumerate(above):
        if done[follower] != "agrees" or parent is None or author_of(posts[parent]) not in people:
            continue
        reached: int | None = parent
        for _ in range(ANSWERED_WITHIN):
            if reached is None or reached in dissent:
                break
            reached = above[reached]
        if reached in dissent:
            found.add(follower)
    return found


def _dissent(kinds: Mapping[Act, set[int]]) -> set[int]:
    """Return who is on the other side; beside those, who corrects a date is not."""
    return kinds.get("disagrees") or kinds.get("corrects", set())


def _towards(text: str, *, asked: str, asks: bool) -> Act | None:
    """Return a post's act; `asked` tells whether its parent asks: where it "ends", or "within"."""
    if asked == "ends" and not asks:  # "Yes" and "No" answer a question, and take no side
        return "answers" if len(text) > FEWEST_LETTERS else None
    start = _start(text)
    answer = YES_OR_NO.match(start) if asked else None
    if answer:
        start = f" {start[answer.end() :]}"
    if DISAGREES.search(start):
        return "disagrees"
    if CORRECTS.match(start):
        return "corrects"
    if AGREES.search(start) and not YES_BUT.match(start):
        return "agrees"
    return "asks" if asks else "answers" if answer else None


def _start(text: str) -> str:
    """Return the start of a post in lower case behind a space, as cues are searched in it."""
    lower = RESHARING.sub("", text[: 4 * FIRST].strip().lower())
    return f" {trim(lower[:FIRST])}"


def _knows_no_more(text: str) -> bool:
    return len(text) < 10 * FEW_WORDS and bool(
        NO_ANSWER.match(_start(text)) and count_words(text) <= FEW_WORDS
    )


def _has_question(post: SourcePost) -> bool:
    return any(mark in post.text for mark in QUESTION_MARKS)


def _asks(text: str) -> bool:
    return trim(text[-400:]).endswith(ASKED)
