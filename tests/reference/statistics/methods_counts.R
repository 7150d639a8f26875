# Proportions, rates, tables and designs: the R lines. See make_reference.R.

ends <- function(interval) list(low = interval[1], high = interval[2])
solve_for <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-15, maxiter = 1e4)$root

# ---------------------------------------------------------------- counts: events, n, share

method("clopper_pearson", "counts", "ends(binom.test(events, n)$conf.int)")
method("clopper_pearson_90", "counts", "ends(binom.test(events, n, conf.level = 0.90)$conf.int)")
method("clopper_pearson_99", "counts", "ends(binom.test(events, n, conf.level = 0.99)$conf.int)")
method("upper_bound", "counts",
       "list(high = binom.test(events, n, alternative = \"less\")$conf.int[2])")
method("lower_bound", "counts",
       "list(low = binom.test(events, n, alternative = \"greater\")$conf.int[1])")
method("rule_of_three", "counts", "list(high = min(1, 3 / n))")
method("wilson", "counts", "ends(prop.test(events, n, correct = FALSE)$conf.int)")
method("wilson_90", "counts",
       "ends(prop.test(events, n, correct = FALSE, conf.level = 0.90)$conf.int)")
method("wilson_99", "counts",
       "ends(prop.test(events, n, correct = FALSE, conf.level = 0.99)$conf.int)")
# Newcombe's formula; prop.test(correct = TRUE) has the same, except where events is exactly n / 2
newcombe_4 <- function(events, n, level = 0.95) {
  z <- qnorm((1 + level) / 2); p <- events / n; q <- 1 - p
  low <- (2 * n * p + z^2 - 1 - z * sqrt(z^2 - 2 - 1 / n + 4 * p * (n * q + 1))) / (2 * (n + z^2))
  high <- (2 * n * p + z^2 + 1 + z * sqrt(z^2 + 2 - 1 / n + 4 * p * (n * q - 1))) / (2 * (n + z^2))
  c(if (events == 0) 0 else low, if (events == n) 1 else high)
}
method("wilson_continuity", "counts", "ends(newcombe_4(events, n))")
method("wilson_continuity_prop_test", "counts",
       "ends(if (2 * events == n) newcombe_4(events, n) else prop.test(events, n)$conf.int)")
