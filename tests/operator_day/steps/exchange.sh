# Exchange with partners and open decisions, each command with --json, on a separate store.

files=$work/partners
mkdir "$files"
files_port=$(free_port)
python3 -m http.server --bind 127.0.0.1 --directory "$files" "$files_port" >"$work/files.log" 2>&1 &
started[files]=$!
until_true "$work/files.log" "no files are served" curl --silent --output /dev/null "http://127.0.0.1:$files_port/"
printf '[default.calendar.sync]\nallow_private = ["127.0.0.1:%s"]\n' "$files_port" >"$work/exchange.toml"

# tells PARTNER EVENT…: writes the partner's calendar; an event is UID|MONTHDAY|TITLE.
tells() {
    local partner=$1 event uid day title
    shift
    {
        printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//a//b//NO
        for event in "$@"; do
            IFS='|' read -r uid day title <<<"$event"
            printf '%s\r\n' BEGIN:VEVENT "UID:$uid" DTSTAMP:20260101T120000Z "DTSTART:$next_year${day}T160000Z" \
                "SUMMARY:$title" LOCATION:Festiviteten END:VEVENT
        done
        printf 'END:VCALENDAR\r\n'
    } >"$files/$partner.ics"
}

scratch=(--store "sled:$root/var/tmp/exchange/store" --config "$work/exchange.toml")
exchange() {
    local code=$1
    shift
    json "$code" "${scratch[@]}" "$@"
}

# of PATH: prints a value of the last response, such as queued.0.id
of() {
    python3 - "$work/out" "$1" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1]))
for step in sys.argv[2].split("."):
    value = value[int(step) if step.isdigit() else step]
print(value)
PYTHON
}

# Two partners list the same film, and two concerts and two plays that may be the same.
tells kor 'a@kor|0601|Sommerkonsert med koret' 'b@kor|0602|Teater i parken' 'c@kor|0701|Filmkveld'
kino=('a@kino|0601|Sommerkonsert for barn' 'b@kino|0602|Teater for alle i parken nå' 'c@kino|0701|Filmkveld')
tells kino "${kino[@]}"
exchange 0 seed --new
exchange 0 sync --detect "http://127.0.0.1:$files_port/kor.ics"
exchange 0 partner add kor --kind ics --url "http://127.0.0.1:$files_port/kor.ics"
exchange 0 sync kor
exchange 0 partner add kino --kind ics --url "http://127.0.0.1:$files_port/kino.ics"
exchange 0 sync kino --dry-run
exchange 0 sync kino
run=$(of runs.0.run)
exchange 1 sync review
one=$(of suggestions.0.id) other=$(of suggestions.1.id)
exchange 0 sync review accept "$one"
exchange 0 sync review dismiss "$other"
exchange 0 sync review

# New events of a partner whose events need approval.
tells lag 'a@lag|0801|Dugnad' 'b@lag|0802|Årsmøte'
exchange 0 partner add lag --kind ics --trust queue --url "http://127.0.0.1:$files_port/lag.ics"
exchange 0 sync lag
exchange 1 sync review
one=$(of queued.0.id) other=$(of queued.1.id)
exchange 0 sync review approve "$one"
exchange 0 sync review reject "$other"

# Splits a merged event and merges it again.
films() {
    exchange 0 export --format json
    python3 - "$work/out" <<'PYTHON'
import json, sys
print(*(event["id"] for event in json.load(open(sys.argv[1])) if event["title"]["nb"] == "Filmkveld"))
PYTHON
}
read -r film more < <(films)
[ -z "$more" ] || fail "the film stands twice"
exchange 0 sync review split "$film" kino
# A new event makes the next response differ.
tells kino "${kino[@]}" 'd@kino|0702|Filmfest'
exchange 0 sync kino
read -r one other < <(films)
[ -n "$other" ] || fail "the film was not split"
exchange 0 sync review join "$one" "$other"

exchange 0 sync runs
exchange 0 sync rollback "$run" --keep-changed
exchange 0 sync release kino
kill "${started[files]}"
wait "${started[files]}" || true
unset "started[files]"
