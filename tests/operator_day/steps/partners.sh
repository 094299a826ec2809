# Incoming events: a file, and a partner's program with a key.

next_year=$(($(date +%Y) + 1))
printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//a//b//NO BEGIN:VEVENT UID:spring@club.example \
    DTSTAMP:20260101T120000Z "DTSTART:${next_year}0601T160000Z" SUMMARY:Vårkonsert END:VEVENT END:VCALENDAR \
    >"$work/spring.ics"
expect 0 calendar import "$work/spring.ics" --dry-run
contains "$work/out" 'nothing was written'
expect 0 calendar import "$work/spring.ics"
contains "$work/out" '1 new'
get service /feeds/all.ics >"$work/feed"
contains "$work/feed" 'SUMMARY;LANGUAGE=nb:Vårkonsert'

expect 0 calendar partner add kulturhuset --kind interface --name Kulturhuset
expect 0 calendar partner key kulturhuset
key=$(awk 'END { print $NF }' "$work/out")

# put_event KEY: sends an event, and prints the status.
put_event() {
    curl --silent --show-error --max-time 60 --request PUT --header "Authorization: Bearer $1" \
        --header 'Content-Type: application/json' --output "$work/answer" --write-out '%{http_code}' \
        --data "{\"title\":{\"nb\":\"Teaterkveld\"},\"start\":\"$next_year-04-10T19:00:00+02:00\"}" \
        "${address[service]}/api/v1/partner/events/1"
}
[ "$(put_event "$key")" = 201 ] || fail "the event was not taken: $(cat "$work/answer")"
page=$(field "$work/answer" url)
get service "${page#https://kalender.example.no}" >"$work/page"
contains "$work/page" Teaterkveld
get service /feeds/all.ics >"$work/feed"
contains "$work/feed" 'SUMMARY;LANGUAGE=nb:Teaterkveld'

[ "$(put_event "${key%?}")" = 401 ] || fail "a wrong key was taken"
[ "$(metric service 'calendar_keys_refused_total{reason="unknown"}')" = 1 ] || fail "the wrong key is not in the metrics"
get service /metrics >"$work/metrics"
grep -q '^calendar_requests_total{method="PUT",.*status="401"} 1$' "$work/metrics" || fail "no 401 in the metrics"
