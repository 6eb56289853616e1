"""Our notes as Markdown: the source says the same, and marks up nothing else."""

from bot.pages.markdown import markdown


def test_what_we_write_becomes_markdown_and_words_stay_words() -> None:
    content = (
        '<p><strong>A *b* &lt;x&gt;</strong><br><a href="https://a.example/x(1)">Read</a></p>'
        '<ul><li>One <a href="https://b.example/">— Ada</a></li><li>Two_</li></ul>'
        '<p><span class="h-card"><a href="https://a.example/@u">@<span>u</span></a></span> hi</p>'
        "<p><em>Automatic</em></p>"
    )
    assert markdown(content) == (
        "**A \\*b\\* \\<x\\>**\\\n[Read](<https://a.example/x(1)>)\n\n"
        "- One [— Ada](<https://b.example/>)\n- Two\\_\n\n"
        "[@u](<https://a.example/@u>) hi\n\n*Automatic*"
    )
    assert markdown("") == ""
