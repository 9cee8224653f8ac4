# Fits R's surveillance::hhh4 to panels in folders and prints what it found, one "name value" a line.
#
#   Rscript hhh4.R TASKS
#
# TASKS is a file with a task a line, done one after the other:
#   measles FOLDER               writes the package's measlesWeserEms to FOLDER as a panel
#   fit FOLDER key=value ...     fits the panel in FOLDER; what is printed begins with the line "fit"
#
# A panel is counts.csv (a row a period, a column a unit), order.csv (how many borders lie between, -1: no way) and,
# where it is asked for, population.csv. Keys: weights (adjacent, shared, power, none), most (the farthest order),
# family (Poisson, NegBin1, NegBinM), level (one, each, shrunk: of the endemic part, and own when shrunk), own (1, 0), frequency (periods in a year), seasons, trend,
# population (1, 0).
suppressMessages(library(surveillance))

write <- function(values, folder, name)
  write.table(values, file.path(folder, paste0(name, ".csv")), sep = ",", row.names = FALSE, col.names = FALSE)
read <- function(folder, name) {
  values <- as.matrix(read.csv(file.path(folder, paste0(name, ".csv")), header = FALSE))
  dimnames(values) <- NULL
  values
}

measles <- function(folder) {
  data(measlesWeserEms)
  write(measlesWeserEms@observed, folder, "counts")
  write(population(measlesWeserEms), folder, "population")
  write(neighbourhood(measlesWeserEms), folder, "order")
}

fitted <- function(folder, words) {
  keys <- list(weights = "adjacent", most = "1", family = "NegBin1", level = "one", own = "1", frequency = "12",
               seasons = "1", trend = "1", population = "0")
  for (one in strsplit(words, "=")) keys[[one[1]]] <- one[2]
  number <- function(key) as.numeric(keys[[key]])

  counts <- read(folder, "counts")
  order <- read(folder, "order")
  order[order < 0] <- 1e6
  units <- paste0("u", seq_len(ncol(counts)) - 1)
  colnames(counts) <- units
  dimnames(order) <- list(units, units)
  data <- sts(counts, start = c(1990, 1), frequency = number("frequency"), neighbourhood = order)

  level <- switch(keys$level, each = "-1 + fe(1, unitSpecific = TRUE)", shrunk = "-1 + ri()", "1")
  endemic <- formula(paste("~", level, if (number("trend")) "+ t"))
  if (number("seasons")) endemic <- addSeason2formula(endemic, S = number("seasons"), period = number("frequency"))
  weights <- switch(keys$weights, adjacent = order == 1, shared = order == 1,
                    power = W_powerlaw(maxlag = number("most"), normalize = TRUE, log = TRUE), none = NULL)
  control <- list(
    ar = list(f = if (!number("own")) ~-1 else if (keys$level == "shrunk") ~-1 + ri() else ~1),
    ne = if (is.null(weights)) list(f = ~-1) else
      list(f = ~1, weights = weights, normalize = keys$weights == "shared"),
    end = list(f = endemic, offset = if (number("population")) read(folder, "population") else 1),
    family = keys$family, keep.terms = FALSE)

  seconds <- system.time(fit <- hhh4(data, control))[["elapsed"]]
  cat("seconds", seconds, "\n")
  cat("converged", as.integer(isTRUE(fit$convergence)), "\n")
  if (length(fit$coefficients)) {
    cat("log_likelihood", format(fit$loglikelihood, digits = 15), "\n")
    found <- coef(fit)
    errors <- sqrt(diag(vcov(fit)))
    for (name in names(found))
      cat(gsub(" ", "", name), format(found[[name]], digits = 15), format(errors[[name]], digits = 15), "\n")
    if (keys$level == "shrunk")
      for (name in names(fit$Sigma.orig)) cat(name, exp(fit$Sigma.orig[[name]]), "\n")
  }
}

for (line in readLines(commandArgs(trailingOnly = TRUE)[1])) {
  words <- strsplit(line, "\t")[[1]]
  if (words[1] == "measles") measles(words[2]) else {
    cat("fit\n")
    fitted(words[2], words[-(1:2)])
  }
}
