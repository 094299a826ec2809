"""Servers under load, and what they are measured with."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")
SERVER_CORE, CLIENT_CORE = "0", "1"


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def need(*packages):
    wanted = [package for program, package in packages if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")]
    if wanted:
        say("installing", *wanted)
        sudo = [] if os.getuid() == 0 else ["sudo"]
        subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.headers, answer.read()


def wait_for(url, process, **headers):
    for _ in range(600):
        try:
            return get(url, **headers)
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{url}: the server ended with {process.returncode}")
            time.sleep(0.05)
    sys.exit(f"{url}: no answer")


def busy():
    """Returns the busy share of all cores during half a second."""
    def read():
        numbers = [int(it) for it in open("/proc/stat").readline().split()[1:]]
        return sum(numbers), numbers[3] + numbers[4]
    (total, idle), _ = read(), time.sleep(0.5)
    later, idle_later = read()
    return 1 - (idle_later - idle) / max(1, later - total)


def wait_for_idle(limit=0.08, patience=float(os.environ.get("LOAD_PATIENCE", 90))):
    until = time.time() + patience
    while (share := busy()) > limit:
        if time.time() > until:
            say(f"the machine does not come to rest ({share:.0%} busy): the figures are of a busy machine")
            return False
    return True


def family(pid):
    """Returns a process and its descendants."""
    found, queue = [], [pid]
    while queue:
        pid = queue.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                queue += [int(it) for it in open(f"/proc/{pid}/task/{task}/children").read().split()]
    return found


def processor_time(pid):
    total = 0
    for it in family(pid):
        with contextlib.suppress(OSError):
            fields = open(f"/proc/{it}/stat").read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICK


class Server:
    """A server started here, alone on its core."""

    def __init__(self, name, command, pinned=True, **settings):
        self.name = name
        self.log = tempfile.TemporaryFile()
        if pinned:
            command = ["taskset", "-c", SERVER_CORE, *command]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, **settings)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def ask(server, url, headers, connections, seconds):
    """Runs wrk. Returns requests per second, and the server's processor time per request in microseconds."""
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    before = processor_time(server.process.pid)
    text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    spent = processor_time(server.process.pid) - before
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    count = int(re.search(r"(\d+) requests in", text)[1])
    wrong = re.search(r"Socket errors.*|Non-2xx or 3xx.*", text)
    if wrong and server.name != "Radicale":
        say(f"  {server.name}: {wrong[0]}")
    return rate, spent / max(1, count) * 1e6


def compare(title, ours, theirs, options, connections=64):
    """Measures two servers in turn. `ours` and `theirs` are (server, url, headers)."""
    results = {ours[0].name: [], theirs[0].name: []}
    rested = True
    for number in range(options.rounds + 1):
        for server, url, headers in (ours, theirs) if number % 2 else (theirs, ours):
            rested &= wait_for_idle()
            found = ask(server, url, headers, connections, options.seconds if number else 1)
            if number:
                results[server.name].append(found)
    one, other = results[ours[0].name], results[theirs[0].name]
    row = {
        "case": title,
        "against": theirs[0].name,
        "rate": statistics.median(it[0] for it in one),
        "rate_theirs": statistics.median(it[0] for it in other),
        "rate_ratio": statistics.median(a[0] / b[0] for a, b in zip(one, other)),
        "cpu_us": statistics.median(it[1] for it in one),
        "cpu_us_theirs": statistics.median(it[1] for it in other),
        "cpu_ratio": statistics.median(b[1] / max(a[1], 1e-9) for a, b in zip(one, other)),
        "rested": rested,
    }
    say(f"  {title}: {row['rate']:.0f}/s against {row['rate_theirs']:.0f}/s, ratio {row['rate_ratio']:.2f}, by processor time {row['cpu_ratio']:.2f}")
    return row


NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  types {{ text/calendar ics; }} default_type application/octet-stream;
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; etag on; gzip_static on; server_tokens off;
  keepalive_timeout 75; keepalive_requests 1000000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; add_header Cache-Control "public, max-age=300, must-revalidate"; add_header Vary Accept-Encoding; }}
}}
"""


def nginx(folder, files):
    www = folder / "www"
    www.mkdir()
    for name, plain, zipped in files:
        (www / name).write_bytes(plain)
        (www / f"{name}.gz").write_bytes(zipped)
        # gzip_static compares nothing, but a cache might.
        os.utime(www / name), os.utime(www / f"{name}.gz")
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    server = Server("nginx", ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
    server.base = f"http://127.0.0.1:{port}"
    wait_for(f"{server.base}/{files[0][0]}", server.process)
    return server


def memory(pid):
    """Returns the current and the peak resident memory in bytes."""
    text = open(f"/proc/{pid}/status").read()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) * 1024 for name in ("VmRSS", "VmHWM"))


def printed(rows):
    """Prints a table of comparisons."""
    if rows:
        print("| case | against | requests/s | theirs | ratio | µs/request | theirs | ratio |")
        print("|---|---|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print("| {case} | {against} | {rate:.0f} | {rate_theirs:.0f} | **{rate_ratio:.2f}** | {cpu_us:.0f} | {cpu_us_theirs:.0f} | **{cpu_ratio:.2f}** |".format(**row))
    if not all(row["rested"] for row in rows):
        print("\nThe machine was busy with other work during some of the runs.")
