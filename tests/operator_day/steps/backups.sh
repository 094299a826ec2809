# A manual and a scheduled backup to a folder, beside the running service.

expect 0 calendar backup "$work/tmp/by-hand.backup"
expect 0 calendar store check "$work/tmp/by-hand.backup"
contains "$work/out" '0 findings'
stop service

# to PLACE: sets the target of scheduled backups.
to() {
    sed "s|^# to = .*|to = \"$1\"|" "$work/plain.toml" >"$settings/Rocket.toml"
    contains "$settings/Rocket.toml" "to = \"$1\""
    expect 0 calendar serve --check
}

# The folder that Rocket.toml suggests and the unit makes writable.
contains "$work/plain.toml" '# to = "/var/backups/elverum-calendar"'
contains "$docs/elverum-calendar.service" /var/backups/elverum-calendar
to "$backups"
start service serve
until_true "$work/service.log" "no backup" metric_is service calendar_backup_last_attempt_succeeded 1
on_schedule=$(echo "$backups"/calendar-*.backup)
[ -f "$on_schedule" ] || fail "there is no backup in $backups"
metric_is service calendar_backup_last_size_bytes "$(stat -c %s "$on_schedule")" || fail "its size is not told"
age=$(($(date +%s) - $(metric service calendar_backup_last_success_timestamp_seconds)))
[ "$age" -lt 600 ] || fail "the last backup is said to be $age seconds old"
expect 0 calendar store check "$on_schedule"
contains "$work/out" '0 findings'
stop service
