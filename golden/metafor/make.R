# Writes the reference numbers of this folder. Run in this folder: Rscript make.R
# Printed with R 4.2.2 and metafor 3.8-1 (Debian 12, package r-cran-metafor). Reads dat.*.csv; writes everything else but
# reference_results.csv, which it computes anew and compares.
suppressMessages(library(metafor))
options(digits = 16, warn = 1)

# What metafor's iterations converge to, instead of where they stop by default.
fit_control <- function(x) list(threshold = 1e-14 * max(0.1, var(x$yi)), tol = 1e-15, maxiter = 10000)
root_control <- list(tol = 1e-15, maxiter = 10000)

sets <- list(
  dat.bcg = "RR", dat.normand1999 = "SMD", dat.molloy2014 = "ZCOR", dat.hine1989 = "RD")
trials <- lapply(names(sets), function(name) read.csv(paste0(name, ".csv")))
names(trials) <- names(sets)

save <- function(rows, file) {
  rows <- do.call(rbind, rows)
  numeric <- sapply(rows, is.numeric)
  rows[numeric] <- lapply(rows[numeric], function(x) ifelse(is.na(x), NA, sprintf("%.16g", x)))
  write.csv(rows, file, row.names = FALSE, quote = FALSE)
}

fit_row <- function(name, x, method, test, level, control) {
  # It warns that Knapp-Hartung is not meant for equal effects.
  m <- suppressWarnings(rma(yi, vi, data = x, method = method, test = test, level = level, control = control))
  p <- predict(m)
  pi <- if (method == "EE") c(NA, NA) else c(p$pi.lb, p$pi.ub)
  data.frame(dataset = name, k = m$k, method = method, test = test, level = level, estimate = c(m$beta), se = m$se,
    statistic = m$zval, ci_lb = m$ci.lb, ci_ub = m$ci.ub, pval = m$pval, tau2 = m$tau2, I2 = m$I2, H2 = m$H2, Q = m$QE,
    Qp = m$QEp, pi_lb = pi[1], pi_ub = pi[2])
}

# 1. The fits, converged.
extra <- list(
  two_apart = data.frame(yi = c(0.5, -0.9), vi = c(0.1, 0.2)),
  two_alike = data.frame(yi = c(0.5, 0.7), vi = c(0.1, 0.2)),
  identical = data.frame(yi = rep(0.25, 3), vi = c(0.1, 0.2, 0.4)),
  one_outweighs = data.frame(yi = c(0.1, 0.9, -0.4, 0.3), vi = c(1e-6, 0.5, 0.4, 0.7)),
  wide = data.frame(yi = c(-30, 12, 45, 3, -8), vi = c(2, 5, 1, 9, 4)))
everything <- c(trials, extra)
rows <- list()
for (name in names(everything)) for (method in c("EE", "DL", "PM", "REML")) for (test in c("z", "knha")) {
  if (name == "identical" && test == "knha") next
  for (level in c(95, 80)) {
    # metafor brackets the Paule-Mandel root between 0 and 100 unless told otherwise.
    control <- c(fit_control(everything[[name]]), if (method == "PM") list(tau2.max = 1e4))
    rows[[length(rows) + 1]] <- fit_row(name, everything[[name]], method, test, level, control)
  }
}
save(rows, "exact_fits.csv")
save(lapply(names(extra), function(name) cbind(dataset = name, extra[[name]])), "extra_studies.csv")

# 2. Q-profile intervals, converged.
rows <- list()
for (name in names(everything)) for (level in c(95, 80)) {
  m <- rma(yi, vi, data = everything[[name]], control = fit_control(everything[[name]]))
  ci <- confint(m, level = level, control = c(root_control, list(tau2.max = 1e6)))$random
  rows[[length(rows) + 1]] <- data.frame(dataset = name, level = level, tau2_lb = ci["tau^2", "ci.lb"],
    tau2_ub = ci["tau^2", "ci.ub"], I2_lb = ci["I^2(%)", "ci.lb"], I2_ub = ci["I^2(%)", "ci.ub"],
    H2_lb = ci["H^2", "ci.lb"], H2_ub = ci["H^2", "ci.ub"])
}
save(rows, "q_profile.csv")

