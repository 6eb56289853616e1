"""What is said alike in all languages."""

from bot.asking.phrases.kinds import Kind, Speech

SPEECH = Speech(
    None,
    {
        Kind.SUMMARIZE: """
            tldr | tdlr | tlrd | tldnr | =👆 | =☝ | =⬆ | =🧵 | =📝 | =🧵 👆 | =🧵 👀
        """,
        Kind.THANKS: """
            👍 | ❤ | 🥰 | 😍 | 👏 | 💜 | 💙 | 💚 | 🧡 | 💛 | 🖤 | 🤗 | 💯 | 🎉 | 🫶 | 🙌 | ♥
        """,
        Kind.POLITE: "🙏",
        Kind.NEGATION: "🙄 | 🙃 | 👎 | ❌ | 🚫 | 🖕 | 😒 | 😡 | 🤬 | ⛔ | 🛑 | 🤮 | 🤡 | ✖ | 😠",
        Kind.EXCLUDE: "=nobot | =nobots | =noindex | =noarchive",
        Kind.PUBLIC: "=public",
    },
)
