"""States as data: which state may follow which. Anything else is refused."""

from collections.abc import Mapping

from storage.errors import TransitionRefused

Transitions = Mapping[str, frozenset[str]]

# A refused post may be read once its author allows it; one that is gone does not come back.
FINDING: Transitions = {
    "new": frozenset({"read", "refused", "gone"}),
    "read": frozenset({"read", "refused", "gone"}),
    "refused": frozenset({"read", "refused", "gone"}),
    "gone": frozenset({"gone"}),
}
# A peer may answer twice, and may change its mind.
FOLLOWING: Transitions = {
    "asked": frozenset({"accepted", "rejected"}),
    "accepted": frozenset({"accepted", "rejected"}),
    "rejected": frozenset({"accepted", "rejected", "asked"}),
}
DELIVERY: Transitions = {
    "waiting": frozenset({"claimed"}),
    "claimed": frozenset({"waiting", "delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
}
# An answer is edited when its thread grows, and refused when someone takes consent back.
ANSWER: Transitions = {
    "asked": frozenset({"answered", "refused"}),
    "answered": frozenset({"answered", "refused"}),
    "refused": frozenset({"refused"}),
}
JOB: Transitions = {
    "ready": frozenset({"claimed"}),
    "claimed": frozenset({"ready", "done", "failed"}),
    "done": frozenset(),
    "failed": frozenset(),
}


def before(transitions: Transitions, state: str) -> list[str]:
    """Return the states from which `state` may be reached."""
    return sorted(start for start, ends in transitions.items() if state in ends)


def refuse(what: str, current: str | None, state: str) -> TransitionRefused:
    """Build the error for a change that was not declared; `current` is None for no such row."""
    if current is None:
        return TransitionRefused(f"there is no {what} that could become {state}")
    return TransitionRefused(f"a {what} that is {current} cannot become {state}")
