"""Who sets themselves against what most in a discussion say, where no reply tree tells.

"For all the criticism here, ..." is said against the others, whoever they are. A cue has to be
plain, as in `discourse`.
"""

import re
from collections.abc import Sequence

from bot.summary.candidates import Candidate

OBJECTS = re.compile(
    r"(?:and |but |well,? )?(?:for|despite|with) all the (?:\w+ )?"
    r"(?:negativity|criticism|hate|complaints|outrage|hype|praise)|"
    r"(?:and |but )?(?:as )?much as (?:i|we) (?:hate|dislike|despise|love|like|distrust)|"
    r"(?:to be|in all) fair(?:ness)?\b|in (?:its|their|his|her|\w+['’]s) (?:defen[cs]e|favou?r)\b|"
    r"(?:an? )?(?:unpopular|minority|contrarian) (?:opinion|view)|(?:to play )?devil['’]s advocate|"
    r"(?:unlike|contrary to) (?:most|many|others|everyone|everybody|what most|the others)\b|"
    r"i (?:seem to be|am|['’]m) (?:in )?the (?:minority|only one)|"
    r"bei aller (?:kritik|liebe)|fairerweise|der fairness halber|unpopuläre meinung|"
    r"(?:zur|zu (?:ihrer|seiner)) (?:verteidigung|ehrenrettung)|anders als (?:viele|die meisten)|"
    r"malgré toutes les critiques|à (?:sa|leur) décharge|avis impopulaire|opinion impopulaire|"
    r"contrairement à (?:beaucoup|la plupart)|(?:para|por) ser just[oa]s?|opinión impopular|"
    r"a pesar de (?:tanta|las|todas las) críticas?|en (?:su )?defensa\b|"
    r"opinião impopular|apesar d(?:e todas )?as críticas|em (?:sua )?defesa\b|"
    r"a onor del vero|opinione impopolare|nonostante (?:tutte )?le critiche|in (?:sua|loro) difesa|"
    r"eerlijk is eerlijk|impopulaire mening|ondanks alle kritiek|"
    r"gwoli sprawiedliwości|niepopularna opinia|mimo (?:całej )?krytyki|w (?:jego|jej|ich) obronie|"
    r"справедливости ради|непопулярное мнение|при всей критике|в защиту\b|"
    r"公平を期|少数意見|擁護する|平心而论|公平地说|为.{1,6}辩护|"
    r"공평하게 말|변호하자면|소수 의견|للإنصاف|إنصافا",
)
"""Matched in lower case: a pattern that ignores case by itself takes several times as long."""


def objections(sentences: Sequence[Candidate]) -> list[int]:
    """Return the sentences, as indices, in which somebody speaks against the others."""
    return [i for i, sentence in enumerate(sentences) if OBJECTS.match(sentence.text.lower())]
