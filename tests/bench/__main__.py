"""`python -m tests.bench`: every benchmark, one table each."""

from tests.bench import summaries

if __name__ == "__main__":
    summaries.main()
