-- What the tester says of edge cases.

CREATE TABLE atlas_edge_case_answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    rule TEXT NOT NULL,                      -- the rule's id, as the edge case names it
    answer TEXT NOT NULL CHECK (answer IN ('kept', 'dismissed', 'dismissed_for_component')),
    components TEXT,                         -- the ticket's at that time, as JSON
    given_at TIMESTAMP NOT NULL
);
CREATE INDEX atlas_edge_case_answers_ticket ON atlas_edge_case_answers(ticket_id);
