"""What both sides are asked, and how they are timed."""

import json
import resource
import statistics
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "target" / "benches"

SUMMARY = "Export of the monthly report loses rows"
DESCRIPTION = (
    "The export of the monthly report stops after the first thousand rows when the "
    "filter for closed cases is set and the list is sorted by the date of the last change. The file "
    "is written and can be opened, no message is shown, and the missing rows are the oldest ones. It "
    "happens in Firefox and in Chrome, for supervisors as well as for case workers."
)

STORED_TICKETS = 60
NEW_TEXTS = 40
WARM_UP = 10


def every_nth(keys):
    """Keys of stored tickets, spread over the whole store; no ticket is asked about twice."""
    keys = sorted(keys)
    return keys[:: len(keys) // (STORED_TICKETS + WARM_UP)]


def milliseconds(call, arguments):
    """The median time of `call` over the arguments after those of the warm-up."""
    taken = []
    for argument in arguments:
        start = time.perf_counter()
        call(argument)
        taken.append(1e3 * (time.perf_counter() - start))
    return statistics.median(taken[WARM_UP:])


def new_texts():
    """The same 60 words, with a different number in each, so that nothing can be remembered."""
    return [f"{DESCRIPTION} Seen in case {number}." for number in range(WARM_UP + NEW_TEXTS)]


def report(**measures):
    """Prints the measures with the most memory that the process ever held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**measures, "peak_mib": peak}))
