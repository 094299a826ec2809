"""Measures three programs that read the same calendar and expand the same five years.

    measure.py ROUNDS OUR_BINARY PYTHON NODE_FOLDER CALENDAR

All three must first find the same occurrences, except for known differences. Then they run in turn with their
output discarded, and the medians are printed with their ratios to this program.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
FROM, TO = "2026-01-01", "2031-01-01"


def commands(binary, python, node_folder, calendar):
    window = [calendar, FROM, TO]
    return {
        "elverum-calendar": [binary, "ics", "occurrences", calendar, "--from", FROM, "--to", TO],
        "icalendar + recurring-ical-events": [python, HERE / "with_icalendar.py", *window],
        "ical.js": ["node", HERE / "with_ical_js.mjs", node_folder, *window],
    }


def occurrences(command):
    """Returns the occurrences found by a program, as a set of (uid, start, end, title, status)."""
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    rows = set()
    for line in found.stdout.decode().splitlines():
        if line.startswith("{"):
            read = json.loads(line)
            row = tuple(read[name] for name in ("uid", "start", "end", "summary", "status"))
        else:
            row = tuple(line.split("\t"))
        if row in rows:
            sys.exit(f"{command[0]} gives an occurrence twice: {row}")
        rows.add(row)
    return rows


def known_difference(name, row):
    """Returns why a program may omit an occurrence, or None."""
    if name == "ical.js" and int(row[0].partition("@")[0]) % 20 == 19:
        return "DTSTART beside RDATE without RRULE; RFC 5545 section 3.8.5.2 makes it a member"
    return None


def compare(programs):
    ours, *others = programs
    expected = occurrences(programs[ours])
    print(f"{ours}: {len(expected)} occurrences from {FROM} to {TO}")
    for name in others:
        found = occurrences(programs[name])
        if extra := found - expected:
            sys.exit(f"{name} finds {len(extra)} more, such as {min(extra)}")
        reasons = {}
        for row in expected - found:
            reason = known_difference(name, row)
            if reason is None:
                sys.exit(f"{name} does not find {row}")
            reasons[reason] = reasons.get(reason, 0) + 1
        told = "; ".join(f"{count} fewer: {reason}" for reason, count in reasons.items())
        print(f"{name}: {len(found)}, " + (told or "the same"))


def measured(command):
    """Returns wall time and processor time in seconds, and peak memory in MiB."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    if status != 0:
        sys.exit(f"{command[0]} failed")
    child.returncode = 0
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    rounds, *paths = sys.argv[1:]
    programs = commands(*paths)
    # In a separate process: the memory of a child is counted from that of its parent at the fork.
    comparison = os.fork()
    if comparison == 0:
        compare(programs)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(comparison, 0)[1] != 0:
        sys.exit(1)
    measures = {name: [] for name in programs}
    for _ in range(int(rounds)):
        for name, command in programs.items():
            measures[name].append(measured(command))
    medians = {
        name: [statistics.median(column) for column in zip(*rows)] for name, rows in measures.items()
    }
    ours = next(iter(medians.values()))
    print(f"\nmedian of {rounds} rounds in turn, and its ratio to ours")
    print(f"{'':36}{'wall':>16}{'processor':>18}{'memory at most':>20}")
    for name, row in medians.items():
        cells = [f"{value:9.3f}{unit}" for value, unit in zip(row, (" s", " s", " MiB"))]
        ratios = [f"{value / own:6.1f} ×" for value, own in zip(row, ours)]
        print(f"{name:36}" + "".join(c + r for c, r in zip(cells, ratios)))
    fastest = [min(row[i] for row in list(medians.values())[1:]) / ours[i] for i in range(3)]
    print(
        f"\nthe best of the others: {fastest[0]:.1f} × our wall time, {fastest[1]:.1f} × our processor"
        f" time, {fastest[2]:.1f} × our memory"
    )


main()
