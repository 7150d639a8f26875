# Writes the numbers of R that test_r_reference.py compares with:
#   reference.csv  one row per number: method, data set, quantity, value (17 digits)
#   methods.csv    one row per method: kind of data, tolerance, the R line that gave its numbers
#
# How to run (Debian or Ubuntu; no test needs R):
#   apt install r-base-core r-cran-survival r-cran-coin r-cran-exactranktests r-cran-cmprsk \
#     r-cran-jsonlite
#   cd tests/reference/statistics && Rscript make_reference.R
#
# The data stand in data_sets.json, by kind. Each R line sees the parts of one data set by their
# names (events, n, values ...) and answers with a list of numbers; one of several numbers makes
# rows "low.1", "low.2" .... NA is a number that R says is missing. Where R refuses the data (an
# error), the quantity is "answer" and the value "none".

suppressMessages({
  library(survival)
  library(coin)
  library(exactRankTests)
  library(cmprsk)
  library(jsonlite)
})

methods <- list()
method <- function(name, kind, line, tolerance = 1e-10)
  methods[[name]] <<- list(kind = kind, tolerance = tolerance, line = trimws(line))

source("methods_counts.R")
source("methods_values.R")
source("methods_times.R")

data_sets <- fromJSON("data_sets.json", simplifyMatrix = FALSE, simplifyDataFrame = FALSE)

rows_of <- function(name, method, data_set, data) {
  code <- parse(text = method$line)
  found <- tryCatch(suppressWarnings(eval(code, data, globalenv())), error = function(e) NULL)
  if (is.null(found)) return(data.frame(method = name, data_set, quantity = "answer", value = "none"))
  found <- lapply(found, as.numeric)
  sizes <- lengths(found)
  place <- ifelse(rep(names(found) %in% curves, sizes), paste0(".", sequence(sizes)), "")
  value <- unlist(found)
  data.frame(method = name, data_set, quantity = paste0(rep(names(found), sizes), place),
             value = ifelse(is.na(value), "NA", sprintf("%.17g", value)))
}
# the quantities that have a number for each time, group or probability
curves <- c("times", "at_risk", "events", "competing", "censored", "survival", "incidence",
            "event_free", "standard_error", "lower", "upper", "observed", "expected", "quantile")

reference <- do.call(rbind, unlist(lapply(names(methods), function(name) {
  of_kind <- data_sets[[methods[[name]]$kind]]
  Map(function(data_set, data) rows_of(name, methods[[name]], data_set, data),
      names(of_kind), of_kind)
}), recursive = FALSE))

packages <- c("survival", "coin", "exactRankTests", "cmprsk")
header <- paste("# make_reference.R with R", as.character(getRversion()), "and",
                paste(packages, sapply(packages, function(p) as.character(packageVersion(p))),
                      collapse = ", "))
write_table <- function(table, file) {
  writeLines(header, file)
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               qmethod = "double"))
}
write_table(reference, "reference.csv")
write_table(data.frame(method = names(methods), kind = sapply(methods, `[[`, "kind"),
                       tolerance = sapply(methods, `[[`, "tolerance"),
                       line = sapply(methods, `[[`, "line")), "methods.csv")
