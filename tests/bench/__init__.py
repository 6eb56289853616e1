import bot  # noqa: F401  before NumPy, as in the service: it bounds the threads of that
