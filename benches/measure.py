"""What Python costs: `python benches/measure.py DATABASE`, with the wheel installed.

DATABASE is target/benches/predict.db, which `make bench` makes: 22,371 tickets, 5,059 patterns.
Compare with what `RAYON_NUM_THREADS=1 make bench` says of the same calls.
"""

import statistics
import sys
import time

began = time.perf_counter()
import atlas  # noqa: E402

print(f"import                        {1e3 * (time.perf_counter() - began):8.1f} ms")

TEXT = (
    "The export of the monthly report stops after the first thousand rows when the "
    "filter for closed cases is set and the list is sorted by the date of the last change. The file "
    "is written and can be opened, no message is shown, and the missing rows are the oldest ones. It "
    "happens in Firefox and in Chrome, for supervisors as well as for case workers."
)


def median(call, times):
    """Milliseconds, the median of so many calls."""
    taken = []
    for turn in range(times):
        start = time.perf_counter()
        call(turn)
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)


class Answers:
    """Names a scenario for every ticket, and notes when it had finished a batch."""

    name = "answers"
    finished = (0, 0.0)

    def predict_batch(self, queries):
        answers = [[("A scenario of its own", 0.4, "because")] for _ in queries]
        Answers.finished = (len(queries), time.perf_counter())
        return answers


class Follows:
    """Asked next: the time since is spent on reading the answers and on asking again."""

    name = "follows"
    between = []

    def predict_batch(self, queries):
        now = time.perf_counter()
        count, finished = Answers.finished
        self.between.append((count, now - finished))
        return [None for _ in queries]


def main(path):
    with atlas.open(path, cache=False, retrain_after=None, blend="weighted_sum") as db:
        keys = [ticket.key for ticket in db.tickets.list()][::23]
        for key in keys[:50]:
            db.predict(key)
        stored = median(lambda turn: db.predict(keys[turn * 7 % len(keys)]), 300)
        text = median(lambda _: db.predict(text="Export of the monthly report loses rows", description=TEXT), 60)
        print(f"predict a stored ticket       {stored:8.2f} ms")
        print(f"predict 60 words of new text  {text:8.2f} ms")
    plugins = [Answers(), Follows()]
    with atlas.open(path, cache=False, retrain_after=None, predictors=plugins) as db:
        while sum(count for count, _ in Follows.between) < 1_000:
            db.backtest(resamples=1)
    tickets = sum(count for count, _ in Follows.between)
    spent = sum(between for _, between in Follows.between)
    print(f"a predictor, in batches       {1e6 * spent / tickets:8.2f} µs a ticket, of {tickets}")


if __name__ == "__main__":
    main(sys.argv[1])
