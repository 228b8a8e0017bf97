//! Predictions, and what the tester says of them.

use atlas_core::domain::{
    Answer, ChosenScenario, EdgeCaseAnswer, Feedback, FeedbackPart, FeedbackTarget, Missed,
    PatternRef,
};
use pyo3::prelude::*;

use super::areas::{Predictions, Tickets};
use super::{Asked, Atlas, Given};
use crate::errors;
use crate::from_python::steps;
use crate::to_python::flat_to_python;

#[pymethods]
impl Atlas {
    /// What to test: the `top_k` most confident scenarios, 1 to 100, with edge cases.
    ///
    /// Either for a stored ticket, by its key, or for a text that is none, with `text` and what else
    /// is known of it. The prediction for a stored ticket is stored.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> p = db.predict(text="CSV export drops umlauts", components=["Reports"], top_k=2)
    /// >>> [type(s.name) for s in p.scenarios], p.total_minutes > 0
    /// ([<class 'str'>, <class 'str'>], True)
    #[pyo3(signature = (key=None, *, text=None, description=None, ticket_type=None, priority=None, components=None, labels=None, top_k=5))]
    #[allow(clippy::too_many_arguments)]
    fn predict<'py>(
        &self,
        py: Python<'py>,
        key: Option<String>,
        text: Option<String>,
        description: Option<String>,
        ticket_type: Option<String>,
        priority: Option<String>,
        components: Option<Bound<'py, PyAny>>,
        labels: Option<Bound<'py, PyAny>>,
        top_k: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given {
            text,
            description,
            ticket_type,
            priority,
            components,
            labels,
        };
        let asked = Asked::new(py, key, given)?;
        self.ask(py, |core| match &asked {
            Asked::Key(key) => core.predict(key, top_k),
            Asked::Draft(draft) => core.predict(draft, top_k),
        })
    }

    /// Says what became of a scenario, or with None of every scenario of a prediction.
    ///
    /// `answer` is "accepted", "rejected" or "modified"; modified takes the tester's own `steps`.
    /// `rating` is 1 to 5, `minutes` what it really took. A second call with the same `host_id`
    /// changes nothing. A second answer to a scenario replaces the first; what it does not mention
    /// stays, unless `clear` names it ("rating", "comments", "actual_minutes").
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> _ = db.tickets.add([atlas.Ticket("WRKA-7", "Export is empty")])
    /// >>> p = db.predict("WRKA-7")
    /// >>> receipt = db.feedback(p, p.scenarios[0], "accepted", minutes=20)
    /// >>> db.undo(receipt.feedback_id).items[0].answer
    /// 'accepted'
    #[pyo3(signature = (prediction, scenario, answer, *, steps=None, rating=None, comments=None, minutes=None, host_id=None, clear=None))]
    #[allow(clippy::too_many_arguments)]
    fn feedback<'py>(
        &self,
        py: Python<'py>,
        prediction: Bound<'py, PyAny>,
        scenario: Option<Bound<'py, PyAny>>,
        answer: &str,
        steps: Option<Bound<'py, PyAny>>,
        rating: Option<u8>,
        comments: Option<String>,
        minutes: Option<u32>,
        host_id: Option<String>,
        clear: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let target = match &scenario {
            Some(scenario) => FeedbackTarget::Scenario(row_id(scenario, "prediction_id")?),
            None => FeedbackTarget::Prediction(row_id(&prediction, "id")?),
        };
        let feedback = Feedback {
            rating,
            comments,
            actual_minutes: minutes,
            host_id,
            clear: parts(clear.as_ref())?,
            ..Feedback::new(answer_of(py, answer, steps)?)
        };
        self.ask(py, |core| core.feedback(target, &feedback))
    }

    /// Says that a scenario was needed for a ticket and was not predicted: a stored pattern, by row
    /// id, key or name, or with `steps` one of the tester's own, which becomes a pattern.
    #[pyo3(signature = (key, scenario, steps=None, *, pattern_type=None, component=None, minutes=None, host_id=None))]
    #[allow(clippy::too_many_arguments)]
    fn missed<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        scenario: Bound<'py, PyAny>,
        steps: Option<Bound<'py, PyAny>>,
        pattern_type: Option<String>,
        component: Option<String>,
        minutes: Option<u32>,
        host_id: Option<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let missed = match steps {
            Some(steps) => Missed::New {
                name: scenario.extract()?,
                steps: self::steps(&steps)?,
                pattern_type,
                component,
            },
            None => Missed::Pattern(match scenario.extract::<i64>() {
                Ok(id) => PatternRef::Id(id),
                Err(_) => PatternRef::Key(scenario.extract()?),
            }),
        };
        self.ask(py, |core| {
            core.missed(key, &missed, minutes, host_id.as_deref())
        })
    }

    /// Takes feedback back, whenever it was given, as if it had never been.
    fn undo<'py>(&self, py: Python<'py>, feedback_id: i64) -> PyResult<Bound<'py, PyAny>> {
        let undone = self.call(py, |core| core.undo(feedback_id))?;
        flat_to_python(py, "Undone", &undone)
    }

    /// Acceptance criteria and usual types of scenario with nothing chosen.
    ///
    /// `chosen` are `Scenario`s, row ids of patterns, or names; with none the accepted ones of the
    /// newest prediction, else all of it.
    #[pyo3(signature = (key=None, chosen=None, *, text=None, description=None, ticket_type=None, priority=None, components=None, labels=None))]
    #[allow(clippy::too_many_arguments)]
    fn gaps<'py>(
        &self,
        py: Python<'py>,
        key: Option<String>,
        chosen: Option<Bound<'py, PyAny>>,
        text: Option<String>,
        description: Option<String>,
        ticket_type: Option<String>,
        priority: Option<String>,
        components: Option<Bound<'py, PyAny>>,
        labels: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given {
            text,
            description,
            ticket_type,
            priority,
            components,
            labels,
        };
        let asked = Asked::new(py, key, given)?;
        let chosen = match chosen {
            Some(chosen) => chosen
                .try_iter()?
                .map(|item| chosen_scenario(&item?))
                .collect::<PyResult<Vec<_>>>()?,
            None => Vec::new(),
        };
        self.ask(py, |core| match &asked {
            Asked::Key(key) => core.gaps(key, &chosen),
            Asked::Draft(draft) => core.gaps(draft, &chosen),
        })
    }
}

