# Fits the sets of studies in a CSV file (set, yi, vi) by REML in metafor, with its default settings, and compares estimates
# and time with two files of `meta_bench_data`.
#
#   Rscript metafor_reml.R studies.csv fits.csv exact-fits.csv
suppressMessages(library(metafor))

arguments <- commandArgs(trailingOnly = TRUE)
studies <- read.csv(arguments[1])
sets <- split(studies, studies$set)

read_fits <- function(file) {
  seconds <- as.numeric(sub("# seconds ", "", readLines(file, n = 1)))
  fits <- read.csv(file, comment.char = "#")
  stopifnot(nrow(fits) == length(sets), all(fits$set == as.integer(names(sets))))
  list(seconds = seconds, fits = as.matrix(fits[c("estimate", "se", "tau2")]))
}
ours <- read_fits(arguments[2])
exact <- read_fits(arguments[3])

rounds <- 3
fastest <- Inf
for (round in seq_len(rounds)) {
  # tau^2 and its interval are not asked for: rma() alone, without printing or confint().
  seconds <- system.time(models <- lapply(sets, function(set) rma(yi, vi, data = set, method = "REML")))[["elapsed"]]
  fastest <- min(fastest, seconds)
}
theirs <- t(sapply(models, function(model) c(estimate = c(model$beta), se = model$se, tau2 = model$tau2)))

largest <- function(fits) max(abs(fits - theirs))
cat(sprintf("%d REML fits of %d studies; R %s, metafor %s\n", length(sets), nrow(sets[[1]]), getRversion(), packageVersion("metafor")))
cat(sprintf("  metafor                     %10.3f ms  (fastest of %d rounds)\n", 1e3 * fastest, rounds))
cat(sprintf("  ldn-stats, stops as metafor %10.3f ms  (metafor takes %.0f times as long)\n", 1e3 * ours$seconds, fastest / ours$seconds))
cat(sprintf("  ldn-stats, exact            %10.3f ms  (metafor takes %.0f times as long)\n", 1e3 * exact$seconds, fastest / exact$seconds))
cat(sprintf("largest difference in estimate, standard error and tau^2: %.1e as metafor stops, %.1e exact\n", largest(ours$fits), largest(exact$fits)))
if (largest(ours$fits) > 1e-6) stop("the estimates differ by more than 1e-6")
