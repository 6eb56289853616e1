"""`python -m bot.cli`: the same as `fedigest`, where no console script is installed."""

from bot.cli import main

main()
