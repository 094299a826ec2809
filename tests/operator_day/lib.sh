# Shared functions of the steps. Sourced by `run`.

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

# until_true LOG WHAT COMMAND…: repeats a command until it succeeds. Prints the log on timeout.
until_true() {
    local deadline=$((SECONDS + 300)) log=$1 what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what: $(cat "$log")"
        sleep 0.1
    done
}

# expect CODE COMMAND…: runs a command that must exit with CODE. Its output is in $work/out and $work/err.
expect() {
    local code=$1 got=0
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null || got=$?
    [ "$got" -eq "$code" ] || fail "exit code $got instead of $code: $*
$(cat "$work/out" "$work/err")"
}

# contains FILE TEXT
contains() { grep -qF -- "$2" "$1" || fail "no «$2» in $1: $(head -c 300 "$1")"; }

# is_json FILE: one JSON value, or one per line. An empty file is not JSON.
is_json() {
    python3 - "$1" <<'PYTHON' || fail "no JSON: $(head -c 2000 "$1")"
import json, sys
text = open(sys.argv[1], encoding="utf-8").read()
try:
    json.loads(text)
except ValueError:
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines, "nothing was written"
PYTHON
}

# field FILE NAME: prints a field of a JSON object as text.
field() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# unit KEY [FILE]: prints a value of a systemd unit, with paths below $root. FILE defaults to the shipped unit.
unit() {
    local file=${2:-$docs/elverum-calendar.service}
    sed -n "s|^$1=||p" "$file" |
        sed -e "s|/usr/local/bin/|$root/usr/local/bin/|g" -e "s|/etc/elverum|$root/etc/elverum|g" \
            -e "s|/var/|$root/var/|g" -e "s|%i|${region:-}|g" -e "s|^'\(.*\)'\$|\1|" -e 's|^-||'
}

# exec_in_unit COMMAND…: executes a command with the unit's user, folder, environment and file mode.
exec_in_unit() {
    local environment=()
    mapfile -t environment < <(unit Environment "${unit_file:-}" | sed "s|^'\(.*\)'\$|\1|")
    local secrets
    secrets=$(unit EnvironmentFile "${unit_file:-}")
    if [ -e "$secrets" ]; then
        local lines=()
        mapfile -t lines <"$secrets"
        environment+=("${lines[@]}")
    fi
    cd "$(unit WorkingDirectory "${unit_file:-}")"
    umask "$(unit UMask "${unit_file:-}")"
    exec env -i PATH="$PATH" TMPDIR="$work/tmp" "${environment[@]}" "${become[@]}" "$@"
}

# in_unit COMMAND…: does the same in a subshell.
in_unit() { (exec_in_unit "$@"); }

# calendar ARGUMENTS…: runs the program beside the running service, as its user.
calendar() { in_unit "$program" "$@"; }

# started[NAME] is the process id of a service, address[NAME] the address in its first line.
declare -A started address

# start NAME ARGUMENTS…: starts the service and waits for its first line.
start() {
    local name=$1
    shift
    # Ignores the output of an earlier run with this name.
    : >"$work/$name.out"
    : >"$work/$name.log"
    exec_in_unit "$program" "$@" >"$work/$name.out" 2>"$work/$name.log" </dev/null &
    started[$name]=$!
    until_true "$work/$name.log" "$name does not start" is_up "$name"
    address[$name]=$(sed -n 's/^listening on //p' "$work/$name.out")
}

is_up() {
    kill -0 "${started[$1]}" 2>/dev/null || fail "$1 has ended: $(cat "$work/$1.log")"
    grep -q '^listening on ' "$work/$1.out"
}

# stop NAME: stops it as systemd does; it must exit with 0.
stop() {
    local pid=${started[$1]} code=0
    unset "started[$1]"
    kill -TERM "$pid"
    wait "$pid" || code=$?
    [ "$code" -eq 0 ] || fail "$1 ended with $code: $(cat "$work/$1.log")"
}

stop_all() {
    local name
    for name in "${!started[@]}"; do
        kill -TERM "${started[$name]}" 2>/dev/null || true
        wait "${started[$name]}" 2>/dev/null || true
    done
}

# get NAME PATH [CURL'S OPTIONS…]
get() {
    local name=$1 path=$2
    shift 2
    curl --silent --show-error --fail --max-time 60 "$@" "${address[$name]}$path"
}

# metric NAME METRIC: prints its value, or nothing if it does not exist.
metric() { get "$1" /metrics | sed -n "s|^$2 ||p"; }

# metric_is NAME METRIC VALUE
metric_is() { [ "$(metric "$1" "$2")" = "$3" ]; }

# same_feeds ONE OTHER: asserts that both serve the same bytes.
same_feeds() {
    local path
    for path in /feeds/all.ics '/feeds/all.ics?lang=en' /feeds/all.json /feeds/all.csv /feeds/all.rss \
        /feeds/category/music.ics /feeds/municipality/3420.ics '/feeds/search.ics?q=konsert'; do
        get "$1" "$path" >"$work/one"
        get "$2" "$path" >"$work/other"
        cmp "$work/one" "$work/other" || fail "$path differs between $1 and $2"
    done
}
