# A club that sends a spreadsheet every season: the example of docs/operating.md, command by command.

section='## A club that sends a spreadsheet every season'
python3 "$here/xlsx.py" "$project/docs/operating.md" "$section" "$next_year" "$work/club.xlsx"
mapfile -t commands < <(sed -n "/^$section\$/,/^## /s|^    elverum-calendar ||p" "$project/docs/operating.md")
[ "${#commands[@]}" -eq 3 ] || fail "the example has ${#commands[@]} commands"
for line in "${commands[@]}"; do
    # Parsed as a shell does.
    declare -a words="(${line/club.xlsx/\"$work/club.xlsx\"})"
    expect 0 calendar "${words[@]}"
done
contains "$work/out" '3 new'

get service /feeds/all.ics >"$work/feed"
for title in Loppemarked Kveldstrim 'AVLYST: Påskefest'; do contains "$work/feed" "SUMMARY;LANGUAGE=nb:$title"; done
grep -A20 'SUMMARY;LANGUAGE=nb:AVLYST: Påskefest' "$work/feed" | grep -q STATUS:CANCELLED || fail "it is not cancelled"
contains "$work/feed" "DTSTART;TZID=Europe/Oslo:${next_year}0306T100000"
get service '/?q=loppemarked' >"$work/page"
contains "$work/page" Loppemarked
page=$(grep -o '/events/[^"]*loppemarked[^"?#]*' "$work/page" | grep -v '\.' | head -1)
get service "$page" >"$work/page"
contains "$work/page" 'Eksempel IL'

# Importing the same sheet again changes nothing.
expect 0 calendar import --partner eksempel-il "$work/club.xlsx"
contains "$work/out" '0 new, 0 changed, 3 unchanged'
