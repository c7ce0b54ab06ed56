#!/usr/bin/env bash
# Asks a running site whatever the OpenAPI document allows, and much that it does not, as a patient and as a stranger.
#
#   tests/outside/schemathesis.sh PATH-TO-LDN [REQUESTS]
#
# Goes on until the site itself has counted REQUESTS (20,000 without it), in rounds: each with a site of its own (`ldn serve
# --sample`, whose store is gone afterwards) and another seed, every fifth without a session. Fails on an answer 5xx, a
# status or media type that the document does not name, an answer that its schema does not describe, a method that is not
# refused with 405, an answer after more than 5 s, and an error in the site's log. Needs curl and schemathesis 4, named by
# SCHEMATHESIS or installed from PyPI into ~/.cache/ldn-check.
set -euo pipefail

ldn="${1:?the path of ldn}"
requests="${2:-20000}"
# Random requests per address, beside those that go through the bounds of every field.
examples="${EXAMPLES:-40}"
tools="${XDG_CACHE_HOME:-$HOME/.cache}/ldn-check"
schemathesis="${SCHEMATHESIS:-$tools/schemathesis/bin/schemathesis}"
if ! command -v "$schemathesis" >/dev/null; then
    echo "installing schemathesis (asks the API what nobody thought of) into $tools/schemathesis…"
    python3 -m venv "$tools/schemathesis"
    "$tools/schemathesis/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.*'
fi

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/site.sh"

checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method

# One round; says in `counted` how many requests the site has answered.
round() {
    local seed="$1" options=()
    start_site "$ldn"
    if ((seed % 5 == 0)); then
        who=stranger
        options=(--generation-with-security-parameters true)
        : >"$folder/schemathesis.toml"
    else
        sign_in
        who="patient $name"
        options=(--header "cookie: $cookie" --generation-with-security-parameters false)
        # With the session gone, every later request would be a stranger's; the tool finds its name in the list.
        options+=(--exclude-operation-id sign_out --exclude-operation-id end_session)
        printf '[parameters]\n"path.course" = "%s"\n"header.x-form-token" = "%s"\n' "$course" "$token" \
            >"$folder/schemathesis.toml"
    fi
    "$schemathesis" --config-file "$folder/schemathesis.toml" run "$origin/api/openapi.json" \
        --header 'sec-fetch-site: same-origin' "${options[@]}" --checks "$checks" --max-examples "$examples" \
        --seed "$seed" --request-timeout 5 --max-response-time 5 --workers 2 --warnings off --generation-database none \
        --no-color >"$folder/round.txt" 2>&1 || {
        cat "$folder/round.txt"
        grep . "$folder/errors.txt" || true
        return 1
    }
    counted="$(count_requests)"
    grep -n 'error' "$folder/errors.txt" && return 1
    statuses="$(count_by_status)"
    [[ $who == stranger ]] || still_signed_in || {
        echo "round $seed: the session ended under way, so what followed was a stranger's" >&2
        return 1
    }
    stop_site
    printf 'round %d, %s: %d requests (%s)\n' "$seed" "$who" "$counted" "$statuses"
    case "$statuses" in *5xx*) return 1 ;; esac
}

all=0
seed="${SEED:-0}"
while ((all < requests)); do
    seed=$((seed + 1))
    round "$seed"
    all=$((all + counted))
done
printf '%d requests, none failed\n' "$all"
