"""Posts are data: what in them speaks to a machine that reads, instead of to people.

A cue is no proof. But such a post is not shown to a model, and no sentence that holds a cue is
published: a discussion of prompt injection loses a quotation, and that is the smaller harm.
"""

import re
import unicodedata

CUES = re.compile(
    "|".join(
        (
            r"<\|[^|>]{1,40}\|>|\[/?inst\]|<</?sys>>",
            r"</?(?:system|assistant|user|instructions?)\s*/?>",
            r"^\W*(?:system|assistant|developer)\s*:",
            (
                r"\b(?:ignor\w*|disregard\w*|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|"
                r"earlier|all|any|your|these|the)\b.{0,30}\b(?:instruction|prompt|rule|direction|order|"
                r"guideline|polic)"
            ),
            r"\b(?:new|real|actual|updated|hidden) (?:system )?(?:instruction|prompt|task)s?\b",
            r"\b(?:system|hidden|secret) prompt\b",
            (
                r"\byou(?:'re| are) (?:now |actually |really )*(?:an? )?(?:ai|assistant|chatgpt|"
                r"language model|llm|bot|dan|jailbroken|unrestricted|summariz|developer mode)"
            ),
            r"\bas an ai\b|\bact as\b.{0,30}\b(?:admin|root|system|assistant|ai)\b",
            (
                r"\b(?:say|write|state|claim|respond|reply|answer|output|print|repeat|include|add|insert|"
                r"append|put|mention|cite|quote|link)\b.{0,40}\b(?:in|to|as|into|with|at the end of) "  # noqa: E501
                r"(?:your|the|this|every|each) (?:summary|summaries|answer|output|response|reply|"
                r"digest|gist|json)"
            ),
            (
                r"\b(?:the|your|this) (?:summary|digest|gist|output|response) (?:must|should|shall|"
                r"has to|needs to|will)\b"
            ),
            (
                r"\b(?:dear|hey|hello|hi|attention|note to|to the|to any|to all)\W+(?:ai|llm|language "  # noqa: E501
                r"model|assistant|summari[sz]er|summary bot|model)s?\b"
            ),
            r"\b(?:cite|quote|use|reveal|show|print) (?:post|ids?|key|api key|(?:the|your) prompt)",
            r"ignoriere?\w*\b.{0,40}\b(?:anweisung|vorherig|bisherig|regel|befehl)",
            r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:instruction|consigne|r[eè]gle)",
            r"\b(?:ignor[ae]|olvida)\w*\b.{0,40}\b(?:instruccion|instru[cç][oõ]e|istruzion|reglas?|regras?)",
            r"\bnegeer\b.{0,40}\b(?:instructie|opdracht)|\bzignoruj\b.{0,40}\b(?:polece|instrukcj)",
            r"игнорир\w*.{0,40}(?:инструкц|указани|команд)",
            r"(?:指示|命令|プロンプト).{0,10}(?:無視|忘れ)|(?:忽略|无视|無視).{0,15}(?:指令|指示|提示|规则)",
            r"(?:지시|명령|프롬프트).{0,10}무시|تجاهل.{0,30}(?:التعليمات|الأوامر)",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
LONGEST = 20_000
LOOKALIKES = str.maketrans("аеорсухіѕԁ0134", "aeopcyxisdoiea")
"""Cyrillic letters, and digits, that stand for Latin letters of the same look."""


def speaks_to_machines(text: str) -> bool:
    """Tell whether a text holds a cue that it instructs whoever summarizes it."""
    seen = plain(text)
    return CUES.search(seen) is not None or CUES.search(seen.translate(LOOKALIKES)) is not None


def plain(text: str) -> str:
    """Return a text as a model may read it: compatible forms folded, nothing invisible."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST])
    visible = (c for c in folded if c in "\n\t" or unicodedata.category(c) not in INVISIBLE)
    return re.sub(r"[ \t\u00a0]+", " ", "".join(visible))


INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Mn"})
"""Categories that hide text or break words up: controls, bidi, zero width, stacked marks."""
