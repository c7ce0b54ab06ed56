#!/usr/bin/env bash
# Asks a running site whatever the OpenAPI document allows, and some of what it does not, as a patient of the samples.
#
#   tests/outside/schemathesis.sh PATH-TO-LDN [EXAMPLES]
#
# Needs schemathesis 4 from PyPI, or SCHEMATHESIS naming it, and curl. EXAMPLES is per address, 200 without it. It starts
# `ldn serve --sample`, whose store is gone afterwards, on a free port.
set -euo pipefail

ldn="${1:?the path of ldn}"
examples="${2:-200}"
schemathesis="${SCHEMATHESIS:-schemathesis}"
folder="$(mktemp -d)"
"$ldn" serve --sample --listen 127.0.0.1:0 >"$folder/serve.txt" 2>"$folder/errors.txt" &
site=$!
trap 'kill "$site" 2>/dev/null || true; rm -rf "$folder"' EXIT

for _ in $(seq 200); do
    grep -q 'Stop it' "$folder/serve.txt" && break
    sleep 0.3
done
origin="$(sed -n 's/^ldn is at \(http:[^ ,]*\).*/\1/p' "$folder/serve.txt")"
password="$(sed -n 's/.*the password "\(.*\)":.*/\1/p' "$folder/serve.txt")"
name="$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$folder/serve.txt" | head -n 1)"

cookie="$(curl -sS -o /dev/stderr -D - -H 'sec-fetch-site: same-origin' --data-urlencode "name=$name" \
    --data-urlencode "password=$password" "$origin/sign-in" 2>/dev/null |
    sed -n 's/^set-cookie: \(__Host-session=[0-9a-zA-Z_-]*\).*/\1/ip')"
[[ -n "$cookie" ]] || {
    echo "nobody could sign in as '$name'" >&2
    exit 1
}
word() { curl -sS -H "cookie: $cookie" "$origin$1" | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; }
token="$(word /api/session form_token)"
course="$(word /api/courses course)"

cat >"$folder/schemathesis.toml" <<TOML
[parameters]
"path.course" = "$course"
"header.x-form-token" = "$token"
TOML
# Not asked: whether a request without a session is refused is the business of the tests in Rust, and what a scalar of
# the address may not be is 404 here, as for every course that is not there.
"$schemathesis" --config-file "$folder/schemathesis.toml" run "$origin/api/openapi.json" \
    --header "cookie: $cookie" --header 'sec-fetch-site: same-origin' \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --max-examples "$examples" --seed 1 --no-color
! grep -n 'error' "$folder/errors.txt"
