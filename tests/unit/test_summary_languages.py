"""Sentences, words and languages of informal text in thirteen languages, alone and mixed."""

import pytest

from bot.summary.candidates import candidates
from bot.summary.content import content, is_common
from bot.summary.engines import ByRules
from bot.summary.model import Length, SourcePost
from bot.summary.text import detect_language, split_sentences, stems, tokens

TWO = {
    "en": ("The weights are open now. But who checks the training data?", "weights", "the"),
    "de": ("Die Gewichte sind jetzt offen. Aber wer prüft die Trainingsdaten?", "gewichte", "die"),
    "fr": ("Les poids sont ouverts maintenant. Mais qui vérifie les données ?", "poids", "les"),
    "es": ("Los pesos ya son abiertos. ¿Pero quién revisa los datos?", "pesos", "los"),
    "pt": ("Os pesos agora são abertos. Mas quem verifica os dados?", "pesos", "os"),
    "it": ("I pesi adesso sono aperti. Ma chi controlla i dati?", "pesi", "sono"),
    "nl": ("De gewichten zijn nu open. Maar wie controleert de gegevens?", "gewichten", "de"),
    "pl": ("Wagi są teraz otwarte. Ale kto sprawdza dane treningowe?", "wagi", "są"),
    "ru": ("Веса модели теперь открыты. Но кто проверяет данные обучения?", "веса", "но"),
    "ja": ("重みは公開されました。でも学習データは誰が確認しますか？", "重み", None),
    "zh": ("模型的权重现在公开了。但是谁来检查训练数据？", "权重", None),
    "ko": (
        "모델의 가중치가 이제 공개되었습니다. 그런데 학습 데이터는 누가 확인하나요?",
        "가중",
        None,
    ),
    "ar": ("أوزان النموذج مفتوحة الآن. ولكن من يراجع بيانات التدريب؟", "أوزان", "من"),
}


@pytest.mark.parametrize("language", TWO)
def test_two_sentences_are_two_and_their_words_are_found(language: str) -> None:
    text, word, common = TWO[language]
    assert len(list(split_sentences(text, language))) == 2
    assert word in tokens(text)
    assert detect_language(text) == language
    carried = content(text, language)
    assert stems([word], language)[0] in carried
    if common:
        assert is_common(common, language)
        assert stems([common], language)[0] not in carried


@pytest.mark.parametrize("language", TWO)
def test_a_discussion_in_each_language_is_summarized_in_it(language: str) -> None:
    first, second = split_sentences(TWO[language][0], language)
    posts = [
        SourcePost("1", "A", f"{first} {second}", author_id="a"),
        SourcePost("2", "B", second, "1", author_id="b"),
        SourcePost("3", "C", first, "1", author_id="c"),
    ]
    summary = ByRules().summarize(posts, Length(2, 60))
    assert summary.language == language
    assert summary.gist is not None
    assert summary.gist.text in {first, second}


def test_a_thread_of_several_languages_keeps_each_sentence_in_its_own() -> None:
    posts = [
        SourcePost(str(number), code, text, author_id=code, language=code)
        for number, (code, (text, _, _)) in enumerate(TWO.items())
    ]
    summary = ByRules().summarize(posts, Length(20, 400))
    by_id = {post.id: post.text for post in posts}
    assert len(summary.sentences) >= 8
    assert all(sentence.text in by_id[sentence.post] for sentence in summary.sentences)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hi everyone!", []),
        ("Thanks a lot!", []),
        ("> The weights are open\nThat is not what open means here", ["That is not what open means here"]),
        ("On Monday, Ada wrote:\n> open\nI disagree with the licence", ["I disagree with the licence"]),
        ("import torch\nThe example above fails on my machine", ["The example above fails on my machine"]),
        ("The weights are open #openweights #ai", ["The weights are open"]),
        ("@ada@social.example @bo The licence is odd", ["The licence is odd"]),
        ("https://a.example/x", []),
        ("lol 😂😂😂", []),
        ("the licence is odd and nobody reads it\nwho checks it though", ["the licence is odd and nobody reads it", "who checks it though"]),
        ("This has been hard-wrapped by a mail program from long ago and so\nit goes on in the next line.", ["This has been hard-wrapped by a mail program from long ago and so it goes on in the next line."]),
    ],
)  # fmt: skip
def test_what_is_a_sentence_and_what_is_not(text: str, kept: list[str]) -> None:
    assert [c.text for c in candidates([SourcePost("1", "A", text, language="en")])] == kept


def test_no_side_is_silenced_and_one_loud_person_does_not_fill_it() -> None:
    loud = [
        SourcePost(str(n), "Lou", f"Open weights are dangerous because of reason {n}, open weights harm.", "0", author_id="lou")
        for n in range(1, 30)
    ]  # fmt: skip
    posts = [
        SourcePost("0", "Ada", "Should open weights be allowed by the new law?", author_id="ada"),
        *loud,
        SourcePost("40", "Bo", "I disagree: open weights let everyone check what a model does.", "1", author_id="bo"),
        SourcePost("41", "Cem", "Closed models are worse than open weights, nobody can check them.", "2", author_id="cem"),
        SourcePost("42", "Dee", "The law should ask for open weights where public money is spent.", "0", author_id="dee"),
    ]  # fmt: skip
    summary = ByRules().summarize(posts, Length(6, 150))
    speakers = [sentence.author for sentence in summary.sentences]
    assert speakers.count("Lou") <= 2
    assert len({"Bo", "Cem", "Dee"} & set(speakers)) >= 2
