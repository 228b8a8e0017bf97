"""ATLAS, asked through its Python module. `python atlas_module.py`, with the wheel installed."""

import time

began = time.perf_counter()
import atlas  # noqa: E402

imported = time.perf_counter()

import workload  # noqa: E402


def main():
    path = workload.FOLDER / "predict.db"
    with atlas.open(path, cache=False, retrain_after=None, blend="weighted_sum") as db:
        keys = workload.every_nth(ticket.key for ticket in db.tickets.list())
        db.predict(keys[0])
        ready = time.perf_counter()
        stored = workload.milliseconds(db.predict, keys)
        new = workload.milliseconds(
            lambda text: db.predict(text=workload.SUMMARY, description=text), workload.new_texts()
        )
    workload.report(
        import_ms=1e3 * (imported - began), first_answer_s=ready - began, stored_ms=stored, new_ms=new
    )


if __name__ == "__main__":
    main()
