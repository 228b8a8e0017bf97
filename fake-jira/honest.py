"""Reads a running fake Jira with the `jira` package of PyPI, so that the fake is honest.

    cargo run -p fake-jira -- examples/sample/tickets.jsonl --port 8123 [--data-center] &
    pip install jira==3.10.5 && python fake-jira/honest.py http://127.0.0.1:8123
"""

import sys

from jira import JIRA, JIRAError

USER, TOKEN = "tester@example.com", "planted-token-5f1c"


def main(url: str) -> None:
    jira = JIRA(server=url, basic_auth=(USER, TOKEN), get_server_info=True, max_retries=0)
    cloud = jira._is_cloud
    order = "updated >= 0 ORDER BY updated ASC, key ASC"
    if cloud:
        issues = jira.enhanced_search_issues(order, maxResults=0, fields="*all")
        count = jira.approximate_issue_count("updated >= 0")
    else:
        issues = jira.search_issues(order, maxResults=False, fields="*all")
        count = issues.total
    assert len(issues) == count > 0, (len(issues), count)
    assert len({issue.id for issue in issues}) == count
    changes = [issue.fields.updated for issue in issues]
    assert all(issue.fields.summary and issue.fields.status.name for issue in issues)
    # The package asks in version 2, where a description is markup, of Cloud too.
    texts = [issue.fields.description for issue in issues]
    assert all(text is None or isinstance(text, str) for text in texts)
    assert any(texts)
    first = jira.issue(issues[0].key)
    assert first.id == issues[0].id and first.fields.updated == changes[0]
    assert jira.myself()["displayName"] == "Test Er"
    for wrong in ["project in (IN)", 'project = "open', "updated >= soon"]:
        try:
            search = jira.enhanced_search_issues if cloud else jira.search_issues
            search(wrong)
        except JIRAError as error:
            assert error.status_code == 400, error.status_code
        else:
            raise AssertionError(f"{wrong} was taken")
    try:
        JIRA(server=url, basic_auth=(USER, "wrong"), max_retries=0).myself()
    except JIRAError as error:
        assert error.status_code == 401, error.status_code
    else:
        raise AssertionError("a wrong token was taken")
    print(f"{'Cloud' if cloud else 'Data Center'}: {count} issues, no complaint")


if __name__ == "__main__":
    main(sys.argv[1])