# 3. Egger's test.
save(lapply(names(trials), function(name) {
  r <- regtest(trials[[name]]$yi, trials[[name]]$vi, model = "lm")
  slope <- coef(summary(r$fit))[2, ]
  data.frame(dataset = name, slope = slope[[1]], se = slope[[2]], statistic = r$zval, df = r$dfs, pval = r$pval,
    limit = r$est, limit_lb = r$ci.lb, limit_ub = r$ci.ub)
}), "egger.csv")

# 4. Leaving one out, and adding one at a time in the order of the file (bcg: by year).
rows <- list()
for (name in c("dat.bcg", "dat.normand1999")) for (test in c("z", "knha")) {
  x <- trials[[name]]
  order <- if (name == "dat.bcg") order(x$year) else seq_len(nrow(x))
  subsets <- c(lapply(seq_len(nrow(x)), function(i) list(kind = "without", study = i, rows = -i)),
    lapply(seq_along(order)[-1], function(i) list(kind = "upto", study = order[i], rows = order[1:i])))
  for (s in subsets) {
    row <- fit_row(name, x[s$rows, ], "REML", test, 95, fit_control(x[s$rows, ]))
    rows[[length(rows) + 1]] <- cbind(kind = s$kind, study = s$study, row)
  }
}
save(rows, "sensitivity.csv")

# 5. Effect sizes.
counts <- data.frame(ai = c(4, 0, 12, 5, 0, 10), n1i = c(123, 20, 30, 20, 15, 10), ci = c(11, 3, 0, 20, 0, 10),
  n2i = c(139, 22, 28, 20, 14, 12))
rows <- list()
for (measure in c("RR", "OR", "RD")) {
  e <- escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = counts)
  rows[[measure]] <- data.frame(measure = measure, x1 = counts$ai, s1 = NA, n1 = counts$n1i, x2 = counts$ci, s2 = NA,
    n2 = counts$n2i, r = NA, yi = c(e$yi), vi = c(e$vi))
}
arms <- data.frame(m1 = c(55, 3.1, 5.2, 7), s1 = c(47, 1.2, 2.5, 2), n1 = c(155, 2, 99, 30000), m2 = c(75, 4.4, 5.3, 7.5),
  s2 = c(64, 2.2, 2.4, 2.1), n2 = c(156, 2, 51, 29000))
for (measure in c("MD", "SMD", "ROM")) {
  e <- escalc(measure, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = arms)
  rows[[measure]] <- data.frame(measure = measure, x1 = arms$m1, s1 = arms$s1, n1 = arms$n1, x2 = arms$m2, s2 = arms$s2,
    n2 = arms$n2, r = NA, yi = c(e$yi), vi = c(e$vi))
}
r <- c(-0.93, 0, 0.187, 0.5)
e <- escalc("ZCOR", ri = r, ni = c(4, 65, 109, 20))
rows$ZCOR <- data.frame(measure = "ZCOR", x1 = NA, s1 = NA, n1 = c(4, 65, 109, 20), x2 = NA, s2 = NA, n2 = NA, r = r,
  yi = c(e$yi), vi = c(e$vi))
paired <- cbind(arms[1:3, ], r = c(0.5, -0.3, 0.95))
e <- escalc("MC", m1i = m1, sd1i = s1, m2i = m2, sd2i = s2, ri = r, ni = n1, data = paired)
rows$MC <- data.frame(measure = "MC", x1 = paired$m1, s1 = paired$s1, n1 = paired$n1, x2 = paired$m2, s2 = paired$s2,
  n2 = paired$n1, r = paired$r, yi = c(e$yi), vi = c(e$vi))
