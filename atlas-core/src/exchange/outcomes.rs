//! Words by which tools say what came of a test, and tests that consist of parts.

use crate::domain::TestOutcome;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutcomeWord {
    /// It ran and passed.
    Passed,
    /// It passed in the end, after an attempt that failed.
    Flaky,
    /// It ran; what came of it is told elsewhere.
    Ran,
    /// It ran and failed.
    Failed,
    /// It ran and could not be finished.
    Blocked,
    /// It did not run.
    NotRun,
}

impl OutcomeWord {
    /// The meaning of a word in any case of letters, with or without marks between its parts; none
    /// for a word that is not known.
    pub fn of(text: &str) -> Option<OutcomeWord> {
        Self::of_folded(&folded(text)).or_else(|| {
            // `skipped: no printer`; what goes on after a pass may take it back.
            let first = text.split([':', '(', ',', ';', '-']).next()?;
            let word = Self::of_folded(&folded(first))?;
            matches!(
                word,
                OutcomeWord::Failed | OutcomeWord::Blocked | OutcomeWord::NotRun
            )
            .then_some(word)
        })
    }

    fn of_folded(word: &str) -> Option<OutcomeWord> {
        Some(match word {
            "pass" | "passed" | "passing" | "success" | "successful" | "succeeded" | "succeed"
            | "ok" | "p" | "true" | "expected" | "fixed" | "green" | "xpass" | "xpassed" => {
                OutcomeWord::Passed
            }
            "unstable" | "flaky" | "flake" | "flaked" => OutcomeWord::Flaky,
            "run" | "ran" | "executed" | "complete" | "completed" | "finished" | "done"
            | "ended" => OutcomeWord::Ran,
            "fail" | "failed" | "failing" | "failure" | "f" | "false" | "error" | "errored"
            | "errors" | "e" | "broken" | "crash" | "crashed" | "panic" | "panicked"
            | "timeout" | "timedout" | "unexpected" | "unsuccessful" | "notok" | "notpassed"
            | "hookerror" | "cleanuperror" | "errorsetup" | "ko" | "nok" | "regression" | "red"
            | "ambiguous" | "leaked" | "killed" => OutcomeWord::Failed,
            "blocked" | "block" | "b" | "abort" | "aborted" | "interrupted" | "inconclusive"
            | "incomplete" | "cancel" | "canceled" | "cancelled" | "terminated" | "stopped" => {
                OutcomeWord::Blocked
            }
            "skip" | "skipped" | "s" | "ignore" | "ignored" | "disabled" | "disable" | "notrun"
            | "notran" | "didnotrun" | "notexecuted" | "notstarted" | "notrunnable"
            | "notimplemented" | "notavailable" | "notapplicable" | "na" | "norun" | "unrun"
            | "unexecuted" | "untested" | "pending" | "todo" | "suppressed" | "excluded"
            | "deselected" | "bypassed" | "filtered" | "filteredout" | "undefined" | "explicit"
            | "manual" | "queued" | "planned" | "scheduled" | "executing" | "running"
            | "inprogress" | "wip" | "open" | "new" | "none" | "xfail" | "xfailed" | "retest" => {
                OutcomeWord::NotRun
            }
            _ => return Self::of_other_languages(word),
        })
    }

    /// The plainest words of German, French, Spanish, Portuguese, Italian and Dutch.
    fn of_other_languages(word: &str) -> Option<OutcomeWord> {
        Some(match word {
            "bestanden" | "erfolgreich" | "réussi" | "réussie" | "succès" | "aprobado"
            | "aprobada" | "exitoso" | "superado" | "superada" | "aprovado" | "aprovada"
            | "sucesso" | "superato" | "riuscito" | "geslaagd" => OutcomeWord::Passed,
            "nichtbestanden" | "fehlgeschlagen" | "gescheitert" | "fehler" | "fehlerhaft"
            | "échoué" | "échouée" | "échec" | "erreur" | "fallido" | "fallida" | "falló"
            | "reprovado" | "reprovada" | "falhou" | "falha" | "fallito" | "errore" | "mislukt"
            | "gefaald" => OutcomeWord::Failed,
            "blockiert" | "abgebrochen" | "bloqué" | "bloquée" | "bloqueado" | "bloqueada"
            | "bloccato" | "geblokkeerd" => OutcomeWord::Blocked,
            "übersprungen" | "nichtausgeführt" | "nichtgetestet" | "ignoré" | "ignorée"
            | "nonexécuté" | "omitido" | "omitida" | "noejecutado" | "ignorado" | "ignorada"
            | "nãoexecutado" | "ignorato" | "saltato" | "noneseguito" | "overgeslagen"
            | "nietuitgevoerd" => OutcomeWord::NotRun,
            _ => return None,
        })
    }
}

