#!/usr/bin/env bash
# The verdict of the engine beside the same model in PyMC with nutpie: the same diaries, one run, numbers and times.
#
#   bench/peers/verdict.sh
#
# Ends with 1 if a posterior mean differs by more than 0.03 posterior SD + 4 Monte-Carlo errors.
# LDN_PEERS_PYTHON names a Python that has what requirements.txt lists; without it, one is set up under `target`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

diaries=(s1_responder_open s6_dose_changes_and_hold) # both with a reference dose of 4.5 mg and whole points
bench="one whole verdict, four priors, s1"

say() { printf '%s\n' "$*" >&2; }

target="$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

python="${LDN_PEERS_PYTHON:-$target/peers-venv/bin/python}"
if [[ -z "${LDN_PEERS_PYTHON:-}" ]]; then
    [[ -x "$python" ]] || python3 -m venv "$target/peers-venv"
    "$python" -m pip install --quiet --requirement bench/peers/requirements.txt
fi

# Functions compiled by an earlier run would hide what the first compilation costs.
export PYTENSOR_FLAGS="base_compiledir=$work/compiled${PYTENSOR_FLAGS:+,$PYTENSOR_FLAGS}"

# Runs a command a number of times, its output thrown away; prints the medians in milliseconds.
timed() {
    "$python" - "$@" <<'PY'
import json, os, statistics, subprocess, sys, time

wall, cpu = [], []
for _ in range(int(sys.argv[1])):
    started = time.perf_counter()
    process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall.append(1e3 * (time.perf_counter() - started))
    cpu.append(1e3 * (used.ru_utime + used.ru_stime))
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{sys.argv[2:]} failed")
json.dump({"wall": statistics.median(wall), "cpu": statistics.median(cpu)}, sys.stdout)
PY
}

engine=("$target/release/ldn" verdict --json --reference-dose "4.5 mg" --step 1 --points 4096)
peer() { "$python" bench/peers/verdict_pymc.py "$@" --reference-dose 4.5 --step 1 --seed 1; }

say "building"
cargo build --quiet --release -p ldn
say "timing the engine in process, on the first diary"
cargo bench --quiet -p ldn-verdict --bench verdict -- "$bench" >&2
for points in 1024 4096; do
    cp "$target/criterion/$bench, $points points/new/estimates.json" "$work/criterion.$points.json"
done

for diary in "${diaries[@]}"; do
    file="golden/verdict/$diary.csv"
    say "$diary: the engine"
    "${engine[@]}" "$file" >"$work/$diary.engine.json"
    timed 20 "${engine[@]}" "$file" >"$work/$diary.process.json"
    for copies in 1 101; do
        mkdir "$work/$diary.$copies"
        for ((i = 0; i < copies; i++)); do cp "$file" "$work/$diary.$copies/$i.csv"; done
        timed 5 "${engine[@]}" --threads 1 "$work/$diary.$copies" >"$work/$diary.folder$copies.json"
    done
    say "$diary: PyMC, first compilation"
    peer "$file" --tune 10 --draws 10 >"$work/$diary.first.json"
    say "$diary: PyMC, sampling"
    peer "$file" >"$work/$diary.usual.json"
    say "$diary: PyMC, sampling with a low-rank mass matrix"
    peer "$file" --low-rank >"$work/$diary.lowrank.json"
done

model="$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)"
printf 'machine    %s, %s cores; load average %s\n' "${model:-$(uname -m)}" "$(getconf _NPROCESSORS_ONLN)" \
    "$(cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown)"
printf 'engine     %s, commit %s, %s\n' "$("$target/release/ldn" --version)" \
    "$(git describe --always --dirty 2>/dev/null || echo unknown)" "$(rustc --version)"
"$python" - "$work" "${diaries[@]}" <<'PY'
import json, pathlib, platform, sys

work, diaries = pathlib.Path(sys.argv[1]), sys.argv[2:]
ESTIMANDS = ("baseline", "total", "drug_now", "nonspecific_now", "b", "total_ss")
MEAN_TOLERANCE_SD, MONTE_CARLO_ERRORS = 0.03, 4


def load(name):
    return json.loads((work / f"{name}.json").read_text())


def row(*cells):
    print(f"  {cells[0]:<16}{cells[1]:<12}" + "".join(f"{cell:>9}" for cell in cells[2:]))


def seven(of):
    return [of["mean"], of["sd"], *of["q"]]


