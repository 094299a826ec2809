# Installs program, settings and data files at the unit's paths, for an unprivileged user.

read -ra command < <(unit ExecStart)
program=${command[0]}
settings=$(unit WorkingDirectory)
state=$root/var/lib/$(unit StateDirectory)
backups=$root/var/backups/elverum-calendar

become=()
owner=$(id -u):$(id -g)
if [ "$(id -u)" -eq 0 ]; then
    # No account is created: the machine stays unchanged.
    owner=64321:64321
    become=(setpriv --reuid="${owner%:*}" --regid="${owner#*:}" --clear-groups --no-new-privs)
fi
chmod 0755 "$work"
install -d -m 0755 "$settings" "$(dirname "$program")" "$root/var/lib" "$root/var/backups" "$root/var/tmp"
install -d -m 0700 "$work/tmp" "$state" "$backups"
chown "$owner" "$work/tmp" "$state" "$backups" "$root/var/tmp"
install -m 0755 "$built" "$program"
cp -r "$project/data" "$settings/data"

# A free port, and the public address in feeds.
sed -e 's|^port = 8000$|port = 0|' -e 's|^# base_url = |base_url = |' "$project/Rocket.toml" >"$settings/Rocket.toml"
contains "$settings/Rocket.toml" 'port = 0'
contains "$settings/Rocket.toml" 'base_url = "https://kalender.example.no"'
cp "$settings/Rocket.toml" "$work/plain.toml"

read -ra check < <(unit ExecStartPre)
expect 0 in_unit "${check[@]}"
contains "$work/out" "sled:$state/store"
[ ! -e "$state/store" ] || fail "the check has made a store"
# The first store is created explicitly; the service never creates one.
expect 3 in_unit "${command[@]}"
contains "$work/err" --new
expect 0 calendar seed --new
open=$(find "$state" -perm /077)
[ -z "$open" ] || fail "others may look into $open"
if [ "$(id -u)" -eq 0 ]; then
    [ "$(in_unit id -u)" = 64321 ] || fail "it does not run as the user without rights"
fi