#[pymethods]
impl Predictions {
    /// The ticket's newest stored prediction, or None; its `stale` says what of the ticket has
    /// changed since.
    fn latest<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().latest(key))
    }

    /// The newest stored prediction of every ticket that has one, in the tickets' order.
    fn latest_of_all<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().latest_of_all())
    }

    /// Stores what you say of an edge case of a stored ticket: "kept", "dismissed" or
    /// "dismissed_for_component". What is dismissed is not shown any more; all answers teach the rank.
    ///
    /// >>> import atlas
    /// >>> db = atlas.open()
    /// >>> _ = db.tickets.add([atlas.Ticket("WRKA-7", "Upload of an attachment fails")])
    /// >>> first = db.predict("WRKA-7").edge_cases[0]
    /// >>> receipt = db.predictions.answer_edge_case("WRKA-7", first, "dismissed")
    /// >>> first in db.predict("WRKA-7").edge_cases
    /// False
    /// >>> _ = db.predictions.undo_edge_case(receipt)
    fn answer_edge_case<'py>(
        &self,
        py: Python<'py>,
        key: &str,
        edge_case: Bound<'py, PyAny>,
        answer: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let rule: String = match edge_case.extract() {
            Ok(rule) => rule,
            Err(_) => edge_case.getattr("rule")?.extract()?,
        };
        let expected = "kept, dismissed or dismissed_for_component";
        let parsed = EdgeCaseAnswer::parse(answer);
        let answer = parsed.ok_or_else(|| errors::invalid(py, "answer", answer, expected))?;
        self.ask(py, |core| {
            core.predictions().answer_edge_case(key, &rule, answer)
        })
    }

    /// Takes an answer to an edge case back; the one before it counts again.
    fn undo_edge_case<'py>(
        &self,
        py: Python<'py>,
        id: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let id = row_id(&id, "id")?;
        self.ask(py, |core| core.predictions().undo_edge_case(id))
    }

    /// The newest answers to edge cases, newest first.
    #[pyo3(signature = (limit=20))]
    fn edge_case_answers<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().edge_case_answers(limit))
    }

    /// A scenario as it was predicted, by the number that it has in its prediction (`prediction_id`).
    fn scenario<'py>(&self, py: Python<'py>, prediction_id: i64) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().scenario(prediction_id))
    }

    /// The answers to a ticket's scenarios that were not taken back, newest first.
    fn feedback_of<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().feedback_of(key))
    }

    /// The newest feedback that was not taken back, newest first.
    #[pyo3(signature = (limit=20))]
    fn recent_feedback<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().recent_feedback(limit))
    }

    /// The `n` undecided scenarios, 1 to 100, whose answers would teach the most.
    #[pyo3(signature = (n=5))]
    fn questions<'py>(&self, py: Python<'py>, n: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().questions(n))
    }

    /// The same questions, to be put to the tester now: answers to them count as answered questions.
    #[pyo3(signature = (n=5))]
    fn ask_questions<'py>(&self, py: Python<'py>, n: usize) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.predictions().ask_questions(n))
    }
}

