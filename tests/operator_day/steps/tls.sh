# TLS in the program itself, with a certificate from a private authority.

tls=$settings/tls
install -d -m 0755 "$tls"
(
    cd "$tls"
    key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    openssl req -x509 "${key[@]}" -days 30 -subj "/CN=A certificate authority" -keyout ca.key -out ca.pem
    openssl req "${key[@]}" -subj /CN=kalender.example.no -keyout privkey.pem -out site.csr
    printf '%s\n' subjectAltName=DNS:kalender.example.no,IP:127.0.0.1 basicConstraints=critical,CA:FALSE \
        extendedKeyUsage=serverAuth >site.ext
    chmod 0600 privkey.pem
    chown "$owner" privkey.pem
) >"$work/openssl.log" 2>&1 || fail "$(cat "$work/openssl.log")"

# certify: issues a new certificate for the site's key.
certify() {
    (
        cd "$tls"
        openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile site.ext -out site.pem
        cat site.pem ca.pem >fullchain.pem
    ) >"$work/openssl.log" 2>&1 || fail "$(cat "$work/openssl.log")"
}
certify

sed -e 's|^# \[default.tls\]|[default.tls]|' \
    -e "s,^# \(certs\|key\) = \"/etc/letsencrypt/live/kalender.example.no/,\1 = \"$tls/," \
    "$work/plain.toml" >"$settings/Rocket.toml"
contains "$settings/Rocket.toml" "key = \"$tls/privkey.pem\""
expect 0 calendar --json serve --check
[ "$(field "$work/out" tls)" = True ] || fail "the check says nothing of TLS"

start tls serve
port=${address[tls]##*:}
case ${address[tls]} in https://*) ;; *) fail "no TLS: ${address[tls]}" ;; esac

# site PORT PATH [CURL'S OPTIONS…]: requests the site as a client that trusts the authority.
site() {
    local port=$1 path=$2
    shift 2
    curl --silent --show-error --max-time 60 --cacert "$tls/ca.pem" \
        --resolve "kalender.example.no:$port:127.0.0.1" "$@" "https://kalender.example.no:$port$path"
}
site "$port" /feeds/all.ics --fail >"$work/out"
contains "$work/out" BEGIN:VCALENDAR
site "$port" /health/ready --fail >"$work/out"
[ "$(field "$work/out" status)" = ok ] || fail "not ready"
# A client that does not trust the authority cannot connect.
expect 60 curl --silent --max-time 60 "${address[tls]}/feeds/all.ics"

# A renewed certificate takes effect without a restart.
serial() { openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -serial; }
before=$(serial)
certify
kill -HUP "${started[tls]}"
is_renewed() { [ -n "$(serial)" ] && [ "$(serial)" != "$before" ]; }
until_true "$work/tls.log" "the renewed certificate is not served" is_renewed
site "$port" /feeds/all.ics --fail --output /dev/null
stop tls
cp "$work/plain.toml" "$settings/Rocket.toml"
