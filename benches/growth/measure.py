"""Measures the program at several sizes of the calendar.

    measure.py [SIZE…]

For each size, in a new store:
- import: `import` of all events from one JSON Lines file; events per second, parsed, checked and durable;
- start: from the start of `serve` to its line «listening on», median of 3;
- memory: resident memory of the server when it is ready, and after all requests;
- feed, changed: the feed of 1,000 events for the first request after a start, which renders it from scratch;
- feed, unchanged: the same feed again;
- search: filters that are not cached;
- agenda: the first page, and that of a category;
- commit: one event changed in process, durable, less a bare append and fdatasync of as many bytes on the same disk
  in the same minute. «apply» is the catalog's part of it, «feed after» the feed of 1,000 events in gzip for the
  first client after the commit, «query» the catalog's queries for that feed and for a page.

Times are medians in milliseconds. Sizes are measured one after another; nothing else should run meanwhile.
"""

import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "growth"
PROGRAM = ROOT / "target" / "release" / "elverum-calendar"
MEASURE = ROOT / "target" / "release" / "measure-growth"
STARTS, ASKED, COMMITS = 3, 15, 200


def events_file(size, day):
    path = FOLDER / f"{size}.{day}.ndjson"
    if not path.exists():
        for old in FOLDER.glob(f"{size}.*.ndjson"):
            old.unlink()
        command = [sys.executable, Path(__file__).parent / "generate.py", str(size), str(day), ROOT / "data"]
        with open(path, "wb") as out:
            subprocess.run(command, stdout=out, check=True)
    return path


def program(store, *arguments, **options):
    command = [PROGRAM, "--store", f"sled:{store}", "--data", ROOT / "data", *arguments]
    limits = '{base_url="http://127.0.0.1", limits={import_bytes=4000000000}}'
    environment = {**os.environ, "ROCKET_CALENDAR": limits, "RUST_LOG": "error"}
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment, **options)


def imported(store, path):
    began = time.monotonic()
    if program(store, "import", str(path), stdout=subprocess.DEVNULL).wait() != 0:
        sys.exit(f"{path} could not be imported")
    return time.monotonic() - began


class Server:
    def __init__(self, store):
        began = time.monotonic()
        self.process = program(store, "serve", "--port", "0", stdout=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.start = time.monotonic() - began
        self.origin = line.split()[-1]

    def memory(self):
        """Returns the resident memory in MB (1,000,000 bytes)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6

    def ask(self, path):
        """Returns the milliseconds and bytes of one response."""
        began = time.monotonic()
        with urllib.request.urlopen(self.origin + path) as answer:
            size = len(answer.read())
        return (time.monotonic() - began) * 1000, size

    def stop(self):
        self.process.terminate()
        self.process.wait()


def served(store, days):
    figures = {}
    starts, cold = [], []
    for _ in range(STARTS):
        server = Server(store)
        starts.append(server.start * 1000)
        cold.append(server.ask("/feeds/category/music.ics")[0])
        if len(starts) < STARTS:
            server.stop()
    figures["start"] = statistics.median(starts)
    figures["memory_start"] = server.memory()
    figures["feed_new"] = statistics.median(cold)

    def median(paths):
        return statistics.median(server.ask(path)[0] for path in paths)

    # The text index is built in the background; wait until it is complete.
    settled = server.memory()
    while True:
        time.sleep(2)
        if abs(server.memory() - settled) < 0.5:
            break
        settled = server.memory()
    figures["feed_bytes"] = server.ask("/feeds/category/music.ics")[1]
    figures["feed_unchanged"] = median(["/feeds/category/music.ics"] * ASKED)
    # A different day each time, so that no response is cached.
    bounds = [f"to={days + datetime.timedelta(days=number)}" for number in range(ASKED)]
    place = "/feeds/search.ics?category=music&place=terningen-arena&"
    figures["search_filters"] = median(place + bound for bound in bounds)
    figures["search_words"] = median("/feeds/search.ics?q=sjeldenhet&" + bound for bound in bounds)
    figures["agenda"] = median(["/"] * ASKED)
    figures["agenda_filtered"] = median(["/?category=music"] * ASKED)
    figures["memory_after"] = server.memory()
    server.stop()
    return figures


def committed(store):
    command = [MEASURE, store, str(COMMITS)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    times = {name: micros / 1000 for name, micros in json.loads(found.stdout).items()}
    times["commit_less_sync"] = times["commit"] - times["sync"]
    return times


ROWS = [
    ("import", "import, events/s", None, 0),
    ("start", "start to ready, ms", None, 0),
    ("memory_start", "memory at the start, MB", None, 0),
    ("memory_after", "memory after requests, MB", None, 0),
    ("commit", "commit, ms", None, 3),
    ("commit_less_sync", "commit less the disk's own sync, ms", 1.5, 3),
    ("apply", "… of it the catalog, ms", 1.5, 3),
    ("feed_after", "feed of 1,000 after the commit, ms", 1.5, 3),
    ("feed_query", "… all its events looked up anew, ms", 1.5, 3),
    ("feed_new", "feed of 1,000, all new, ms", 1.5, 2),
    ("feed_unchanged", "feed of 1,000, unchanged, ms", 1.5, 2),
    ("search_filters", "search feed, two filters, ms", 2, 2),
    ("search_words", "search feed, a word, ms", 2, 2),
    ("agenda_query", "a page's part of the catalog, ms", 2, 3),
    ("agenda", "agenda page, ms", 2, 2),
    ("agenda_filtered", "agenda page of a category, ms", 2, 2),
]


def table(results):
    sizes = [result["size"] for result in results]
    lines = ["| | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |", "|---|" + "--:|" * (len(sizes) + 1)]
    for key, name, most, digits in ROWS:
        values = [result[key] for result in results]
        growth = ""
        if most and len(values) > 1:
            growth = f"{values[-1] / values[0]:.2f} (≤ {most})"
        cells = " | ".join(f"{value:,.{digits}f}" for value in values)
        lines.append(f"| {name} | {cells} | {growth} |")
    return "\n".join(lines)


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "unknown")
    version = subprocess.run([PROGRAM, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    rust = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    return f"{version}; {rust}; {platform.system()} {platform.release()}, {os.cpu_count()} cores, {model}"


def main():
    sizes = [int(size) for size in sys.argv[1:] if size] or [1_000, 10_000, 100_000, 1_000_000]
    today = datetime.date.today()
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(machine())
    results = []
    for size in sizes:
        path = events_file(size, today)
        store = FOLDER / f"store-{size}"
        shutil.rmtree(store, ignore_errors=True)
        result = {"size": size, "import": size / imported(store, path)}
        result |= served(store, today + datetime.timedelta(days=510))
        result |= committed(store)
        shutil.rmtree(store)
        results.append(result)
        print(json.dumps(result), flush=True)
    told = table(results)
    (ROOT / "target" / "growth.md").write_text(told + "\n")
    data = {"machine": machine(), "day": str(today), "results": results}
    (ROOT / "target" / "growth.json").write_text(json.dumps(data, indent=1) + "\n")
    print(told)


main()