#[pymethods]
impl Tickets {
    /// Removes a ticket from everything that was learned; the ticket itself stays. This cannot be
    /// undone.
    fn forget<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, |core| core.tickets().forget(key))
    }
}

/// The id of a stored prediction or scenario, or the number itself.
fn row_id(object: &Bound<'_, PyAny>, attribute: &'static str) -> PyResult<i64> {
    if let Ok(id) = object.extract::<i64>() {
        return Ok(id);
    }
    object
        .getattr(attribute)?
        .extract::<Option<i64>>()?
        .ok_or_else(|| {
            let expected = "the prediction of a stored ticket: one of a text is not stored";
            errors::invalid(object.py(), attribute, "None", expected)
        })
}

fn answer_of(py: Python<'_>, answer: &str, given: Option<Bound<'_, PyAny>>) -> PyResult<Answer> {
    match (answer, given) {
        ("accepted", None) => Ok(Answer::Accepted),
        ("rejected", None) => Ok(Answer::Rejected),
        ("modified", Some(given)) => Ok(Answer::Modified {
            steps: steps(&given)?,
        }),
        ("modified", None) => Err(errors::invalid(
            py,
            "steps",
            "None",
            "the tester's own steps",
        )),
        ("accepted" | "rejected", Some(_)) => {
            let expected = "modified, where there are steps of the tester's own";
            Err(errors::invalid(py, "answer", answer, expected))
        }
        _ => {
            let expected = "accepted, rejected or modified";
            Err(errors::invalid(py, "answer", answer, expected))
        }
    }
}

fn chosen_scenario(object: &Bound<'_, PyAny>) -> PyResult<ChosenScenario> {
    if let Ok(name) = object.extract::<String>() {
        return Ok(ChosenScenario::Name(name));
    }
    if let Ok(id) = object.extract::<i64>() {
        return Ok(ChosenScenario::Pattern(id));
    }
    match object.getattr("prediction_id")?.extract::<Option<i64>>()? {
        Some(id) => Ok(ChosenScenario::Prediction(id)),
        None => Ok(ChosenScenario::Name(object.getattr("name")?.extract()?)),
    }
}

/// The parts of an earlier answer that are to be cleared.
fn parts(given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<FeedbackPart>> {
    let part = |word: &String| match word.as_str() {
        "rating" => Some(FeedbackPart::Rating),
        "comments" => Some(FeedbackPart::Comments),
        "actual_minutes" | "minutes" => Some(FeedbackPart::ActualMinutes),
        _ => None,
    };
    let Some(object) = given else {
        return Ok(Vec::new());
    };
    let all: Option<Vec<FeedbackPart>> = crate::from_python::words(given, "clear")?
        .iter()
        .map(part)
        .collect();
    all.ok_or_else(|| {
        errors::invalid(
            object.py(),
            "clear",
            object,
            "rating, comments or actual_minutes",
        )
    })
}
