#!/usr/bin/env python3
"""The model `verdict-1` of one diary, sampled with PyMC and nutpie, as an independent witness of `ldn verdict`.

Nothing is shared with the engine but the specification. The twelve linear coefficients are sampled, not integrated
out; the latent process is integrated out by a dense covariance matrix, not by a filter; the courses of the effects
come from the closed form of the step response, not from a recursion. Prints JSON.
"""

import argparse
import csv
import datetime
import importlib.metadata
import json
import os
import time
import warnings

# Matrices of a hundred days gain nothing from threads, and the chains already fill the cores.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# ArviZ announces its next version; nutpie compiles with Numba, so PyTensor's own linear algebra does not matter.
warnings.filterwarnings("ignore", message=r"\s*ArviZ is undergoing", category=FutureWarning)
warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")

import arviz as az
import numpy as np
import nutpie
import pymc as pm
import pytensor.tensor as pt

# Prior set `ldn-pain-1`, main opinion of the drug: mean and SD.
LINEAR_PRIORS = {
    "mu": (6.0, 2.0),
    "z": (0.0, 0.25),
    "delta": (0.0, 0.5),
    "p1": (0.4, 0.8),
    "p2": (0.4, 0.5),
    "p3": (0.1, 0.4),
    "b": (0.3, 0.9),
}
NONLINEAR_PRIORS = {
    "log_tau_b": (np.log(16.0), 0.7),
    "log_ed50_rel": (np.log(0.67), 0.5),
    "log_tau_p": (np.log(10.0), 0.9),
    "log_ell": (np.log(7.0), 0.9),
    "log_sigma": (np.log(1.2), 0.4),
    "logit_phi": (0.0, 1.2),
}

LONGEST_GAP_ON_TREATMENT = 6
BASELINE_DAYS = 28
EVALUATION_DAYS = 28
LONGEST_IN_FULL = 1_500
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

PACKAGES = ("pymc", "nutpie", "pytensor", "numba", "numpy", "arviz")


class Diary:
    """A diary and what follows from it before anything is estimated."""

    def __init__(self, path, reference_dose):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        dates = [datetime.date.fromisoformat(row["date"]) for row in rows]
        if any((b - a).days != 1 for a, b in zip(dates, dates[1:])):
            raise SystemExit(f"{path}: a row for every calendar day is needed, in order")
        if len(rows) > LONGEST_IN_FULL:
            raise SystemExit(f"{path}: diaries of more than {LONGEST_IN_FULL} days are not covered")
        n = self.n = len(rows)
        self.weekday = np.array([date.weekday() for date in dates])
        self.dose = np.array([float(row["dose_mg"]) for row in rows])
        self.reference_dose = reference_dose
        capsule = np.array([row["capsule"] == "1" for row in rows])
        blind = np.array([row["blind"] == "1" for row in rows])
        score = np.array([float(row["pain"] or "nan") for row in rows])
        self.scored = np.flatnonzero(~np.isnan(score))
        self.score = score[self.scored]
        taken = np.flatnonzero(capsule)
        if len(taken) == 0 or len(self.scored) == 0:
            raise SystemExit(f"{path}: needs at least one capsule and one score")
        self.first = int(taken[0])

        phase = capsule.copy()
        for a, b in zip(taken, taken[1:]):
            if b - a - 1 <= LONGEST_GAP_ON_TREATMENT:
                phase[a:b] = True
        days = np.arange(n)
        # What pushes each of the three nonspecific courses: started, on treatment, known to be active.
        self.pushes = np.array([days >= self.first, phase, phase & ~blind], dtype=float)

        self.baseline = days[(days > self.first - BASELINE_DAYS) & (days <= self.first)]
        after = days[self.first + 1:]
        treated = after[phase[after - 1]][-EVALUATION_DAYS:]
        self.evaluation = treated if len(treated) else np.array([n - 1])

    def drift(self, days):
        """The column of delta: time since the start in units of 90 days."""
        return (days - self.first) / 90.0


def days_since(days, starts):
    """Days from each start (a column) to each day (a row); 0 before the start."""
    return np.maximum(days[:, None] - starts[None, :], 0).astype(float)


def steps(values):
    """Where a course that begins at 0 changes, and by how much."""
    change = np.diff(values, prepend=0.0)
    at = np.flatnonzero(change)
    return at, change[at]


def one_stage(xp, diary, log_tau_p, days):
    """The three nonspecific courses on the given days: a step n days ago contributes 1 - q^n."""
    q = xp.exp(-xp.exp(-log_tau_p))
    courses = []
    for push in diary.pushes:
        at, change = steps(push)
        courses.append((1.0 - q ** days_since(days, at)) @ change)
    return courses


def two_stages(xp, diary, log_tau_b, log_ed50_rel, days):
    """The drug course on the given days: a step n days ago contributes 1 - q^n (1 + n k), where q = 1 - k."""
    levels, level = np.unique(np.append(0.0, diary.dose), return_inverse=True)
    half = xp.exp(2.0 * log_ed50_rel)
    relative = (levels / diary.reference_dose) ** 2
    response = relative / (relative + half) * (1.0 + half)
    at = np.flatnonzero(np.diff(level))
    change = response[level[at + 1]] - response[level[at]]
    q = xp.exp(-2.0 * xp.exp(-log_tau_b))
    n = days_since(days, at)
    return (1.0 - q**n * (1.0 + n * (1.0 - q))) @ change


def weekday_contrasts():
    """The 7 x 6 orthonormal Helmert matrix."""
    contrasts = np.zeros((7, 6))
    for j in range(1, 7):
        contrasts[:j, j - 1] = 1.0 / np.sqrt(j * (j + 1))
        contrasts[j, j - 1] = -j / np.sqrt(j * (j + 1))
    return contrasts


