# Values of one, two or several samples: the R lines. See make_reference.R.

t_of <- function(test) {
  # two means are estimated for groups, one for a sample
  estimate <- if (length(test$estimate) == 2) -diff(test$estimate) else test$estimate
  list(statistic = test$statistic, df = test$parameter, p = test$p.value, estimate = estimate,
       low = test$conf.int[1], high = test$conf.int[2])
}
rank_of <- function(test) list(statistic = test$statistic, p = test$p.value)

# ---------------------------------------------------------------- samples: values

method("summary", "samples", "
  list(n = length(values), mean = mean(values), sd = sd(values),
       sem = sd(values) / sqrt(length(values)), median = median(values),
       q1 = quantile(values, 0.25, type = 2), q3 = quantile(values, 0.75, type = 2),
       minimum = min(values), maximum = max(values))")
method("mean_interval", "samples", "ends(t.test(values)$conf.int)")
method("mean_interval_99", "samples", "ends(t.test(values, conf.level = 0.99)$conf.int)")
method("quantile_sas_5", "samples",
       "list(quantile = quantile(values, c(0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1), type = 2))")
method("quantile_sas_4", "samples",
       "list(quantile = quantile(values, c(0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1), type = 6))")
method("quantile_r_7", "samples",
       "list(quantile = quantile(values, c(0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1), type = 7))")
method("median_interval", "samples", "
  n <- length(values); k <- qbinom(0.025, n, 0.5)
  if (k == 0) stop(\"too few\")
  list(estimate = median(values), low = sort(values)[k], high = sort(values)[n + 1 - k])")

# As wilcox.test does it without ties; with them it gives up the exact interval
hodges_lehmann <- function(middles, below, tail) {
  middles <- sort(middles); count <- length(middles)
  k <- max(1, which(below >= tail * (1 - 1e-12))[1] - 1)
  short <- below[k] > tail * (1 + 1e-12)
  list(estimate = median(middles), low = if (short) NA else middles[k],
       high = if (short) NA else middles[count + 1 - k], achieved = if (short) NA else 1 - 2 * below[k])
}
walsh <- function(values) {
  averages <- outer(values, values, `+`) / 2
  averages[lower.tri(averages, diag = TRUE)]
}
method("hodges_lehmann", "samples", "
  n <- length(values)
  hodges_lehmann(walsh(values), psignrank(0:(n * (n + 1) / 2), n), 0.025)")
method("hodges_lehmann_90", "samples", "
  n <- length(values)
  hodges_lehmann(walsh(values), psignrank(0:(n * (n + 1) / 2), n), 0.05)")
# The bounds are the outermost middles that the asymptotic wilcox.test does not reject. Its P between
# two of them is constant, so one place between is enough; wilcox.test(conf.int = TRUE) searches the
# same bounds, but cannot see beyond the outermost ones.
inverted <- function(middles, p_at, level = 0.95) {
  middles <- sort(unique(middles))
  between <- c(middles[1] - 1, (head(middles, -1) + tail(middles, -1)) / 2, max(middles) + 1)
  kept <- which(sapply(between, p_at) > 1 - level)
  if (1 %in% kept) list(low = NA, high = NA) else
    list(low = middles[min(kept) - 1], high = middles[max(kept)])
}
method("hodges_lehmann_asymptotic", "samples",
       "
  inverted(walsh(values), function(mu)
    wilcox.test(values, mu = mu, exact = FALSE, correct = FALSE)$p.value)")
method("hodges_lehmann_continuity", "samples",
       "
  inverted(walsh(values), function(mu)
    wilcox.test(values, mu = mu, exact = FALSE, correct = TRUE)$p.value)")

# ---------------------------------------------------------------- pairs: after, before

# Differences as they would be written down: 1.1 - 0.9 and 0.7 - 0.5 are both 0.2, a tie, which
# binary arithmetic breaks.
changes <- function(after, before) round(after - before, 10)
against_zero <- function(after, before, ...) {
  d <- changes(after, before)
  zero <- rep(0, length(d))
  list(p = as.numeric(pvalue(wilcoxsign_test(d ~ zero, ...))))
}
method("paired_t", "pairs", "t_of(t.test(changes(after, before)))")
method("paired_t_90", "pairs", "t_of(t.test(changes(after, before), conf.level = 0.90))")
method("signed_rank_wilcox_exact", "pairs",
       "rank_of(wilcox.exact(changes(after, before), exact = TRUE))")
method("signed_rank_wilcox_exact_coin", "pairs",
       "against_zero(after, before, distribution = \"exact\", zero.method = \"Wilcoxon\")")
method("signed_rank_pratt_exact", "pairs",
       "against_zero(after, before, distribution = \"exact\", zero.method = \"Pratt\")")
method("signed_rank_wilcox_asymptotic", "pairs",
       "rank_of(wilcox.test(changes(after, before), exact = FALSE, correct = FALSE))")
method("signed_rank_wilcox_continuity", "pairs",
       "rank_of(wilcox.test(changes(after, before), exact = FALSE, correct = TRUE))")
method("signed_rank_pratt_asymptotic", "pairs",
       "against_zero(after, before, zero.method = \"Pratt\")")
method("sign_test", "pairs", "
  d <- changes(after, before)
  list(statistic = sum(d > 0), p = binom.test(sum(d > 0), sum(d != 0))$p.value)")

# ---------------------------------------------------------------- groups: x, y

method("pooled_t", "groups", "t_of(t.test(x, y, var.equal = TRUE))")
method("pooled_t_90", "groups", "t_of(t.test(x, y, var.equal = TRUE, conf.level = 0.90))")
method("welch_t", "groups", "t_of(t.test(x, y))")
method("welch_t_90", "groups", "t_of(t.test(x, y, conf.level = 0.90))")
method("mann_whitney_exact", "groups", "rank_of(wilcox.exact(x, y, exact = TRUE))")
method("mann_whitney_exact_coin", "groups", "
  arm <- factor(rep(c(\"x\", \"y\"), c(length(x), length(y))))
  list(p = as.numeric(pvalue(wilcox_test(c(x, y) ~ arm, distribution = \"exact\"))))")
method("mann_whitney_asymptotic", "groups",
       "rank_of(wilcox.test(x, y, exact = FALSE, correct = FALSE))")
method("mann_whitney_continuity", "groups",
       "rank_of(wilcox.test(x, y, exact = FALSE, correct = TRUE))")
method("hodges_lehmann_shift", "groups", "
  n <- length(x); m <- length(y)
  hodges_lehmann(outer(x, y, `-`), pwilcox(0:(n * m), n, m), 0.025)")
method("hodges_lehmann_shift_90", "groups", "
  n <- length(x); m <- length(y)
  hodges_lehmann(outer(x, y, `-`), pwilcox(0:(n * m), n, m), 0.05)")
method("hodges_lehmann_shift_asymptotic", "groups", "
  inverted(outer(x, y, `-`), function(mu)
    wilcox.test(x, y, mu = mu, exact = FALSE, correct = FALSE)$p.value)")
method("hodges_lehmann_shift_continuity", "groups", "
  inverted(outer(x, y, `-`), function(mu)
    wilcox.test(x, y, mu = mu, exact = FALSE, correct = TRUE)$p.value)")

# ---------------------------------------------------------------- several groups: groups

# from the first value on: lm loses digits of large numbers
long <- function(groups)
  data.frame(value = unlist(groups) - groups[[1]][1],
             group = factor(rep(seq_along(groups), lengths(groups))))
f_of <- function(data) {
  table <- anova(lm(value ~ group, data))
  list(statistic = table$F[1], df = table$Df[1], df_within = table$Df[2], p = table$Pr[1])
}
method("kruskal_wallis", "several", "
  test <- kruskal.test(groups)
  list(statistic = test$statistic, df = test$parameter, p = test$p.value)")
method("anova", "several", "f_of(long(groups))")
method("welch_anova", "several", "
  test <- oneway.test(value ~ group, long(groups))
  list(statistic = test$statistic, df = test$parameter[1], df_within = test$parameter[2],
       p = test$p.value)")
method("brown_forsythe", "several",
       "f_of(transform(long(groups), value = abs(value - ave(value, group, FUN = median))))")

# ---------------------------------------------------------------- bivariate: x, y

method("pearson", "bivariate", "
  test <- cor.test(x, y); interval <- test$conf.int; if (is.null(interval)) interval <- c(NA, NA)
  list(statistic = test$statistic, p = test$p.value, estimate = test$estimate,
       low = interval[1], high = interval[2])")
correlation_of <- function(test)
  list(statistic = test$statistic, estimate = test$estimate, p = test$p.value)
method("spearman_asymptotic", "bivariate",
       "correlation_of(cor.test(x, y, method = \"spearman\", exact = FALSE))")
# every one of the n! ways to pair the ranks; cor.test(exact = TRUE) knows no ties
orders <- function(n) {
  if (n == 1) return(matrix(1))
  shorter <- orders(n - 1)
  do.call(rbind, lapply(1:n, function(first) cbind(first, shorter + (shorter >= first))))
}
permuted <- function(x, y) {
  n <- length(x); if (n < 3 || n > 9) stop("too few or too many")
  a <- rank(x); b <- rank(y); centre <- n * mean(a) * mean(b)
  if (sd(a) == 0 || sd(b) == 0) stop("constant")
  sums <- matrix(b[orders(n)], ncol = n) %*% a
  list(estimate = cor(a, b), p = mean(abs(sums - centre) >= abs(sum(a * b) - centre) - 1e-9))
}
method("spearman_exact", "bivariate", "permuted(x, y)")
method("spearman_exact_cor_test", "bivariate", "
  if (anyDuplicated(x) || anyDuplicated(y)) permuted(x, y) else {
    test <- cor.test(x, y, method = \"spearman\", exact = TRUE)
    list(estimate = test$estimate, p = test$p.value)
  }")
score_of <- function(x, y) sum(sign(outer(x, x, `-`)) * sign(outer(y, y, `-`))) / 2
kendall_of <- function(x, y, ...) {
  test <- cor.test(x, y, method = "kendall", ...)
  list(statistic = score_of(x, y), estimate = test$estimate, p = test$p.value)
}
method("kendall_exact", "bivariate", "
  if (anyDuplicated(x) || anyDuplicated(y)) stop(\"not exact in R\")
  kendall_of(x, y, exact = TRUE)")
method("kendall_asymptotic", "bivariate", "kendall_of(x, y, exact = FALSE)")
method("kendall_continuity", "bivariate", "kendall_of(x, y, exact = FALSE, continuity = TRUE)")
