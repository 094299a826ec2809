# Upgrade and downgrade. The program is the same here; stores of earlier versions have tests of their own.

cp "$work/plain.toml" "$settings/Rocket.toml"
start service serve
expect 0 calendar --json backup "$work/tmp/before.backup"
commit=$(field "$work/out" commit)
install -m 0755 "$built" "$program.new"
expect 0 in_unit "$program.new" serve --check
stop service
mv "$program" "$program.old"
mv "$program.new" "$program"
start service serve
get service /health/ready >"$work/ready"
[ "$(field "$work/ready" commit)" -ge "$commit" ] || fail "it has lost commits"
get service /feeds/all.ics >"$work/before"

sed -e 's|spring@club|autumn@club|' -e 's|Vårkonsert|Høstkonsert|' "$work/spring.ics" >"$work/autumn.ics"
expect 0 calendar import "$work/autumn.ics"
get service /feeds/all.ics >"$work/feed"
contains "$work/feed" Høstkonsert

# Back to the old program and its data.
stop service
mv "$program.old" "$program"
expect 0 calendar restore "$work/tmp/before.backup" --replace
contains "$work/out" replaced-1
expect 0 calendar webhook resume
contains "$work/out" 'at the next start'
start service serve
metric_is service calendar_delivery_enabled 1 || fail "nothing goes out after webhook resume"
get service /feeds/all.ics >"$work/feed"
cmp "$work/before" "$work/feed" || fail "the feed is not as it was before the upgrade"
stop service