def build(diary, step):
    """The model with every linear and nonlinear parameter explicit and the latent process integrated out."""
    days = diary.scored
    lag = np.abs(days[:, None] - days[None, :]).astype(float)
    with pm.Model() as model:
        linear = {
            name: pm.Normal(name, *prior, shape=6 if name == "z" else None)
            for name, prior in LINEAR_PRIORS.items()
        }
        theta = {name: pm.Normal(name, *prior) for name, prior in NONLINEAR_PRIORS.items()}

        p1, p2, p3 = one_stage(pt, diary, theta["log_tau_p"], days)
        mean = (
            linear["mu"]
            + pt.dot(weekday_contrasts()[diary.weekday[days]], linear["z"])
            - linear["delta"] * diary.drift(days)
            - linear["p1"] * p1
            - linear["p2"] * p2
            - linear["p3"] * p3
            - linear["b"] * two_stages(pt, diary, theta["log_tau_b"], theta["log_ed50_rel"], days)
        )
        variance = pt.exp(2.0 * theta["log_sigma"])
        phi = pm.math.sigmoid(theta["logit_phi"])
        slow = variance * phi * pt.exp(-lag * pt.exp(-theta["log_ell"]))
        fast = variance * (1.0 - phi) + step**2 / 12.0
        pm.MvNormal("score", mean, cov=slow + fast * np.eye(len(days)), observed=diary.score)
    return model


def estimands(diary, posterior):
    """What is reported, draw by draw, from averages of the courses over the two windows."""
    draws = {name: posterior[name].values for name in [*LINEAR_PRIORS, *NONLINEAR_PRIORS] if name != "z"}
    shape = draws["b"].shape
    before, now, drift = {}, {}, {}
    for window, days in ((before, diary.baseline), (now, diary.evaluation)):
        window["delta"] = np.full(shape, diary.drift(days).mean())
        for name in ("p1", "p2", "p3", "b"):
            window[name] = np.empty(shape)
        for i in np.ndindex(shape):
            courses = one_stage(np, diary, draws["log_tau_p"][i], days)
            courses.append(two_stages(np, diary, draws["log_tau_b"][i], draws["log_ed50_rel"][i], days))
            for name, course in zip(("p1", "p2", "p3", "b"), courses):
                window[name][i] = course.mean()
    change = {name: draws[name] * (now[name] - before[name]) for name in now}
    total = sum(change.values())
    nonspecific = total - change["b"]
    return {
        "baseline": draws["mu"] - sum(draws[name] * before[name] for name in before),
        "total": total,
        "drug_now": change["b"],
        "nonspecific_now": nonspecific,
        "b": draws["b"],
        "total_ss": nonspecific + draws["b"] * (1.0 - before["b"]),
    }


def summary(draws):
    """Mean, SD and quantiles with their Monte-Carlo errors, and whether the chains agree."""
    def error(**of):
        return np.ravel(az.mcse(draws, **of))[0].item()

    return {
        "mean": draws.mean().item(),
        "sd": draws.std(ddof=1).item(),
        "q": np.quantile(draws, QUANTILES).tolist(),
        "mcse_mean": error(method="mean"),
        "mcse_sd": error(method="sd"),
        "mcse_q": [error(method="quantile", prob=q) for q in QUANTILES],
        "rhat": az.rhat(draws).item(),
        "ess_bulk": az.ess(draws).item(),
    }


class Clock:
    """Elapsed time and processor time, of all threads, since the last reading."""

    def __init__(self):
        self.last = time.perf_counter(), time.process_time()

    def lap(self):
        now = time.perf_counter(), time.process_time()
        wall, cpu = (b - a for a, b in zip(self.last, now))
        self.last = now
        return {"wall": wall, "cpu": cpu}


def main():
    parser = argparse.ArgumentParser(description="The model of `ldn verdict` for one diary, by PyMC and nutpie.")
    parser.add_argument("diary", help="CSV with the columns date, dose_mg, capsule, blind, arm, pain; a row per day")
    parser.add_argument("--reference-dose", type=float, required=True, metavar="MG", help="planned maintenance dose")
    parser.add_argument("--step", type=float, default=1.0, help="smallest difference between two scores")
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--tune", type=int, default=500, help="steps of adaptation per chain")
    parser.add_argument("--draws", type=int, default=1_000, help="draws kept per chain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--low-rank", action="store_true", help="low-rank instead of diagonal mass matrix")
    args = parser.parse_args()

    diary = Diary(args.diary, args.reference_dose)
    seconds, clock = {}, Clock()
    compiled = nutpie.compile_pymc_model(build(diary, args.step))
    seconds["compile"] = clock.lap()
    trace = nutpie.sample(
        compiled,
        chains=args.chains,
        tune=args.tune,
        draws=args.draws,
        seed=args.seed,
        low_rank_modified_mass_matrix=args.low_rank,
        progress_bar=False,
    )
    seconds["sample"] = clock.lap()
    quantities = {name: summary(draws) for name, draws in estimands(diary, trace.posterior).items()}
    theta = {name: summary(trace.posterior[name].values) for name in NONLINEAR_PRIORS}
    seconds["summarise"] = clock.lap()
    result = {
        "days": diary.n,
        "scored": len(diary.scored),
        "settings": {**vars(args), "diary": os.path.basename(args.diary)},
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "seconds": seconds,
        "divergences": int(trace.sample_stats["diverging"].sum()),
        "gradients": int(trace.sample_stats["n_steps"].sum()),
        "quantities": quantities,
        "theta": theta,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
