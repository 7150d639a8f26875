# Writes the reference numbers of R that the tests in this folder compare with: one JSON file per
# family, with the data, R's answers, and the versions of R and of the packages that gave them.
#
# How to run (Debian or Ubuntu):
#   apt install r-base-core r-cran-survival r-cran-coin r-cran-exactranktests r-cran-jsonlite
#   cd tests/reference/statistics && Rscript make_reference.R
#
# The data stand here and nowhere else; they are invented, except where a source is named.
# A missing number in the JSON (null) means that R gives NA, or that R refuses the input.

suppressMessages({
  library(survival)
  library(coin)
  library(exactRankTests)
  library(jsonlite)
})

versions <- function(...) {
  packages <- c(...)
  as.list(c(R = as.character(getRversion()),
            sapply(packages, function(p) as.character(packageVersion(p)))))
}

write_cases <- function(file, cases, packages = character()) {
  # NA: 15 significant digits, the most that jsonlite writes. One line per case.
  json <- function(x) toJSON(x, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
  made_by <- list(script = "make_reference.R", versions = versions(packages))
  lines <- paste(sapply(cases, json), collapse = ",\n")
  writeLines(paste0('{"made_by": ', json(made_by), ',\n"cases": [\n', lines, "\n]}"), file)
}

finite <- function(x) { x <- as.numeric(x); x[!is.finite(x)] <- NA; x }
array_of <- function(x) I(finite(x))
or_null <- function(expr) tryCatch(suppressWarnings(expr), error = function(e) NULL)

# ---------------------------------------------------------------- proportions

counts <- list(c(0, 1), c(1, 1), c(0, 14), c(0, 15), c(1, 15), c(3, 15), c(7, 15), c(12, 14),
               c(12, 15), c(14, 15), c(15, 15), c(2, 3), c(7, 14), c(5, 10), c(1, 29), c(15, 148),
               c(81, 263), c(50, 100), c(999, 1000), c(3, 10000))

proportion_case <- function(xn, level) {
  x <- xn[1]; n <- xn[2]
  exact <- binom.test(x, n, conf.level = level)$conf.int
  # prop.test's score interval is Wilson's; it clips nothing, and warns of small counts
  wilson <- or_null(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int)
  list(name = sprintf("%d of %d at %g", x, n, level), events = x, n = n, level = level,
       clopper_pearson = array_of(exact), wilson = array_of(wilson))
}
proportions <- unlist(lapply(c(0.90, 0.95, 0.99), function(level)
  lapply(counts, proportion_case, level = level)), recursive = FALSE)
write_cases("proportions.json", proportions)

# ---------------------------------------------------------------- paired data

sleep1 <- sleep$extra[sleep$group == 1]   # Student 1908, in R's `sleep`
sleep2 <- sleep$extra[sleep$group == 2]
pairs <- list(
  "trial-like, 15 pairs, ties, no zero" = list(
    after = c(4, 2, 9, 0, 6, 3, 8, 5, 12, 2, 1, 7, 10, 0, 4),
    before = c(9, 11, 14, 6, 10, 21, 16, 8, 17, 8, 5, 12, 15, 5, 13)),
  "trial-like, 15 pairs, one got worse" = list(
    after = c(4, 2, 18, 0, 6, 3, 8, 5, 12, 2, 1, 7, 10, 0, 4),
    before = c(9, 11, 14, 6, 10, 21, 16, 8, 17, 8, 5, 12, 15, 5, 13)),
  "14 pairs, zeros and ties" = list(
    after = c(3, 5, 5, 8, 2, 0, 4, 7, 6, 1, 9, 12, 3, 2),
    before = c(3, 7, 5, 9, 6, 3, 4, 5, 9, 4, 9, 10, 8, 3)),
  "damage, most unchanged" = list(
    after = c(4, 2, 0, 7, 3, 5, 6, 1, 0, 8, 2, 3, 4, 6, 1),
    before = c(4, 2, 0, 6, 3, 5, 6, 1, 1, 8, 0, 3, 4, 6, 1)),
  "no ties, no zeros" = list(
    after = c(10, 23, 35, 41, 58, 62, 70, 81),
    before = c(11, 21, 38, 45, 53, 68, 77, 73)),
  "decimals with ties" = list(
    after = c(1.1, 0.7, 2.3, 4.05, 3.1, 0.9, 1.2),
    before = c(0.9, 0.5, 2.6, 3.05, 3.1, 1.3, 0.6)),
  "every difference one in size" = list(
    after = c(2, 3, 4, 5, 6, 5, 4, 3, 2), before = c(1, 2, 5, 4, 5, 6, 3, 2, 1)),
  "two pairs" = list(after = c(3, 8), before = c(7, 9)),
  "three pairs, one zero" = list(after = c(3, 8, 6), before = c(7, 8, 9)),
  "one pair" = list(after = c(3), before = c(7)),
  "all in one direction" = list(
    after = c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), before = c(3, 5, 7, 9, 9, 13, 12, 14, 20, 11)),
  "negative values" = list(
    after = c(-4, -2.5, 0, 3, -1, -7), before = c(-1, -3, -2, 1.5, -1, 4)),
  "more zeros than not" = list(
    after = c(1, 1, 1, 1, 1, 1, 4, 2), before = c(1, 1, 1, 1, 1, 3, 1, 1)),
  "anti-dsDNA-like, skewed" = list(
    after = c(12, 310, 45, 8, 7, 120, 15, 9, 66, 5),
    before = c(25, 280, 90, 8, 11, 260, 14, 9, 71, 5)),
  "40 pairs with ties and zeros" = list(
    after = c(5, 3, 8, 8, 9, 7, 9, 3, 2, 3, 8, 4, 1, 1, 6, 0, 2, 7, 9, 4,
              4, 8, 5, 3, 7, 1, 8, 6, 4, 2, 9, 0, 3, 5, 6, 8, 7, 2, 4, 6),
    before = c(9, 4, 8, 6, 11, 9, 14, 3, 6, 2, 9, 9, 1, 5, 6, 4, 3, 12, 8, 5,
               9, 8, 7, 9, 6, 4, 8, 13, 4, 5, 15, 2, 3, 9, 5, 12, 9, 6, 4, 10)),
  "Student 1908, sleep" = list(after = sleep2, before = sleep1),
  "Hollander & Wolfe 1973, depression scale" = list(
    after = c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29),
    before = c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30))
)

