"""Reads what was exported with other people's readers, and says how many test cases each found."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from junitparser import JUnitXml
from trcli.cli import Environment
from trcli.readers.junit_xml import JunitParser

folder = Path(sys.argv[1])
said = {}

features = sorted((folder / "patterns.gherkin").glob("*.feature"))
said["gherkin"] = 0
for feature in features:
    document = Parser().parse(feature.read_text("utf-8"))
    document["uri"] = feature.name
    said["gherkin"] += len(Compiler().compile(document))

# It wants a folder of steps, even where none is run.
(folder / "patterns.gherkin" / "steps").mkdir()
behave = subprocess.run(
    [sys.executable, "-m", "behave", "--dry-run", "--no-summary", "--no-snippets",
     "--format", "json", "--outfile", "behave.json", *map(str, features)],
    capture_output=True, text=True, cwd=folder,
)
try:
    report = json.loads((folder / "behave.json").read_text("utf-8"))
except (OSError, json.JSONDecodeError):
    sys.exit(behave.stdout + behave.stderr)
said["behave"] = sum(
    element["type"] == "scenario" for feature in report for element in feature["elements"]
)

said["junitparser"] = sum(len(suite) for suite in JUnitXml.fromfile(folder / "patterns.junit"))
said["session"] = sum(len(suite) for suite in JUnitXml.fromfile(folder / "session.junit"))

environment = Environment()
environment.case_matcher = "property"
environment.file = str(folder / "patterns.junit")
environment.special_parser = None
environment.params_from_config = {}
suites = JunitParser(environment).parse_file()
cases = [case for suite in suites for section in suite.testsections for case in section.testcases]
said["trcli"] = sum(case.case_id is not None for case in cases)

names = {"testrail-csv": "Title", "xray-csv": "Summary", "qase-csv": "title", "csv": "Name"}
said["formulas"] = 0
for kind, name in names.items():
    with open(folder / f"patterns.{kind}", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    said[kind] = sum(bool(row[name]) for row in rows)
    cells = [cell for row in rows for cell in row.values()]
    said["formulas"] += sum(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)

for kind in ("atlas", "xray-cloud", "xray-dc", "zephyr-json"):
    text = (folder / f"patterns.{kind}").read_text("utf-8")
    for part in text.splitlines() if kind == "atlas" else [text]:
        json.loads(part)

schema = os.environ.get("JUNIT_XSD")
if schema:
    from lxml import etree

    checker = etree.XMLSchema(etree.parse(schema))
    for name in ("patterns.junit", "session.junit"):
        document = etree.parse(str(folder / name))
        if os.environ.get("JUNIT_XSD_PLAIN"):
            # A schema from before tests had properties.
            for properties in document.findall("//testcase/properties"):
                properties.getparent().remove(properties)
        checker.assertValid(document)
    said["schema"] = True

print()
json.dump(said, sys.stdout)