/// Whether a text says no.
pub(crate) fn is_no(text: &str) -> bool {
    matches!(
        folded(text).as_str(),
        "false" | "no" | "n" | "0" | "off" | "never"
    )
}

/// A name in small letters, without the marks between its words.
pub(crate) fn folded(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// What comes of a test by its parts; a word that is not known is given back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OutcomeParts {
    passed: u64,
    failed: u64,
    blocked: u64,
    not_run: u64,
    unknown: Option<String>,
}

impl OutcomeParts {
    /// Takes in the status of a part.
    pub fn see(&mut self, status: &str) {
        match OutcomeWord::of(status) {
            Some(OutcomeWord::Passed) => self.passed += 1,
            Some(OutcomeWord::Failed) => self.failed += 1,
            Some(OutcomeWord::Blocked) => self.blocked += 1,
            Some(OutcomeWord::NotRun) => self.not_run += 1,
            // That a part ended, or passed and failed, is not yet a pass.
            Some(OutcomeWord::Ran | OutcomeWord::Flaky) | None if !status.trim().is_empty() => {
                self.unknown.get_or_insert_with(|| status.to_owned());
            }
            _ => self.not_run += 1,
        }
    }

    /// Takes in a part that has parts of its own.
    pub fn see_outcome(&mut self, outcome: Result<TestOutcome, String>) {
        match outcome {
            Ok(TestOutcome::Passed) => self.passed += 1,
            Ok(TestOutcome::Failed) => self.failed += 1,
            Ok(TestOutcome::Blocked) => self.blocked += 1,
            Ok(TestOutcome::Skipped) => self.not_run += 1,
            Err(word) => {
                self.unknown.get_or_insert(word);
            }
        }
    }

    /// Failed where a part did, passed where all did; what ran in part could not be finished.
    ///
    /// # Errors
    /// The word that is not known, where it decides.
    pub fn outcome(self) -> Result<TestOutcome, String> {
        if self.failed > 0 {
            return Ok(TestOutcome::Failed);
        }
        if let Some(word) = self.unknown {
            return Err(word);
        }
        Ok(match (self.blocked, self.passed, self.not_run) {
            (1.., _, _) | (_, 1.., 1..) => TestOutcome::Blocked,
            (_, 1.., 0) => TestOutcome::Passed,
            _ => TestOutcome::Skipped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_form() {
        for (text, word) in [
            ("PASS", Some(OutcomeWord::Passed)),
            ("Not Run", Some(OutcomeWord::NotRun)),
            ("not_executed", Some(OutcomeWord::NotRun)),
            ("Skipped: no printer", Some(OutcomeWord::NotRun)),
            ("timed-out", Some(OutcomeWord::Failed)),
            ("passed (with warnings)", None),
            ("PASS_WITH_WARNINGS", None),
            ("run", Some(OutcomeWord::Ran)),
        ] {
            assert_eq!(OutcomeWord::of(text), word, "{text}");
        }
    }

    #[test]
    fn parts_make_a_whole() {
        let of = |words: &[&str]| {
            let mut parts = OutcomeParts::default();
            words.iter().for_each(|word| parts.see(word));
            parts.outcome()
        };
        assert_eq!(of(&["PASS", "passed"]), Ok(TestOutcome::Passed));
        assert_eq!(of(&["PASS", "FAIL", "odd"]), Ok(TestOutcome::Failed));
        assert_eq!(of(&["PASS", "odd"]), Err("odd".into()));
        assert_eq!(of(&["PASS", "TODO"]), Ok(TestOutcome::Blocked));
        assert_eq!(of(&["TODO", ""]), Ok(TestOutcome::Skipped));
        assert_eq!(of(&[]), Ok(TestOutcome::Skipped));
    }
}
