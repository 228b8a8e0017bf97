//! Predictions, stored and read back.

use atlas_core::domain::{
    Criticality, EdgeCase, MinutesOrigin, Part, Prediction, Reason, ReasonKind, Scenario, Source,
    Step, StepsOrigin, TestPattern,
};
use jiff::SignedDuration;

use super::{fresh, key, put, ticket, time};

pub(super) fn prediction(confidence: f32, pattern_id: Option<i64>) -> Prediction {
    let scenario = Scenario {
        name: "Save a form".to_owned(),
        confidence,
        calibrated: false,
        source: Source::Plugin("acme".to_owned()),
        parts: vec![Part::new("neural", confidence / 3.0)],
        reasons: vec![Reason {
            score: Some(0.1),
            ..Reason::new(ReasonKind::Meaning, "alike")
        }],
        steps: vec![Step::new("Open", "It opens")],
        steps_origin: StepsOrigin::Pattern,
        minutes: 45,
        minutes_low: 15,
        minutes_high: 135,
        minutes_origin: MinutesOrigin::Default,
        pattern_id,
        pattern_key: None,
        pattern_type: Some("Form".to_owned()),
        component: None,
        prediction_id: None,
    };
    Prediction {
        id: None,
        ticket_key: Some(key("WRKA-1")),
        scenarios: vec![
            scenario.clone(),
            Scenario {
                pattern_id: None,
                ..scenario
            },
        ],
        edge_cases: vec![EdgeCase {
            description: "Empty form".to_owned(),
            criticality: Criticality::High,
            component: None,
            rule: "empty".to_owned(),
            reason: None,
        }],
        total_minutes: 90,
        degraded: Vec::new(),
        blend: Default::default(),
        stale: Vec::new(),
    }
}

#[test]
fn the_same_answer_is_one_run() {
    fresh(|db| {
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        let (pattern_id, _) = db.patterns().upsert(&TestPattern::new("Save", "Form"))?;
        let runs = db.predictions();
        let (early, late) = (time("2024-05-01T09:00:00Z"), time("2024-05-01T10:00:00Z"));
        let given = prediction(88.8, Some(pattern_id));
        let first = runs.save_run(ticket_id, "f1", &given, early)?;
        assert!(first.id.is_some());
        assert!(first.scenarios.iter().all(|s| s.prediction_id.is_some()));
        assert_eq!(runs.latest(ticket_id)?, Some(first.clone()));
        let age = SignedDuration::from_mins(59);
        assert_eq!(runs.cached(ticket_id, "f1", late, age)?, None, "too old");
        assert_eq!(runs.save_run(ticket_id, "f1", &first, late)?, first);
        assert_eq!(
            runs.cached(ticket_id, "f1", late, age)?,
            Some(first.clone())
        );
        assert_eq!(runs.cached(ticket_id, "f2", late, age)?, None);
        let second = runs.save_run(ticket_id, "f1", &prediction(88.9, Some(99)), late)?;
        assert_ne!(second.id, first.id);
        assert_ne!(
            second.scenarios[0].prediction_id,
            first.scenarios[0].prediction_id
        );
        assert_eq!(runs.latest(ticket_id)?, Some(second));
        Ok(())
    });
}

#[test]
fn confidences_are_read_back_to_the_last_bit() {
    fresh(|db| {
        let (ticket_id, _) = put(db, &ticket("WRKA-1"));
        let now = time("2024-05-01T09:00:00Z");
        let mut bits: u32 = 1;
        for _ in 0..500 {
            bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let confidence = f32::from_bits(bits);
            if confidence.is_finite() {
                let given = prediction(confidence, None);
                let saved = db.predictions().save_run(ticket_id, "f", &given, now)?;
                assert_eq!(
                    db.predictions().latest(ticket_id)?,
                    Some(saved),
                    "{confidence:e}"
                );
            }
        }
        Ok(())
    });
}
