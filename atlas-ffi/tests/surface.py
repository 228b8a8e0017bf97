"""The surface of the bindings, through Python: the fast test of what Swift and Kotlin get.

`atlas-ffi/check` runs it with the generated module in PYTHONPATH.
"""

import datetime
import inspect
import pathlib
import tempfile
import threading
import unittest

import atlas

SAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "sample"


class House(atlas.Predictor):
    """Names one scenario for every ticket, or fails."""

    def __init__(self, name="house-rules", failure=None):
        self.title, self.failure, self.threads = name, failure, set()

    def name(self):
        return self.title

    def predict(self, queries):
        self.threads.add(threading.get_ident())
        if self.failure:
            raise self.failure
        own = atlas.ScenarioRef.OWN(atlas.OwnScenario(name="Smoke test", steps=[], minutes=5, steps_origin=atlas.StepsOrigin.PLUGIN))
        candidate = atlas.Candidate(scenario=own, confidence=0.9, signals=[], reasons=[])
        return [atlas.Suggestions(scenarios=[candidate], edge_cases=[]) for _ in queries]


class Listener(atlas.ProgressListener):
    def __init__(self, answer):
        self.answer, self.stages = answer, set()

    def on_progress(self, progress):
        self.stages.add(progress.stage)
        return self.answer()


def opened(*predictors):
    builder = atlas.AtlasBuilder()
    for predictor in predictors:
        builder = builder.predictor(predictor)
    db = builder.open_in_memory()
    db.tickets().import_file(str(SAMPLE / "tickets.jsonl"))
    return db