t_case <- function(test) {
  if (is.null(test)) return(NULL)
  # `estimate` is one mean difference for paired data, two means for groups
  estimate <- if (length(test$estimate) == 2) test$estimate[1] - test$estimate[2] else test$estimate
  list(statistic = unname(test$statistic), df = unname(test$parameter), p = test$p.value,
       estimate = unname(estimate), low = test$conf.int[1], high = test$conf.int[2])
}

rank_case <- function(test) {
  if (is.null(test)) return(NULL)
  list(statistic = unname(test$statistic), p = finite(test$p.value))
}

coin_p <- function(test) or_null(as.numeric(pvalue(test)))

paired_case <- function(name, pair) {
  # Differences as they would be written down: 1.1 - 0.9 and 0.7 - 0.5 are both 0.2, a tie, which
  # binary arithmetic breaks. coin and wilcox.test get them as one sample against 0.
  d <- round(pair$after - pair$before, 10)
  zero <- rep(0, length(d))
  list(name = name, after = array_of(pair$after), before = array_of(pair$before),
       paired_t_95 = t_case(or_null(t.test(d))),
       paired_t_90 = t_case(or_null(t.test(d, conf.level = 0.90))),
       wilcox_exact = rank_case(or_null(wilcox.exact(d, exact = TRUE))),
       wilcox_asymptotic = rank_case(or_null(wilcox.test(d, exact = FALSE, correct = FALSE))),
       wilcox_continuity = rank_case(or_null(wilcox.test(d, exact = FALSE, correct = TRUE))),
       pratt_exact = coin_p(wilcoxsign_test(d ~ zero, distribution = "exact", zero.method = "Pratt")),
       pratt_asymptotic = coin_p(wilcoxsign_test(d ~ zero, zero.method = "Pratt")),
       coin_wilcox_exact = coin_p(wilcoxsign_test(d ~ zero, distribution = "exact",
                                                  zero.method = "Wilcoxon")))
}
write_cases("paired.json", Map(paired_case, names(pairs), pairs, USE.NAMES = FALSE),
            c("coin", "exactRankTests"))

