#!/usr/bin/env bash
# Crawls a running site as a signed-in patient and attacks every page, form and field that it finds.
#
#   tests/outside/wapiti.sh PATH-TO-LDN [SECONDS]
#
# Fails on any finding of medium or above (wapiti's levels 2 to 4), on a session that ended under way, and if fewer than 40
# addresses were found, because then nothing was tried. SECONDS bounds each kind of attack, 120 without it. The site is `ldn
# serve --sample`, whose store is gone afterwards. Left out are what asks hosts elsewhere (ssrf, xxe, log4shell, takeover),
# what needs TLS, lists of other people's software, and `csrf`, which knows a token only by names that ours has not: that
# nothing is changed from other sites is tried by `no_other_site_changes_anything`. Needs curl, jq and wapiti 3, named by WAPITI or installed from PyPI
# into ~/.cache/ldn-check.
set -euo pipefail

ldn="${1:?the path of ldn}"
seconds="${2:-120}"
tools="${XDG_CACHE_HOME:-$HOME/.cache}/ldn-check"
wapiti="${WAPITI:-$tools/wapiti/bin/wapiti}"
if ! command -v "$wapiti" >/dev/null; then
    echo "installing wapiti (attacks the pages as strangers do) into $tools/wapiti…"
    python3 -m venv "$tools/wapiti"
    "$tools/wapiti/bin/pip" install --quiet --disable-pip-version-check 'wapiti3==3.2.*'
fi

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/site.sh"
start_site "$ldn"
sign_in

modules=cookieflags,crlf,csp,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,shellshock
modules+=,spring4shell,sql,timesql,upload,xss
# The session's token stays as it is, or every form would be refused before it reads anything.
"$wapiti" --url "$origin/today" --start "$origin/more" --start "$origin/danger/en/opioid" --scope domain \
    --header "cookie: $cookie" --header 'sec-fetch-site: same-origin' --skip form_token \
    --exclude "$origin/sign-out" --exclude "$origin/sessions" --exclude "$origin/static/*" \
    --module "$modules" --max-attack-time "$seconds" --max-links-per-page 60 --max-files-per-dir 60 --tasks 4 \
    --store-session "$folder/session" --store-config "$folder/config" --flush-session --timeout 10 \
    --format json --output "$folder/found.json" --detailed-report 1 --verbose 1 >"$folder/wapiti.txt" 2>&1 || {
    cat "$folder/wapiti.txt"
    exit 1
}
still_signed_in || {
    echo "the session ended under way, so what followed was a stranger's" >&2
    exit 1
}
# That the patient's pages were seen and their forms taken, and not only the door.
curl -sS -o "$folder/counted.txt" "$metrics"
for seen in 'plan",method="GET",status="2xx' 'events/procedure",method="POST",status="3xx' 'labs",method="POST",status="4xx'; do
    grep -qF "route=\"/$seen" "$folder/counted.txt" || {
        echo "no request was counted as route=\"/$seen\"" >&2
        exit 1
    }
done
pages="$(jq '.infos.crawled_pages_nbr' "$folder/found.json")"
printf '%s requests of the site, %s addresses and forms crawled, modules %s\n' \
    "$(count_requests)" "$pages" "$modules"
count_by_status
jq -r '[.vulnerabilities, .anomalies] | map(to_entries[]) | .[] | .key as $kind | .value[] |
    "level \(.level) \($kind): \(.method) \(.path) \(.parameter // "") \(.info)"' "$folder/found.json" |
    sort | uniq -c | tee "$folder/findings.txt"
if grep -E '^ *[0-9]+ level [2-9]' "$folder/findings.txt" || ((pages < 40)); then
    exit 1
fi
echo "nothing of medium or above"
