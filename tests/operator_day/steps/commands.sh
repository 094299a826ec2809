# Completions, exit codes, and each command's --json.

for shell in bash elvish fish powershell zsh; do
    expect 0 calendar completions "$shell"
    contains "$work/out" elverum-calendar
    ! command -v "$shell" >/dev/null || [ "$shell" = powershell ] || "$shell" -n "$work/out" || fail "not for $shell"
done

# Exit codes, as in `--help`: 0 done, 1 done with findings, 2 usage error, 3 failed.
printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:x BEGIN:VEVENT UID:a DTSTART:never END:VEVENT END:VCALENDAR \
    >"$work/broken.ics"
expect 0 calendar ics check "$work/spring.ics"
expect 1 calendar ics check "$work/broken.ics"
expect 1 calendar import "$work/broken.ics"
expect 2 calendar --no-such-option
expect 2 calendar restore
expect 3 calendar import "$work/no-such-file.ics"
expect 3 calendar --store nowhere:x seed
expect 3 calendar restore "$on_schedule"
contains "$work/err" in\ use

# json CODE [--store URL] [--config FILE] COMMAND…: asserts that --json gives JSON, one value or one per line.
ran=
json() {
    local code=$1
    shift
    expect "$code" calendar --json "$@"
    is_json "$work/out"
    while [[ $1 == --* ]]; do shift 2; done
    ran+="$*"$'\n'
}

json 0 completions bash
json 0 serve --check
json 0 import "$work/spring.ics"
json 1 import "$work/broken.ics"
json 0 export --format json
json 0 export --format ndjson
json 0 seed

json 0 partner add kulturhuset --kind interface
json 0 partner add kino --kind ics --url https://kino.example/calendar.ics
json 0 partner key kulturhuset
json 0 partner push kino --kind tribe --url https://kino.example/ --user kalender --secret KINO_PASSWORD
json 0 partner push kino --stop
json 0 partner key --revoke "$key"
json 0 partner key --read
json 0 partner pause kino
json 0 partner resume kino
json 0 partner remove kino
json 0 partner list
json 0 partner kinds

json 0 sync runs
json 0 sync review
json 0 webhook add https://hook.example/calendar
json 0 webhook list
hook=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["items"][0]["id"])' "$work/out")
json 0 webhook replay "$hook"
json 0 webhook remove "$hook"
json 0 webhook resume

json 0 account invite kari@klubb.example
json 0 account role kari@klubb.example editor
json 0 account list
json 0 account audit
json 0 account delete kari@klubb.example --events keep
json 0 init "$work/tmp/region"

# One object per finding, so none here.
expect 0 calendar --json ics check "$work/spring.ics"
[ ! -s "$work/out" ] || fail "there is nothing to find: $(cat "$work/out")"
json 1 ics check "$work/broken.ics"
json 0 ics rules
json 0 ics occurrences "$work/spring.ics" --from "$next_year-01-01" --to "$next_year-12-31"

json 0 backup "$work/tmp/json.backup"
json 0 store check "$work/tmp/json.backup"
json 0 --store "sled:$root/var/tmp/json/store" restore "$work/tmp/json.backup"
json 0 store check "sled:$root/var/tmp/json/store"
json 0 store salvage "sled:$root/var/tmp/json/store"

# Encrypted, to a key of the tool age and with a passphrase.
rm -f "$work/tmp/key.txt"
expect 0 age-keygen -o "$work/tmp/key.txt"
chown "$owner" "$work/tmp/key.txt"
json 0 backup --encrypt-to "$(age-keygen -y "$work/tmp/key.txt")" "$work/tmp/secret.backup"
expect 3 calendar store check "$work/tmp/secret.backup"
contains "$work/err" '--key FILE'
json 0 store check --key "$work/tmp/key.txt" "$work/tmp/secret.backup"
json 0 --store "sled:$root/var/tmp/secret/store" restore --key "$work/tmp/key.txt" "$work/tmp/secret.backup"
echo "skog og elv i tolv toner" >"$work/tmp/passphrase"
chown "$owner" "$work/tmp/passphrase"
json 0 backup --replace --passphrase-file "$work/tmp/passphrase" "$work/tmp/secret.backup"
json 0 store check --passphrase-file "$work/tmp/passphrase" "$work/tmp/secret.backup"