method("jeffreys", "counts", "
  low <- if (events == 0) 0 else qbeta(0.025, events + 0.5, n - events + 0.5)
  high <- if (events == n) 1 else qbeta(0.975, events + 0.5, n - events + 0.5)
  list(low = low, high = high)")
method("agresti_coull", "counts", "
  z <- qnorm(0.975); p <- (events + z^2 / 2) / (n + z^2)
  half <- z * sqrt(p * (1 - p) / (n + z^2))
  list(low = max(0, p - half), high = min(1, p + half))")
mid_p_low <- function(events, n, level = 0.95) if (events == 0) 0 else
  solve_for(function(p) pbinom(events, n, p, lower.tail = FALSE) + dbinom(events, n, p) / 2 -
              (1 - level) / 2, 0, 1)
method("mid_p", "counts",
       "list(low = mid_p_low(events, n), high = 1 - mid_p_low(n - events, n))")
# Blaker 2000, appendix: the acceptability of a share p
acceptability <- function(events, n, p) {
  upper <- 1 - pbinom(events - 1, n, p)
  lower <- pbinom(events, n, p)
  a1 <- upper + pbinom(qbinom(upper, n, p) - 1, n, p)
  a2 <- lower + 1 - pbinom(qbinom(1 - lower, n, p), n, p)
  min(a1, a2, 1)
}
# his search by steps, and then bisection of the step in which acceptance begins
blaker_low <- function(events, n, level = 0.95) {
  if (events == 0) return(0)
  out <- qbeta((1 - level) / 2, events, n - events + 1)
  accepted <- function(p) acceptability(events, n, p) >= 1 - level
  if (accepted(out)) return(out)
  step <- (events / n - out) / 20000
  while (!accepted(out + step)) out <- out + step
  inside <- out + step
  for (i in 1:200) {
    middle <- (out + inside) / 2
    if (accepted(middle)) inside <- middle else out <- middle
  }
  inside
}
method("blaker", "counts",
       "list(low = blaker_low(events, n), high = 1 - blaker_low(n - events, n))")
method("blaker_90", "counts",
       "list(low = blaker_low(events, n, 0.90), high = 1 - blaker_low(n - events, n, 0.90))")
method("binomial_test", "counts", "list(p = binom.test(events, n, share)$p.value)")
method("binomial_test_greater", "counts",
       "list(p = binom.test(events, n, share, alternative = \"greater\")$p.value)")
method("binomial_test_less", "counts",
       "list(p = binom.test(events, n, share, alternative = \"less\")$p.value)")

# ---------------------------------------------------------------- rates: events, exposure, rate

method("poisson_rate", "rates", "ends(poisson.test(events, exposure)$conf.int)")
method("poisson_rate_90", "rates",
       "ends(poisson.test(events, exposure, conf.level = 0.90)$conf.int)")
method("poisson_test", "rates", "list(p = poisson.test(events, exposure, rate)$p.value)")
method("poisson_test_greater", "rates",
       "list(p = poisson.test(events, exposure, rate, alternative = \"greater\")$p.value)")
method("poisson_test_less", "rates",
       "list(p = poisson.test(events, exposure, rate, alternative = \"less\")$p.value)")

# ------------------------------------- tables: events, n and other_events, other_n; discordant pairs

table_of <- function(events, n, other_events, other_n)
  matrix(c(events, other_events, n - events, other_n - other_events), 2)
method("fisher_exact", "tables",
       "list(p = fisher.test(table_of(events, n, other_events, other_n))$p.value)")
# fisher.test stops its search early, at 1e-4 of an odds ratio below 1 or of 1 / one above 1
method("fisher_log_odds_ratio", "tables", "
  test <- fisher.test(table_of(events, n, other_events, other_n))
  list(estimate = log(test$estimate), low = log(test$conf.int[1]), high = log(test$conf.int[2]))",
       tolerance = 5e-2)
# the same equations, solved to the last digits
conditional_odds <- function(events, n, other_events, other_n) {
  m <- events + other_events
  support <- max(0, m - other_n):min(n, m)
  chance <- function(log_odds) {
    d <- dhyper(support, n, other_n, m, log = TRUE) + support * log_odds
    d <- exp(d - max(d)); d / sum(d)
  }
  root <- function(f) exp(solve_for(f, -30, 30))
  at_low <- events == min(support); at_high <- events == max(support)
  list(estimate = if (at_low) 0 else if (at_high) Inf else
         root(function(l) sum(support * chance(l)) - events),
       low = if (at_low) 0 else root(function(l) sum(chance(l)[support >= events]) - 0.025),
       high = if (at_high) Inf else root(function(l) sum(chance(l)[support <= events]) - 0.025))
}
method("fisher_odds_ratio", "tables", "conditional_odds(events, n, other_events, other_n)", 1e-8)
method("chi_squared", "tables", "
  test <- chisq.test(table_of(events, n, other_events, other_n), correct = FALSE)
  list(statistic = test$statistic, p = test$p.value)")
method("chi_squared_yates", "tables", "
  test <- chisq.test(table_of(events, n, other_events, other_n))
  list(statistic = test$statistic, p = test$p.value)")
newcombe <- function(x, n, y, m, one, other) {
  p <- x / n; q <- y / m
  list(estimate = p - q, low = p - q - sqrt((p - one[1])^2 + (other[2] - q)^2),
       high = p - q + sqrt((one[2] - p)^2 + (q - other[1])^2))
}
method("difference_newcombe", "tables", "
  one <- prop.test(events, n, correct = FALSE)$conf.int
  other <- prop.test(other_events, other_n, correct = FALSE)$conf.int
  newcombe(events, n, other_events, other_n, one, other)")
method("difference_newcombe_continuity", "tables", "
  newcombe(events, n, other_events, other_n,
           newcombe_4(events, n), newcombe_4(other_events, other_n))")
method("mcnemar_exact", "discordant", "list(p = binom.test(gained, gained + lost)$p.value)")
method("mcnemar", "discordant", "
  test <- mcnemar.test(matrix(c(0, gained, lost, 0), 2), correct = FALSE)
  list(statistic = test$statistic, p = test$p.value)")
method("mcnemar_continuity", "discordant", "
  test <- mcnemar.test(matrix(c(0, gained, lost, 0), 2))
  list(statistic = test$statistic, p = test$p.value)")

# ---------------------------------------------------------------- designs: p0, p1, alpha, beta

# The chance of more than r1 of n1 and more than r of n responses, summed path by path
accepted <- function(r1, n1, r, n, p) {
  x <- (r1 + 1):n1
  sum(dbinom(x, n1, p) * pbinom(r - x, n - n1, p, lower.tail = FALSE))
}
# Every design of at most 70 subjects. Given n1, r1 and n, the smallest r that holds alpha is the
# one with most power, and it falls no lower as n1 and r1 stay: found by going up from r1.
every_design <- function(p0, p1, alpha, beta, largest = 70) {
  found <- NULL
  for (n in 2:largest) for (n1 in 1:(n - 1)) for (r1 in 0:(n1 - 1)) {
    if (pbinom(r1, n1, p1) > beta) break
    r <- max(r1, qbinom(1 - alpha, n, p0) - 2 - floor(n / 10))
    while (r > r1 && accepted(r1, n1, r, n, p0) <= alpha) r <- r - 1
    while (accepted(r1, n1, r, n, p0) > alpha) r <- r + 1
    if (accepted(r1, n1, r, n, p1) < 1 - beta) next
    stop_early <- pbinom(r1, n1, p0)
    found <- rbind(found, c(r1 = r1, n1 = n1, r = r, n = n, early_stop = stop_early,
                            expected_n = n1 + (1 - stop_early) * (n - n1),
                            type_1_error = accepted(r1, n1, r, n, p0),
                            power = accepted(r1, n1, r, n, p1)))
  }
  if (is.null(found)) stop("no design")
  found
}
designs_of <- local({
  known <- list()
  function(...) {
    key <- paste(...)
    if (is.null(known[[key]])) known[[key]] <<- every_design(...)
    known[[key]]
  }
})
method("simon_optimal", "designs", "
  all <- designs_of(p0, p1, alpha, beta)
  as.list(all[order(all[, \"expected_n\"], all[, \"n\"])[1], ])")
method("simon_minimax", "designs", "
  all <- designs_of(p0, p1, alpha, beta)
  as.list(all[order(all[, \"n\"], all[, \"expected_n\"])[1], ])")
method("two_stage_characteristics", "designs", "
  p <- (p0 + p1) / 2
  list(accepted = accepted(2, 13, 7, 34, p), early_stop = pbinom(2, 13, p),
       expected_n = 13 + (1 - pbinom(2, 13, p)) * 21)")
method("single_stage", "designs", "
  n <- 1:100; r <- qbinom(1 - alpha, n, p0)
  enough <- which(pbinom(r, n, p1, lower.tail = FALSE) >= 1 - beta)
  if (length(enough) == 0) stop(\"no design\")
  n <- n[min(enough)]; r <- r[min(enough)]
  list(n = n, r = r, type_1_error = pbinom(r, n, p0, lower.tail = FALSE),
       power = pbinom(r, n, p1, lower.tail = FALSE))")
