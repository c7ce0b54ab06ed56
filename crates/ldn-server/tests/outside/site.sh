# shellcheck shell=bash
# A site of sample courses for tools from outside; sourced, not run.

folder="$(mktemp -d)"
site=
stop_site() {
    if [[ -n "$site" ]]; then
        kill "$site" 2>/dev/null || true
        wait "$site" 2>/dev/null || true
        site=
    fi
}
trap 'stop_site; rm -rf "$folder"' EXIT

# Starts `ldn serve --sample` on free ports; sets `origin`, `metrics`, `name` and `password`.
start_site() {
    "$1" serve --sample --listen 127.0.0.1:0 --metrics 127.0.0.1:0 >"$folder/serve.txt" 2>"$folder/errors.txt" &
    site=$!
    for _ in $(seq 400); do
        grep -q '/metrics' "$folder/serve.txt" && break
        kill -0 "$site" 2>/dev/null || break
        sleep 0.3
    done
    origin="$(sed -n 's/^ldn is at \(http:[^ ,]*\).*/\1/p' "$folder/serve.txt")"
    metrics="$(sed -n 's/.*\(http:[^ ,]*\/metrics\)\..*/\1/p' "$folder/serve.txt")"
    password="$(sed -n 's/.*the password "\(.*\)":.*/\1/p' "$folder/serve.txt")"
    name="$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$folder/serve.txt" | head -n 1)"
    [[ -n "$origin" && -n "$metrics" && -n "$name" ]] || {
        echo "the site did not start:" >&2
        cat "$folder/serve.txt" "$folder/errors.txt" >&2
        exit 1
    }
}

# Signs in as the first of the sample patients; sets `cookie`, `token` and `course`.
sign_in() {
    local answer
    answer="$(curl -sS -i -H 'content-type: application/json' \
        --data "{\"name\":\"$name\",\"password\":\"$password\"}" "$origin/api/sign-in")"
    cookie="$(sed -n 's/^set-cookie: \(__Host-session=[0-9a-zA-Z_-]*\).*/\1/ip' <<<"$answer" | tr -d '\r')"
    token="$(sed -n 's/.*"form_token":"\([^"]*\)".*/\1/p' <<<"$answer")"
    course="$(curl -sS -H "cookie: $cookie" "$origin/api/courses" | sed -n 's/.*"course":"\([^"]*\)".*/\1/p')"
    [[ -n "$cookie" && -n "$token" && -n "$course" ]] || {
        echo "nobody could sign in as '$name':" >&2
        printf '%s\n' "$answer" >&2
        exit 1
    }
}

# True while the session of `cookie` runs.
still_signed_in() { curl -sS -o "$folder/session.json" -w '%{http_code}' -H "cookie: $cookie" "$origin/api/session" | grep -q 200; }

# How many requests the site has answered, by its own count.
count_requests() { curl -sS "$metrics" | awk '/^ldn_requests_total/ { n += $NF } END { print n + 0 }'; }

# The same by class of status.
count_by_status() {
    curl -sS "$metrics" | sed -n 's/^ldn_requests_total{.*status="\(.xx\)"} \(.*\)/\1 \2/p' |
        awk '{ n[$1] += $2 } END { for (class in n) printf "%s %d\n", class, n[class] }' | sort | paste -sd, - | sed 's/,/, /g'
}