# ---------------------------------------------------------------- two groups

groups <- list(
  "trial-like, 9 and 6, ties" = list(
    x = c(9, 11, 14, 6, 10, 21, 16, 8, 17), y = c(8, 5, 12, 15, 5, 13)),
  "15 and 15, week 2 against baseline as if unpaired" = list(
    x = c(4, 2, 9, 0, 6, 3, 8, 5, 12, 2, 1, 7, 10, 0, 4),
    y = c(9, 11, 14, 6, 10, 21, 16, 8, 17, 8, 5, 12, 15, 5, 13)),
  "no ties" = list(x = c(1.2, 3.4, 0.8, 2.2, 5.1), y = c(4.4, 6.1, 3.9, 7.2, 5.5, 2.9)),
  "heavy ties, unequal sizes, skewed ranks" = list(
    x = c(0, 0, 0, 1, 0, 0, 5), y = c(0, 1, 1, 2, 0, 1, 0, 7, 1, 0, 0)),
  "yes and no" = list(x = c(0, 0, 1, 0, 0), y = c(1, 1, 0, 1, 1, 1)),
  "one against five" = list(x = c(7), y = c(1, 2, 2, 3, 9)),
  "one against one" = list(x = c(1), y = c(2)),
  "one against two" = list(x = c(4), y = c(1, 2)),
  "two against two" = list(x = c(1, 3), y = c(2, 9)),
  "two against two, a tie across" = list(x = c(1, 3), y = c(3, 9)),
  "complete separation" = list(x = c(1, 2, 3, 4, 5, 6), y = c(11, 12, 13, 14, 15, 16, 17)),
  "one group constant" = list(x = c(3, 3, 3, 3), y = c(1, 4, 5, 7, 2)),
  "same mean" = list(x = c(1, 5, 9), y = c(4, 5, 6)),
  "very different spread" = list(x = c(10, 11, 10.5, 9.8), y = c(2, 40, 11, -17, 25, 6.5)),
  "negative values" = list(x = c(-3, -1.5, -2, 0), y = c(-4, -6, -1.5, -8, 2)),
  "skewed titres" = list(x = c(12, 310, 45, 8, 7), y = c(25, 280, 90, 8, 11, 260, 14)),
  "25 and 20 with ties" = list(
    x = c(5, 3, 8, 8, 9, 7, 9, 3, 2, 3, 8, 4, 1, 1, 6, 0, 2, 7, 9, 4, 4, 8, 5, 3, 7),
    y = c(9, 4, 8, 6, 11, 9, 14, 3, 6, 2, 9, 9, 1, 5, 6, 4, 3, 12, 8, 5)),
  "Student 1908, sleep as two groups" = list(x = sleep1, y = sleep2),
  "Hollander & Wolfe 1973, permeability" = list(
    x = c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46),
    y = c(1.15, 0.88, 0.90, 0.74, 1.21))
)

group_case <- function(name, group) {
  x <- group$x; y <- group$y
  value <- c(x, y)
  arm <- factor(rep(c("x", "y"), c(length(x), length(y))))
  list(name = name, x = array_of(x), y = array_of(y),
       pooled_t = t_case(or_null(t.test(x, y, var.equal = TRUE))),
       welch_t = t_case(or_null(t.test(x, y))),
       pooled_t_90 = t_case(or_null(t.test(x, y, var.equal = TRUE, conf.level = 0.90))),
       welch_t_90 = t_case(or_null(t.test(x, y, conf.level = 0.90))),
       exact = rank_case(or_null(wilcox.exact(x, y, exact = TRUE))),
       coin_exact = coin_p(wilcox_test(value ~ arm, distribution = "exact")),
       asymptotic = rank_case(or_null(wilcox.test(x, y, exact = FALSE, correct = FALSE))),
       continuity = rank_case(or_null(wilcox.test(x, y, exact = FALSE, correct = TRUE))))
}
write_cases("groups.json", Map(group_case, names(groups), groups, USE.NAMES = FALSE),
            c("coin", "exactRankTests"))

# ---------------------------------------------------------------- descriptives

