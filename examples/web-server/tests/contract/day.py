"""A tester's day over the API: every answer must be as the OpenAPI document says."""

import json
import sys

import requests
import schemathesis

base = sys.argv[1]
schema = schemathesis.openapi.from_url(f"{base}/api/openapi.json")
web = requests.Session()
asked = set()


def ask(method, path, status=200, files=None, query=None, headers=None, body=None, **names):
    """Asks, checks the answer against the document, and gives what is in its envelope."""
    operation = schema[path][method]
    asked.add((method, path))
    url = base + path.format(**{name: requests.utils.quote(str(value), safe="") for name, value in names.items()})
    answer = web.request(method, url, json=body, files=files, params=query, headers=headers, timeout=60)
    assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
    operation.validate_response(answer)
    kind = answer.headers.get("content-type", "")
    return answer.json().get("data") if kind == "application/json" else answer.text


api = "/api/atlas"
ask("GET", "/health")
ask("POST", f"{api}/sample", body={})
ask("POST", f"{api}/analyze", body={"ticket_key": "WRKA-1234"})
ask("POST", f"{api}/review", body={"ticket_key": "WRKA-1234"})
prediction = ask("POST", f"{api}/predict", body={"ticket_key": "WRKA-1234"})
ask("POST", f"{api}/predict", body={"text": "Export fails", "components": ["Reports"]})
ask("POST", f"{api}/predict", status=404, body={"ticket_key": "WRKA-9999"})
scenarios = [scenario["prediction_id"] for scenario in prediction["predictions"]]
ask("GET", f"{api}/scenarios/{{prediction_id}}", prediction_id=scenarios[0])
ask("GET", f"{api}/similar", query={"ticket_key": "WRKA-1234"})
ask("GET", f"{api}/tickets", query={"q": "form"})
ask("GET", f"{api}/tickets", query={"q": "WRKA-1234"})
said = ask("POST", f"{api}/feedback", status=201, body={"prediction_id": scenarios[0], "action": "accepted", "rating": 4})
own = {"prediction_id": scenarios[1], "action": "modified", "steps": [{"action": "Open", "expected": "It opens"}]}
ask("POST", f"{api}/feedback", status=201, body=own)
new = {"new": {"name": "On a leap day", "steps": [{"action": "Set 29 February"}]}}
ask("POST", f"{api}/missed", status=201, body={"ticket_key": "WRKA-1234", "scenario": new, "actual_minutes": 10})
ask("GET", f"{api}/feedback")
ask("GET", f"{api}/tickets/{{ticket_key}}/feedback", ticket_key="WRKA-1234")
worth = {"ticket_key": "WRKA-1234", "rule": prediction["edge_cases"][0]["rule"], "answer": "dismissed"}
dismissed = ask("POST", f"{api}/edge-cases", status=201, body=worth)["id"]
ask("GET", f"{api}/edge-cases")
ask("DELETE", f"{api}/edge-cases/{{id}}", id=dismissed)
ask("DELETE", f"{api}/feedback/{{feedback_id}}", feedback_id=said["feedback_id"])
ask("PUT", f"{api}/personal/notes/{{ticket_key}}", ticket_key="WRKA-1234", body={"note": "ask Kim", "difficulty": 3})
start = {"ticket_key": "WRKA-1234", "scenarios": scenarios[:2]}
session = ask("POST", f"{api}/session/start", status=201, body=start)["session_id"]
ask("POST", f"{api}/session/start", status=409, body=start)
for what, body in [
    ("step", {"step": 1}),
    ("pause", {}),
    ("resume", {}),
    ("note", {"text": "<b>"}),
    ("alive", {}),
]:
    ask("POST", f"{api}/session/{what}", body=body)
ask("GET", f"{api}/session/current")
ask("GET", f"{api}/personal/my-work")
ask("POST", f"{api}/session/end", body={"outcome": "failed", "steps_completed": 3})
ask("GET", f"{api}/session/current")
ask("POST", f"{api}/session/start", status=201, body={"ticket_key": "WRKA-1240"})
ask("POST", f"{api}/session/cancel", body={})
ask("GET", f"{api}/sessions")
ask("GET", f"{api}/sessions/{{session_id}}", session_id=session)
ask("GET", f"{api}/sessions/{{session_id}}/result", session_id=session)
ask("GET", f"{api}/tickets/{{ticket_key}}", ticket_key="WRKA-1234")
ask("GET", f"{api}/tickets/{{ticket_key}}/prediction", ticket_key="WRKA-1234")
for read in ["quick-stats", "activity", "recent-tickets", "standing", "work-choices"]:
    ask("GET", f"{api}/personal/{read}")
ask("DELETE", f"{api}/personal/notes/{{ticket_key}}", status=204, ticket_key="WRKA-1234")
ask("POST", f"{api}/challenge")
for read in ["achievements", "challenge", "coach", "user/profile", "settings", "sync", "retrain", "models"]:
    ask("GET", f"{api}/{read}")
ask("PUT", f"{api}/user/profile", body={"username": "Kim", "theme": "dark", "coach_personality": "analyst"})
ask("PUT", f"{api}/settings", body={"day_start": 4, "weights": {"neural": 0.6}})
ask("POST", f"{api}/streak/repair", status=400, body={"day": "2999-01-01"})
pattern = {"name": "CSV keeps umlauts", "pattern_type": "Data Export", "steps": [{"action": "Export"}]}
one = ask("POST", f"{api}/patterns", status=201, body=pattern)["id"]
ask("GET", f"{api}/patterns", query={"origin": "user", "active": "true"})
ask("PUT", f"{api}/patterns/{{id}}", id=one, body=pattern | {"component": "Reports"})
ask("DELETE", f"{api}/patterns/{{id}}", status=204, id=one)
ask("POST", f"{api}/patterns/{{id}}/reactivate", id=one, body={})
ask("GET", f"{api}/patterns/{{id}}", id=one)
place = {"type": "context", "key": "WRKA-1234/outcome"}
ask("PUT", f"{api}/memory/{{type}}/{{key}}", **place, body={"value": json.dumps({"outcome": "failed"})})
ask("GET", f"{api}/memory/{{type}}/{{key}}", **place)
ask("GET", f"{api}/memory")
ask("GET", f"{api}/memory-search", query={"q": "outcome"})
ask("DELETE", f"{api}/memory/{{type}}/{{key}}", status=204, **place)
upload = {"kind": (None, "tickets"), "file": ("<b>.jsonl", '{"key": "WMB-1", "fields": {"summary": "A"}}\nno\n')}
ask("POST", f"{api}/import/preview", files={"file": upload["file"]})
imported = ask("POST", f"{api}/import", files=upload)["import_id"]
ask("GET", f"{api}/imports")
ask("DELETE", f"{api}/imports/{{import_id}}", import_id=imported)
ask("DELETE", f"{api}/imports/{{import_id}}", status=404, import_id=imported)
ask("GET", f"{api}/sample")
ask("POST", f"{api}/sync", status=409, body={})
ask("GET", f"{api}/backtest", query={"resamples": 10})
ask("GET", f"{api}/backtest", query={"resamples": 10}, headers={"accept": "text/event-stream"})
ask("POST", f"{api}/retrain", body={})
ask("GET", f"{api}/export")
ask("POST", f"{api}/backup", body={})
ask("DELETE", f"{api}/sample")

operations = {(method.upper(), path) for path, item in schema.raw_schema["paths"].items() for method in item}
missed = operations - asked
assert not missed, f"not asked: {sorted(missed)}"
print(f"A day over {len(asked)} operations: every answer is as the document says.")
