"""What all repositories share."""

from storage.transaction import Transaction


class Repository:
    """One aggregate's rows, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
