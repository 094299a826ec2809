# Three regions on one machine: a folder and a process of the template unit for each.

stop service
unit_file=$docs/elverum-calendar@.service
regions=(elverum trysil kongsvinger)
for region in "${regions[@]}"; do
    folder=$(unit WorkingDirectory "$unit_file")
    install -d -m 0755 "$folder"
    install -d -m 0700 "$root/var/lib/elverum-calendar/$region"
    chown "$owner" "$root/var/lib/elverum-calendar/$region"
    cp -r "$project/data" "$folder/data"
    number=$(python3 -c 'import uuid; print(uuid.uuid4())')
    sed -i -e "s|^nb = \"Elverumskalenderen\"|nb = \"Kalender for $region\"|" \
        -e "s|^uid_namespace = .*|uid_namespace = \"$number\"|" "$folder/data/region.toml"
    contains "$folder/data/region.toml" "Kalender for $region"
    sed "s|https://kalender.example.no|https://$region.example.no|" "$work/plain.toml" >"$folder/Rocket.toml"
    read -ra check < <(unit ExecStartPre "$unit_file")
    expect 0 in_unit "${check[@]}"
    contains "$work/out" "sled:$root/var/lib/elverum-calendar/$region/store"
    expect 0 calendar seed --new
    start "$region" serve
done

for region in "${regions[@]}"; do
    get "$region" / >"$work/page"
    contains "$work/page" "Kalender for $region"
    get "$region" /feeds/all.ics >"$work/feed"
    contains "$work/feed" "https://$region.example.no/events/"
    grep '^UID:' "$work/feed" | sort >"$work/uids.$region"
done
[ -z "$(comm -12 "$work/uids.elverum" "$work/uids.trysil")" ] || fail "two regions share UIDs"

# --store selects the region of a command.
region=trysil
expect 0 calendar --store "sled:$root/var/lib/elverum-calendar/trysil/store" import "$work/spring.ics"
for other in "${regions[@]}"; do
    get "$other" /feeds/all.ics >"$work/feed"
    found=$(grep -c 'SUMMARY;LANGUAGE=nb:Vårkonsert' "$work/feed" || true)
    [ "$other$found" = trysil1 ] || [ "$found" = 0 ] || fail "$other has $found of the events for trysil"
done

# Stopping one leaves the others running.
stop trysil
for other in elverum kongsvinger; do
    get "$other" /health/ready >/dev/null
    stop "$other"
done
unset unit_file region