class Surface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.db = opened()
        cls.key = cls.db.tickets().list()[-1].key

    def test_every_call_and_record_is_documented(self):
        undocumented = []
        for name, thing in vars(atlas).items():
            if name.startswith(("_", "Uniffi")) or getattr(thing, "__module__", None) != "atlas":
                continue
            if name in ("InternalError", "ForeignBytes", "RustBuffer") or name.endswith("Protocol"):
                continue
            if inspect.isclass(thing):
                public = inspect.getmembers(thing, inspect.isfunction)
                methods = [m for m, f in public if not m.startswith("_") and f.__qualname__.startswith(name + ".")]
                if name in ("Atlas", "AtlasBuilder", "Jira", "FlowNexus", "Cancellation"):
                    undocumented += [f"{name}.{m}" for m in methods if not inspect.getdoc(getattr(thing, m))]
                if not thing.__doc__:
                    undocumented.append(name)
        self.assertEqual(undocumented, [])
        for name in ("Prediction", "SessionResult", "BacktestReport", "EventKind", "AtlasError"):
            self.assertTrue(hasattr(atlas, name), name)

    def test_no_documentation_shows_rust(self):
        source = pathlib.Path(atlas.__file__).read_text(encoding="utf-8")
        for rust in ("```", "[`", "atlas_core::"):
            self.assertNotIn(rust, source)

    def test_what_can_be_left_out_is_what_the_core_takes(self):
        self.db.learning().import_history(str(SAMPLE / "history.csv"))
        self.assertEqual(self.db.backtest().options, atlas.BacktestOptions())
        self.assertEqual(self.db.similar(self.key), self.db.similar(self.key, atlas.SimilarOptions()))
        self.assertEqual(self.db.patterns().detect(), self.db.patterns().detect(atlas.DetectOptions()))
        self.assertEqual(self.db.patterns().duplicates(), self.db.patterns().duplicates(atlas.NearDuplicates()))
        self.assertEqual(self.db.predict(self.key), self.db.predict(self.key, 5))

    def test_a_ticket_comes_back_as_it_went_in(self):
        created = datetime.datetime(2025, 2, 13, 10, 0, tzinfo=datetime.timezone.utc)
        ticket = atlas.Ticket(key="WRKA-9001", summary="Ümlauts 🦊", created=created, labels=["csv"])
        with tempfile.TemporaryDirectory() as folder:
            db = atlas.Atlas.open(f"{folder}/work.db")
            self.assertEqual(db.tickets().add([ticket]).new, 1)
            self.assertEqual(db.tickets().get("WRKA-9001"), ticket)
            self.assertIsInstance(db.profile().now().day, datetime.date)
            db.close()
            db.close()
            with self.assertRaises(atlas.AtlasError.Conflict) as closed:
                db.database().counts()
            self.assertEqual(closed.exception.code, "CLOSED")

    def test_a_session_is_played(self):
        prediction = self.db.predict(self.key, 2)
        session = self.db.sessions().start(self.key, atlas.SessionPlan.PREDICTION(prediction.id))
        self.db.sessions().step_done(session.id, 1)
        self.assertGreater(self.db.sessions().end(session.id, atlas.Outcome.PASSED).xp_earned, 0)
        self.assertIsInstance(self.db.sessions().events(session.id)[0].kind, atlas.EventKind.SESSION_STARTED)

    def test_errors_have_code_and_details(self):
        with self.assertRaises(atlas.AtlasError.NotFound) as absent:
            self.db.tickets().get("WRKA-99999")
        self.assertEqual(absent.exception.code, "TICKET_NOT_FOUND")
        self.assertEqual(absent.exception.details, {"ticket_key": "WRKA-99999"})
        for wrong in (lambda: self.db.predict(self.key, -1), lambda: self.db.tickets().get("no key")):
            with self.assertRaises(atlas.AtlasError.Invalid):
                wrong()

    def test_a_plugin_may_fail(self):
        good, bad = House(), House("bad", ValueError("out of tea"))
        prediction = opened(good, bad).predict(self.key, 20)
        self.assertIn("Smoke test", [scenario.name for scenario in prediction.scenarios])
        self.assertIn(("bad", True), [(d.predictor, "out of tea" in d.reason) for d in prediction.degraded])
        self.assertEqual(good.threads, {threading.get_ident()})

    def test_long_calls_tell_and_stop(self):
        db = atlas.Atlas.open_in_memory()
        path = str(SAMPLE / "tickets.jsonl")
        with self.assertRaises(atlas.AtlasError.Cancelled):
            db.tickets().import_file(path, Listener(lambda: db.database().counts().tickets == 0))
        with self.assertRaises(atlas.AtlasError.Plugin) as broken:
            db.database().encode(Listener(lambda: 1 / 0))
        self.assertEqual(broken.exception.code, "CALLBACK_FAILED")
        stop = atlas.Cancellation()
        stop.cancel()
        with self.assertRaises(atlas.AtlasError.Cancelled):
            db.database().encode(None, stop)
        listener = Listener(lambda: True)
        self.assertGreater(db.database().encode(listener), 0)
        self.assertIn(atlas.Stage.ENCODING, listener.stages)

    def test_an_answer_of_another_type_costs_the_vote(self):
        class Odd(House):
            def predict(self, queries):
                return "no list of suggestions"

        prediction = opened(Odd("odd")).predict(self.key)
        self.assertIn("odd", [degraded.predictor for degraded in prediction.degraded])

    def test_test_cases_of_other_tools_in_and_out(self):
        with tempfile.TemporaryDirectory() as folder:
            cases = pathlib.Path(folder) / "cases.csv"
            cases.write_text("ID,Title,Section,Steps (Step)\nC7,Log in,Login,Open the page\n")
            dry = self.db.patterns().import_file_with(str(cases), atlas.TestImport(dry_run=True))
            self.assertEqual((dry.format, dry.created), (atlas.TestFormat.TESTRAIL_CSV, 1))
            feature = pathlib.Path(folder) / "out.feature"
            options = atlas.TestExport(format=atlas.TestFormat.GHERKIN)
            report = self.db.patterns().export(atlas.PatternFilter(), str(feature), options)
            self.assertGreater(report.created, 100)
            self.assertIn("Scenario: ", feature.read_text())


if __name__ == "__main__":
    unittest.main()
