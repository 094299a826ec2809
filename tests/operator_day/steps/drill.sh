# Restores backups beside the running service, and compares the served bytes.

# The newest in the folder, the newest in the bucket, an object of the bucket, and a file.
for backup in "$backups" s3://calendar/kalender "s3://calendar/$object" "$work/tmp/from-bucket.backup"; do
    drill=sled:$root/var/tmp/drill/store
    expect 0 calendar --store "$drill" restore "$backup"
    expect 0 calendar store check "$drill"
    contains "$work/out" '0 findings'
    start drill --store "$drill" serve --port 0
    contains "$work/drill.out" 'delivery   off'
    same_feeds service drill
    get drill /health/ready >"$work/ready"
    [ "$(field "$work/ready" delivery)" = off ] || fail "readiness does not say that delivery is off"
    metric_is drill calendar_delivery_enabled 0 || fail "the metrics do not say that delivery is off"
    stop drill
    rm -r "$root/var/tmp/drill"
done
# The drills had the service's settings and made no backups.
[ "$(bucket list)" = "$object" ] || fail "a drill has made a backup: $(bucket list)"

# A damaged backup is not restored.
head -c 1000 "$on_schedule" >"$work/tmp/cut.backup"
expect 3 calendar --store "sled:$root/var/tmp/drill/store" restore "$work/tmp/cut.backup"
[ ! -e "$root/var/tmp/drill/store" ] || fail "something of it was restored"