save(rows, "effects.csv")

# 6. The posterior by R's adaptive quadrature, tau half-normal; for mu sd = Inf the flat prior.
posterior_row <- function(name, x, scale, m0, s0) {
  given <- function(tau) {
    w <- 1 / (x$vi + tau^2); w0 <- 1 / s0^2; total <- sum(w) + w0
    mean <- (sum(w * x$yi) + w0 * m0) / total
    misfit <- sum(w * (x$yi - mean)^2) + (if (w0 > 0) w0 * (m0 - mean)^2 else 0)
    c(mean, 1 / total, 0.5 * (sum(log(w)) - log(total) - misfit) - 0.5 * (tau / scale)^2)
  }
  top <- optimize(function(t) given(t)[3], c(0, 8 * scale), maximum = TRUE)$objective
  int <- function(f, from = 0, to = 10 * scale) integrate(function(ts) sapply(ts, function(t) { g <- given(t); exp(g[3] - top) * f(t, g) }),
    from, to, rel.tol = 1e-12, abs.tol = 0, subdivisions = 2000)$value
  total <- int(function(t, g) 1)
  tau <- int(function(t, g) t) / total
  tau_sd <- sqrt(int(function(t, g) (t - tau)^2) / total)
  mu <- int(function(t, g) g[1]) / total
  mu_sd <- sqrt(int(function(t, g) g[2] + (g[1] - mu)^2) / total)
  new_sd <- sqrt(int(function(t, g) g[2] + t^2 + (g[1] - mu)^2) / total)
  data.frame(dataset = name, tau_scale = scale, mu_mean = m0, mu_sd = s0, tau = tau, tau_sd = tau_sd,
    tau_below_half_scale = int(function(t, g) 1, 0, scale / 2) / total, mu = mu, mu_posterior_sd = mu_sd,
    mu_below_zero = int(function(t, g) pnorm(0, g[1], sqrt(g[2]))) / total, new_sd = new_sd,
    new_below_zero = int(function(t, g) pnorm(0, g[1], sqrt(g[2] + t^2))) / total)
}
rows <- list()
for (name in c(names(trials), "two_apart")) for (prior in list(c(0.5, 0, Inf), c(0.25, 0, 1), c(1, -0.5, 0.4)))
  rows[[length(rows) + 1]] <- posterior_row(name, everything[[name]], prior[1], prior[2], prior[3])
save(rows, "posterior.csv")

# 7. Tails and quantiles.
rows <- list()
for (df in c(1, 2, 3, 5, 12, 30, 199, 9999)) for (p in c(1e-8, 0.001, 0.025, 0.2, 0.5, 0.9, 0.975)) rows[[length(rows) + 1]] <-
  data.frame(df = df, p = p, chi_squared = qchisq(p, df), t_beyond = qt(p / 2, df, lower.tail = FALSE))
save(rows, "quantiles.csv")

# 8. reference_results.csv, anew: default settings, ten digits.
old <- read.csv("reference_results.csv")
rows <- list()
for (name in names(trials)) {
  for (method in c("EE", "DL", "PM", "REML")) for (test in c("z", "knha")) {
    if (method == "EE" && test == "knha") next
    rows[[length(rows) + 1]] <- fit_row(name, trials[[name]], method, test, 95, list())
  }
}
new <- do.call(rbind, rows)
fits <- subset(old, method %in% c("EE", "DL", "PM", "REML"))
columns <- c("estimate", "se", "ci_lb", "ci_ub", "pval", "tau2", "I2", "Q", "Qp", "pi_lb", "pi_ub")
far <- max(abs(as.matrix(new[columns]) / as.matrix(fits[columns]) - 1), na.rm = TRUE)
cat("reference_results.csv: largest relative difference", format(far, digits = 2), "\n")
stopifnot(far < 1e-9, all(new$dataset == fits$dataset), all(new$method == fits$method), all(new$test == fits$test))
