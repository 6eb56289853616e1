"""How far a sentence is talk between people, of which a quotation to others makes little."""

import re

from bot.summary.text import QUESTION_MARKS

INTERJECTING = re.compile(
    r"(?:(?:yeah|yep|yup|ok|okay|oh|ah|aha|hm+|m+|uh|um|well|right|alright|anyways?|exactly|"
    r"jaja|naja|tja|ach|genau|nun|ouais|ben|bah|bon|alors|voilà|bueno|pues|"
    r"stimmt|klopt|vrai|vero|verdad|cierto|verdade|prawda|верно|"
    r"vale|bem|pois|bom|então|beh|allora|dai|ecco|nou|hoor|dobra|ну|ладно|ага|вот)"
    r"(?:[,.!…]| (?=[^\W\d_]+ ))|えーと?|うん|まあ|嗯|哦|好的|그래|음|글쎄|طيب|([^\W\d_]+),? \1\b)",
    re.IGNORECASE,
)
"""Takes up what somebody just said, as talk does."""
RELATIVE = re.compile(
    r"(?:which|who|whose|whom|whereas|welche[rsmn]?|wobei|wodurch|weshalb|qui|dont|lequel|laquelle|"
    r"lesquel\w+|cuy[oa]s?|cuj[oa]s?|quien(?:es)?|waarbij|waardoor|który|która|które|którzy|"
    r"котор\w+) ",
    re.IGNORECASE,
)
"""Goes on with a sentence that is not there, unless it asks."""
SPEAKING = re.compile(
    r"(?:(?:and|so|but|now|well|et|donc|mais|alors|und|also|pero|mas|ma|maar),? )?(?:"
    r"(?:i(?:['’]d| would)? (?:just |also |really )?(?:want(?:ed)?|like|have) to|can i|may i|"
    r"could i|let me) (?:just |quickly |also )?(?:say|ask|add|answer|reply|respond|explain|start|"
    r"begin|finish|come back)|"
    r"(?:ich (?:möchte|will|wollte|würde gern\w*)|lassen sie mich|lass mich|darf ich) |"
    r"je (?:vais |veux |voudrais |peux |souhaite )?(?:juste |bien )?(?:vous|te|lui|leur) "
    r"(?:dire|demander|répondre|poser|parler|donner|redonner|signaler|rappeler|laisser|"
    r"redonne|donne|pose|repose|signale|demande|passe|laisse|dis|redis|parle|réponds)\b|"
    r"je (?:vais|veux|voudrais) (?:juste )?(?:dire|revenir|répondre|finir|terminer|parler)\b|"
    r"laissez|on (?:va|vous) (?:laisse\w*|écoute\w*|entend\w*|passe\w*)|"
    r"(?:quiero|quería|quisiera|déj[ae]\w*) (?:decir|preguntar|añadir|contestar|explicar)|"
    r"(?:quero|queria|gostaria de|deixe-me) (?:dizer|perguntar|acrescentar|responder)|"
    r"(?:voglio|volevo|vorrei|lascia\w*) (?:dire|chiedere|aggiungere|rispondere)|"
    r"(?:ik wil(?:de)?|laat me|mag ik) |(?:chcę|chciał[ao]?(?:m|bym)) (?:powiedzieć|zapytać|dodać)|"
    r"(?:хочу|хотел[аи]?(?: бы)?|позвольте) (?:сказать|спросить|добавить|ответить))",
    re.IGNORECASE,
)
"""Says that something will be said, or asked."""
ADDRESSING = re.compile(
    r"you (?:said|say|mean|asked|mention(?:ed)?) |"
    r"your (?:point|question|post|comment|argument|example|message|reply)\b|"
    r"(?:[^\W\d_]+,? ){1,3}(?:vous|usted(?:es)?|vosotr[oa]s|jullie)\b|"
    r"(?:vous|tu|votre|vos|du|ihr|dein\w*|eu(?:er|re\w*)|usted(?:es)?|tú|vosotr[oa]s|vocês?|voi|"
    r"jij|jullie|ty|wy|pani|państwo|вы|ты|ваш\w*)\b|あなた|你|您|당신|أنت",
    re.IGNORECASE,
)
"""Speaks to somebody in the thread; its reader is somebody else."""
REASON = re.compile(
    r"(?:because|cause|cuz|weil|parce qu(?:e |['’])|porque|perch[éè]|omdat|ponieważ|bo |потому что|"
    r"なぜなら|因为|왜냐하면|لأن)",
    re.IGNORECASE,
)
"""Answers "Why?": with nothing behind a pause, it is half a sentence."""
PAUSE = re.compile("[,;:—、，،]")
BROKEN_OFF = (",", "-", "–", "—", "、", "，", "،")


def overheard(text: str) -> float:
    """Return how well a sentence is read by those whom it was not said to: 1, or less."""
    score = 1.0
    if INTERJECTING.match(text):
        score *= 0.7
    if text.endswith(BROKEN_OFF):
        score *= 0.25
    if RELATIVE.match(text) and not text.endswith(QUESTION_MARKS):
        score *= 0.25
    elif SPEAKING.match(text) or (REASON.match(text) and not PAUSE.search(text)):
        score *= 0.5
    elif ADDRESSING.match(text):
        score *= 0.75
    return score
