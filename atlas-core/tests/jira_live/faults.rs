//! Each fault of a Jira, and what is documented for it.

use std::time::Duration;

use atlas_core::Error;
use atlas_core::jira::{FIELDS, JiraClient, Jql};
use fake_jira::Fault;

use crate::bench::{client, client_with, leaks, sample, settings};

fn read(client: &JiraClient) -> Result<usize, Error> {
    let mut issues = 0;
    for page in client.search(&Jql::everything().by_change(), &FIELDS, 20)? {
        issues += page?.issues.len();
    }
    Ok(issues)
}

#[test]
fn odd_pages_are_read_to_the_end() {
    for fault in [
        Fault::EmptyPages,
        Fault::NoIsLast,
        Fault::NullToken,
        Fault::TokenOnLast,
        Fault::ShortPages,
    ] {
        let served = sample(|jira| jira.fault(fault));
        assert_eq!(read(&client(&served).0).unwrap(), 65, "{fault:?}");
    }
}

#[test]
fn pages_without_an_end_are_an_error() {
    for fault in [Fault::RepeatedToken, Fault::EndlessEmpty] {
        let served = sample(|jira| jira.fault(fault));
        let error = read(&client(&served).0).unwrap_err();
        assert_eq!(error.code(), "JIRA_BAD_ANSWER", "{fault:?}");
        assert!(served.jira().searches < 200);
    }
}

#[test]
fn limits_are_waited_for_as_long_as_jira_says() {
    for (fault, least, most) in [
        (Fault::RetrySeconds, 1.0, 2.0),
        (Fault::RetryDate, 1.0, 2.0),
        (Fault::ResetMinute, 30.0, 31.0),
        (Fault::Unavailable, 1.0, 2.0),
        (Fault::Html429, 0.0, 1.0),
        (Fault::BadGateway, 0.0, 1.0),
    ] {
        for cloud in [true, false] {
            let served = sample(|jira| {
                jira.cloud = cloud;
                jira.fault_times(fault, 1);
            });
            let (client, clock) = client(&served);
            assert_eq!(read(&client).unwrap(), 65, "{fault:?}");
            let waited = clock.waited().as_secs_f64();
            assert!((least..=most).contains(&waited), "{fault:?} {waited}");
            assert_eq!(clock.waits.lock().unwrap().len(), 1);
        }
    }
}

#[test]
fn waits_that_are_too_long_or_too_many_are_an_error() {
    let served = sample(|jira| jira.fault(Fault::RetryDays));
    let (patient, clock) = client(&served);
    let error = read(&patient).unwrap_err();
    assert_eq!(error.code(), "JIRA_RATE_LIMITED");
    assert_eq!(error.details()["retry_at"], "2026-03-28T15:58:30Z");
    assert!(error.to_string().contains("2026-03-28"), "{error}");
    assert_eq!(clock.waited(), Duration::ZERO);

    let served = sample(|jira| jira.fault(Fault::Html429));
    let (patient, clock) = client(&served);
    assert_eq!(read(&patient).unwrap_err().code(), "JIRA_RATE_LIMITED");
    assert_eq!(clock.waits.lock().unwrap().len(), 4);
    assert!(clock.waited() < Duration::from_secs(1 + 2 + 4 + 8));
}

#[test]
fn each_refusal_names_cause_and_remedy_and_no_credential() {
    for (fault, code, said) in [
        (Fault::Gone, "JIRA_GONE", "CHANGE-2046"),
        (Fault::Captcha, "JIRA_CAPTCHA", "browser"),
        (Fault::Forbidden, "JIRA_FORBIDDEN", "permission"),
        (Fault::Seraph, "JIRA_UNAUTHORIZED", "token"),
        (Fault::Redirect, "JIRA_BAD_ANSWER", "elsewhere.example.com"),
        (Fault::CutOff, "JIRA_UNREACHABLE", "time-out"),
        (Fault::Huge, "JIRA_UNREACHABLE", "longer than"),
        (Fault::NotJson, "JIRA_BAD_ANSWER", "login page"),
        (Fault::NoIssues, "JIRA_BAD_ANSWER", "without issues"),
        (Fault::Echo, "JIRA_REFUSED", "odd: "),
        (Fault::BadGateway, "JIRA_UNREACHABLE", "502"),
    ] {
        let served = sample(|jira| jira.fault(fault));
        let mut settings = settings(&served);
        settings.timeout = Duration::from_secs(2);
        settings.retry.attempts = 2;
        let (client, _) = client_with(settings);
        let error = read(&client).unwrap_err();
        assert_eq!(error.code(), code, "{fault:?}: {error}");
        assert!(error.to_string().contains(said), "{fault:?}: {error}");
        assert!(!leaks(&error), "{fault:?}: {error:?}");
        assert!(!format!("{client:?}").contains(fake_jira::TOKEN));
    }
}

#[test]
fn a_query_that_jira_refuses_comes_back_with_its_words() {
    let served = sample(|_| {});
    let (client, _) = client(&served);
    let jql = Jql::written("project in (IN)").unwrap();
    let error = client.count(&jql).unwrap_err();
    assert_eq!(error.code(), "JIRA_REFUSED");
    assert!(error.to_string().contains("reserved JQL word"), "{error}");
    // A query without a condition.
    let error = client.count(&Jql::default()).unwrap_err();
    assert!(error.to_string().contains("Unbounded"), "{error}");
}

#[test]
fn nobody_listens_and_nobody_answers() {
    let served = sample(|_| {});
    let (nobody, clock) = client(&served);
    drop(served);
    let error = read(&nobody).unwrap_err();
    assert_eq!(error.code(), "JIRA_UNREACHABLE");
    assert_eq!(clock.waits.lock().unwrap().len(), 4);

    let served = sample(|jira| jira.fault(Fault::Hang));
    let mut settings = settings(&served);
    settings.timeout = Duration::from_millis(100);
    settings.retry.attempts = 2;
    let error = read(&client_with(settings).0).unwrap_err();
    assert_eq!(error.code(), "JIRA_UNREACHABLE");
    assert!(error.to_string().contains("time-out"), "{error}");
}
