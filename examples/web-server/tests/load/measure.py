"""How fast a running server answers: measure.py DATABASE http://127.0.0.1:5000

First one question after the other, of tickets that were not asked about before; then with wrk, where that is installed,
over 1, 16 and 64 connections. Predictions are stored: use a copy of the database.
"""

import http.client
import json
import pathlib
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

ASKED, WARM = 500, 20
SCRIPT = pathlib.Path(__file__).with_name("wrk.lua")

database, base = sys.argv[1:]
with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as rows:
    keys = [key for (key,) in rows.execute("SELECT jira_key FROM jira_tickets ORDER BY id")]
random.Random(time.time_ns()).shuffle(keys)
server = urllib.parse.urlsplit(base)
connection = http.client.HTTPConnection(server.hostname, server.port)
connection.connect()
connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def ask(what, key):
    began = time.perf_counter()
    body = json.dumps({"ticket_key": key})
    connection.request("POST", f"/api/atlas/{what}", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
    return (time.perf_counter() - began) * 1_000


for key in keys[:WARM]:
    ask("analyze", key)
    ask("predict", key)
for name, what in [("analyze", "analyze"), ("predict, new", "predict"), ("predict, again", "predict")]:
    took = sorted(ask(what, key) for key in keys[WARM : WARM + ASKED])
    at = [took[int(share * (len(took) - 1))] for share in (0.5, 0.95, 0.99)]
    print(f"{name:15} p50 {at[0]:6.1f}  p95 {at[1]:6.1f}  p99 {at[2]:6.1f} ms")

if not shutil.which("wrk"):
    sys.exit("wrk is not installed: nothing was asked over several connections")
with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
    listed.write("\n".join(keys[:200]))
    listed.flush()
    for what, path in [("quick-stats", "/api/atlas/personal/quick-stats"), ("predict", "/api/atlas/predict")]:
        for connections in (1, 16, 64):
            command = ["wrk", "-t1", f"-c{connections}", "-d6s", "-s", str(SCRIPT), base + path, "--"]
            if what == "predict":
                command.append(listed.name)
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            print(f"{what:12} {connections:3} connections  {said.splitlines()[-1]}")