location_case <- function(name, v) {
  interval <- function(level) array_of(or_null(t.test(v, conf.level = level)$conf.int))
  list(name = name, values = array_of(v), n = length(v), mean = mean(v), sd = sd(v),
       sem = sd(v) / sqrt(length(v)), median = median(v),
       q1 = unname(quantile(v, 0.25, type = 2)), q3 = unname(quantile(v, 0.75, type = 2)),
       minimum = min(v), maximum = max(v), interval_95 = interval(0.95), interval_99 = interval(0.99))
}
values <- c(
  lapply(pairs, function(p) p$before),
  list("eight values" = c(1, 2, 3, 4, 5, 6, 7, 8), "nine values" = c(9, 1, 8, 2, 7, 3, 6, 4, 5),
       "ten values" = c(10, 1, 9, 2, 8, 3, 7, 4, 6, 5), "eleven values" = 11:1,
       "large offset" = 1e8 + c(1, 2, 4, 8), "small numbers" = c(1e-7, 3e-7, 2e-7)))
write_cases("locations.json", Map(location_case, names(values), values, USE.NAMES = FALSE))

# ---------------------------------------------------------------- survival

maintained <- list(time = c(9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161),
                   event = c(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0))
courses <- list(
  "Miller 1981, leukaemia, maintained" = maintained,
  "Miller 1981, leukaemia, not maintained" = list(
    time = c(5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45),
    event = c(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1)),
  "Freireich 1963, 6-mercaptopurine" = list(
    time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35),
    event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)),
  "Freireich 1963, placebo" = list(
    time = c(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
    event = rep(1, 21)),
  "trial-like, time to response" = list(
    time = c(43, 29, 85, 43, 57, 8, 29, 43, 92, 57, 43, 29, 120, 85, 43),
    event = c(1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1)),
  "event and censoring on one day" = list(
    time = c(5, 5, 5, 8, 8, 12), event = c(1, 0, 1, 0, 1, 0)),
  "half left until the next event" = list(time = c(1, 2, 3, 4), event = c(1, 1, 1, 1)),
  "half left to the end" = list(time = c(1, 2, 3, 4), event = c(1, 1, 0, 0)),
  "half left, then censored, then an event" = list(
    time = c(1, 2, 3, 4), event = c(1, 1, 0, 1)),
  "half left by unequal steps" = list(time = c(2, 4, 4, 6, 7, 9), event = c(1, 1, 1, 0, 1, 1)),
  "median not reached" = list(time = c(3, 7, 9, 9, 11, 15), event = c(1, 0, 0, 1, 0, 0)),
  "no event" = list(time = c(3, 7, 9), event = c(0, 0, 0)),
  "last one has the event" = list(time = c(3, 7, 9, 14), event = c(1, 0, 1, 1)),
  "one subject, event" = list(time = c(30), event = c(1)),
  "one subject, censored" = list(time = c(30), event = c(0)),
  "two subjects" = list(time = c(10, 20), event = c(1, 0)),
  "all on one day" = list(time = c(14, 14, 14), event = c(1, 1, 1)),
  "event on day 0" = list(time = c(0, 0, 3, 5), event = c(1, 0, 1, 0)),
  "parts of weeks" = list(time = c(1.5, 2.25, 2.25, 3.125, 6), event = c(1, 1, 0, 0, 1))
)

fit_case <- function(course, type, level) {
  fit <- survfit(Surv(course$time, course$event) ~ 1, conf.type = type, conf.int = level)
  table <- summary(fit)$table
  list(interval = type, level = level, times = array_of(fit$time), at_risk = array_of(fit$n.risk),
       events = array_of(fit$n.event), censored = array_of(fit$n.censor),
       survival = array_of(fit$surv),
       # fit$std.err is that of log(survival); Greenwood's is this times the survival
       standard_error = array_of(fit$std.err * fit$surv),
       low = array_of(fit$lower), high = array_of(fit$upper),
       median = finite(table["median"]), median_low = finite(table[8]),
       median_high = finite(table[9]))
}
survival_case <- function(name, course) {
  list(name = name, time = array_of(course$time), event = array_of(course$event),
       fits = list(fit_case(course, "log-log", 0.95), fit_case(course, "plain", 0.95),
                   fit_case(course, "log-log", 0.90)))
}
write_cases("survival.json", Map(survival_case, names(courses), courses, USE.NAMES = FALSE),
            "survival")
