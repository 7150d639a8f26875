# Times to an event: the R lines. See make_reference.R.

# ---------------------------------------------------------------- courses: times, events

# fit$std.err is that of log(survival); Greenwood's is this times the survival, 0 where that is 0
method("kaplan_meier", "courses", "
  fit <- survfit(Surv(times, events) ~ 1)
  list(times = fit$time, at_risk = fit$n.risk, events = fit$n.event, censored = fit$n.censor,
       survival = fit$surv, standard_error = ifelse(fit$surv == 0, 0, fit$std.err * fit$surv),
       median = summary(fit)$table[\"median\"])")
curve_interval <- function(times, events, ...) {
  fit <- survfit(Surv(times, events) ~ 1, ...)
  table <- summary(fit)$table
  list(lower = fit$lower, upper = fit$upper, median_low = table[8], median_high = table[9])
}
method("kaplan_meier_log_log", "courses", "curve_interval(times, events, conf.type = \"log-log\")")
method("kaplan_meier_log_log_90", "courses",
       "curve_interval(times, events, conf.type = \"log-log\", conf.int = 0.90)")
method("kaplan_meier_plain", "courses", "curve_interval(times, events, conf.type = \"plain\")")
method("kaplan_meier_log", "courses", "curve_interval(times, events, conf.type = \"log\")")
method("kaplan_meier_logit", "courses", "curve_interval(times, events, conf.type = \"logit\")")
method("kaplan_meier_arcsine", "courses", "curve_interval(times, events, conf.type = \"arcsin\")")
restricted <- function(times, events, horizon) {
  table <- summary(survfit(Surv(times, events) ~ 1), rmean = horizon)$table
  list(estimate = table[5], standard_error = table[6])
}
method("restricted_mean", "courses", "restricted(times, events, max(times))")
method("restricted_mean_early", "courses", "restricted(times, events, 0.75 * max(times))")

# ---------------------------------------------------------------- arms: times, events, arms

curves_differ <- function(times, events, arms, rho) {
  test <- survdiff(Surv(times, events) ~ arms, rho = rho)
  df <- sum(test$exp > 0) - 1
  list(observed = test$obs, expected = test$exp, statistic = test$chisq, df = df,
       p = pchisq(test$chisq, df, lower.tail = FALSE))
}
method("log_rank", "arms", "curves_differ(times, events, arms, rho = 0)")
method("peto_peto", "arms", "curves_differ(times, events, arms, rho = 1)")

# ----------------------------------- competing: times, causes (NA: censored), the cause "relapse"

states <- function(causes)
  factor(ifelse(is.na(causes), "censored", causes), unique(c("censored", "relapse", na.omit(causes))))
incidence_fit <- function(times, causes, ...) survfit(Surv(times, states(causes)) ~ 1, ...)
method("cumulative_incidence", "competing", "
  fit <- incidence_fit(times, causes); k <- match(\"relapse\", fit$states)
  list(times = fit$time, at_risk = fit$n.risk[, 1], events = fit$n.event[, k],
       competing = rowSums(fit$n.event) - fit$n.event[, k], censored = fit$n.censor,
       incidence = fit$pstate[, k], event_free = fit$pstate[, 1], standard_error = fit$std.err[, k])")
incidence_interval <- function(times, causes, ...) {
  fit <- incidence_fit(times, causes, ...)
  k <- match("relapse", fit$states)
  # arcsin forgets the shape of the matrix
  list(lower = matrix(fit$lower, nrow(fit$pstate))[, k],
       upper = matrix(fit$upper, nrow(fit$pstate))[, k])
}
method("cumulative_incidence_log_log", "competing",
       "incidence_interval(times, causes, conf.type = \"log-log\")")
method("cumulative_incidence_log_log_90", "competing",
       "incidence_interval(times, causes, conf.type = \"log-log\", conf.int = 0.90)")
method("cumulative_incidence_plain", "competing",
       "incidence_interval(times, causes, conf.type = \"plain\")")
method("cumulative_incidence_log", "competing",
       "incidence_interval(times, causes, conf.type = \"log\")")
method("cumulative_incidence_logit", "competing",
       "incidence_interval(times, causes, conf.type = \"logit\")")
method("cumulative_incidence_arcsine", "competing",
       "incidence_interval(times, causes, conf.type = \"arcsin\")")
# cuminc has no curve of a cause that nobody had: 0
method("cumulative_incidence_aalen", "competing", "
  days <- sort(unique(times)); none <- 0 * days
  if (!\"relapse\" %in% causes) list(incidence = none, standard_error = none) else {
    at <- timepoints(cuminc(times, as.character(states(causes)), cencode = \"censored\"), days)
    list(incidence = at$est[\"1 relapse\", ], standard_error = sqrt(at$var[\"1 relapse\", ]))
  }")