versions = load(f"{diaries[0]}.usual")["versions"]
print("peer       Python " + platform.python_version() + "".join(f", {k} {v}" for k, v in versions.items()))
in_process = {n: load(f"criterion.{n}")["median"]["point_estimate"] / 1e6 for n in (1024, 4096)}

disagreements = []
for diary in diaries:
    engine, first = load(f"{diary}.engine"), load(f"{diary}.first")["seconds"]["compile"]
    runs = {"usual": load(f"{diary}.usual"), "low rank": load(f"{diary}.lowrank")}
    usual = runs["usual"]
    settings = usual["settings"]
    print(f"\n{diary}: {usual['days']} days, {usual['scored']} scored")

    print("\n  Engine, four priors, with the checks and the words; ms")
    row("", "", "elapsed", "CPU")
    process = load(f"{diary}.process")
    one, many = load(f"{diary}.folder1"), load(f"{diary}.folder101")
    further = {k: (many[k] - one[k]) / 100 for k in one}
    row("whole process", "", f"{process['wall']:.1f}", f"{process['cpu']:.1f}")
    row("one more diary", "", f"{further['wall']:.1f}", f"{further['cpu']:.1f}")
    own = further["wall"]
    if diary == diaries[0]:
        own = in_process[4096]
        row("in process", "", f"{own:.1f}")
        row("  1,024 points", "", f"{in_process[1024]:.1f}")

    print(f"\n  PyMC, the main prior only, {settings['chains']} chains of {settings['tune']} + {settings['draws']}; s")
    row("", "", "elapsed", "CPU", "diverged", "min. ESS", "max. R")
    row("compile, first", "", f"{first['wall']:.1f}", f"{first['cpu']:.1f}")
    for name, run in runs.items():
        seconds, quantities = run["seconds"], run["quantities"].values()
        row("compile, again", name, *(f"{seconds['compile'][k]:.1f}" for k in ("wall", "cpu")))
        row("sample", name, *(f"{seconds['sample'][k]:.1f}" for k in ("wall", "cpu")), run["divergences"],
            f"{min(q['ess_bulk'] for q in quantities):.0f}", f"{max(q['rhat'] for q in quantities):.4f}")

    which = "in process" if diary == diaries[0] else "one more diary"
    print(f"\n  How many times longer PyMC takes, elapsed, against the engine's whole process and `{which}`")
    row("", "", "process", "inside")
    for name, run in runs.items():
        sample, again = (1e3 * run["seconds"][k]["wall"] for k in ("sample", "compile"))
        for what, ms in (("sampling", sample), ("and compiling", sample + again)):
            row(what, name, f"{ms / process['wall']:,.0f}", f"{ms / own:,.0f}")
    sample = 1e3 * usual["seconds"]["sample"]["cpu"]
    row("sampling, CPU", "usual", f"{sample / process['cpu']:,.0f}", f"{sample / further['cpu']:,.0f}")

    print("\n  Differences (engine less PyMC, usual) and Monte-Carlo errors in posterior SDs")
    row("", "", "mean", "SD", "5 %", "25 %", "50 %", "75 %", "95 %")
    for name in ESTIMANDS:
        ours, theirs = engine["quantities"][name], usual["quantities"][name]
        errors = [theirs["mcse_mean"], theirs["mcse_sd"], *theirs["mcse_q"]]
        row(name, "engine", *(f"{v:.3f}" for v in seven(ours)))
        row("", "PyMC", *(f"{v:.3f}" for v in seven(theirs)))
        row("", "difference", *(f"{(a - b) / theirs['sd']:+.3f}" for a, b in zip(seven(ours), seven(theirs))))
        row("", "MC error", *(f"{e / theirs['sd']:.3f}" for e in errors))

    for kind, run in runs.items():
        for name in ESTIMANDS:
            ours, theirs = engine["quantities"][name], run["quantities"][name]
            apart = abs(ours["mean"] - theirs["mean"]) / theirs["sd"]
            allowed = MEAN_TOLERANCE_SD + MONTE_CARLO_ERRORS * theirs["mcse_mean"] / theirs["sd"]
            if not apart <= allowed:
                found = f"mean of {name} differs by {apart:.3f} SD, allowed {allowed:.3f}"
                disagreements.append(f"{diary}, {kind}: {found}")

print()
for line in disagreements:
    print("DISAGREES  " + line)
if not disagreements:
    print(f"All means agree within {MEAN_TOLERANCE_SD} SD + {MONTE_CARLO_ERRORS} Monte-Carlo errors.")
sys.exit(bool(disagreements))
PY
