# nginx and Caddy as reverse proxies, configured by the shipped examples.

start service serve
upstream=${address[service]#http://}

# put FILE FROM TO: replaces FROM in an example, which must differ on this machine.
put() {
    contains "$1" "$2"
    python3 - "$@" <<'PYTHON'
import sys
path, old, new = sys.argv[1:]
text = open(path, encoding="utf-8").read()
open(path, "w", encoding="utf-8").write(text.replace(old, new))
PYTHON
}

proxies=$work/proxies
mkdir "$proxies"
nginx_port=$(free_port)
nginx_plain=$(free_port)
example=$proxies/calendar.conf
cp "$docs/nginx.conf" "$example"
put "$example" 'listen 443 ssl' "listen 127.0.0.1:$nginx_port ssl"
put "$example" '    listen [::]:443 ssl http2;' ''
put "$example" 'listen 80;' "listen 127.0.0.1:$nginx_plain;"
put "$example" '    listen [::]:80;' ''
put "$example" 127.0.0.1:8000 "$upstream"
put "$example" /var/log/nginx/ "$proxies/"
put "$example" /etc/letsencrypt/live/kalender.example.no/ "$tls/"
user=
[ "$(id -u)" -ne 0 ] || user='user root;'
kinds=
for kind in client_body proxy fastcgi uwsgi scgi; do kinds+="${kind}_temp_path $proxies/$kind; "; done
cat >"$proxies/nginx.conf" <<NGINX
daemon off; pid $proxies/nginx.pid; error_log $proxies/error.log; $user
events { worker_connections 100; }
http { access_log off; $kinds include $example; }
NGINX
nginx -c "$proxies/nginx.conf" -e "$proxies/error.log" >"$proxies/nginx.log" 2>&1 &
started[nginx]=$!

caddy_port=$(free_port)
caddy_plain=$(free_port)
example=$proxies/Caddyfile
cp "$docs/Caddyfile" "$example"
ours="{
	admin off
	default_bind 127.0.0.1
	https_port $caddy_port
	http_port $caddy_plain
	servers {"
put "$example" '{
	servers {' "$ours"
put "$example" '
kalender.example.no {' "
kalender.example.no {
	tls $tls/fullchain.pem $tls/privkey.pem"
put "$example" 127.0.0.1:8000 "$upstream"
HOME=$proxies XDG_DATA_HOME=$proxies XDG_CONFIG_HOME=$proxies \
    caddy run --adapter caddyfile --config "$example" >"$proxies/caddy.log" 2>&1 &
started[caddy]=$!

answers() { site "$1" /health/live --output /dev/null 2>/dev/null; }
get service /feeds/all.ics >"$work/direct"
for proxy in nginx caddy; do
    secure=${proxy}_port plain=${proxy}_plain
    until_true "$proxies/$proxy.log" "$proxy does not answer" answers "${!secure}"
    site "${!secure}" /feeds/all.ics --fail >"$work/out"
    cmp "$work/direct" "$work/out" || fail "$proxy changes the feed"
    # No metrics for other machines.
    code=$(site "${!secure}" /metrics --interface 127.0.0.2 --output /dev/null --write-out '%{http_code}')
    case $code in 403 | 404) ;; *) fail "$proxy shows the metrics: $code" ;; esac
    to=$(curl --silent --max-time 60 --resolve "kalender.example.no:${!plain}:127.0.0.1" --output /dev/null \
        --write-out '%{redirect_url}' "http://kalender.example.no:${!plain}/subscribe")
    [ "$to" = https://kalender.example.no/subscribe ] || fail "$proxy sends http to «$to»"
    kill "${started[$proxy]}"
    wait "${started[$proxy]}" || true
    unset "started[$proxy]"
done
