# Scheduled backups to a bucket of an S3 server that verifies signatures.

coproc s3 { exec "$tools/s3/bin/python" "$here/s3.py" 2>"$work/s3.log"; }
read -ru "${s3[0]}" line || fail "the S3 server does not start: $(cat "$work/s3.log")"
printf '%s\n' "$line" >"$work/s3.json"

# keys ID SECRET: writes the service's credentials to the unit's EnvironmentFile=.
keys() {
    printf '%s\n' "AWS_ENDPOINT=$(field "$work/s3.json" endpoint)" AWS_ALLOW_HTTP=true \
        "AWS_REGION=$(field "$work/s3.json" region)" "AWS_ACCESS_KEY_ID=$1" "AWS_SECRET_ACCESS_KEY=$2" \
        >"$(unit EnvironmentFile)"
}
id=$(field "$work/s3.json" id)
secret=$(field "$work/s3.json" secret)

for wrong in "$id ${secret}x" "AKIANOBODYNOBODYNOBO $secret"; do
    keys ${wrong}
    to s3://calendar/kalender
    start service serve
    until_true "$work/service.log" "wrong keys are no failure" metric_is service calendar_backup_last_attempt_succeeded 0
    metric_is service calendar_backup_failures_total 1 || fail "the failure is not counted"
    grep -Eq 'SignatureDoesNotMatch|InvalidAccessKeyId' "$work/service.log" || fail "$(cat "$work/service.log")"
    stop service
done

keys "$id" "$secret"
start service serve
until_true "$work/service.log" "no backup" metric_is service calendar_backup_last_attempt_succeeded 1

# bucket list | bucket get KEY FILE: uses an independent library.
bucket() { "$tools/s3/bin/python" "$here/bucket.py" "$work/s3.json" "$@"; }
object=$(bucket list)
case $object in kalender/calendar-*.backup) ;; *) fail "the bucket has «$object»" ;; esac
bucket get "$object" "$work/tmp/from-bucket.backup"
chown "$owner" "$work/tmp/from-bucket.backup"
metric_is service calendar_backup_last_size_bytes "$(stat -c %s "$work/tmp/from-bucket.backup")" || fail "wrong size"
expect 0 calendar store check "$work/tmp/from-bucket.backup"
contains "$work/out" '0 findings'
