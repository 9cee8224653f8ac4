# Runs CooRTweet on a CSV of shares: object_id, account_id, content_id, timestamp_share (seconds).
#
#   Rscript bench/coortweet.R shares.csv [window=60] [participation=2] [loops=FALSE] [fast=SECONDS]
#                             [edge_weight=0.5] [subgraph=0] [edges=FILE.csv]
#
# The package itself, or the folder CooRTweet/ in HARMATTAN_PEERS (default /tmp/harmattan-peers) whose CooRTweet.R gives
# its functions. Prints one line a figure: seconds of detect_groups, of the network, and counts. Exits with status 3
# and one line where CooRTweet is not installed.

given <- commandArgs(trailingOnly = TRUE)
csv <- given[1]
pairs <- strsplit(given[-1], "=", fixed = TRUE)
option <- setNames(lapply(pairs, `[`, 2), vapply(pairs, `[`, "", 1))
number <- function(name, otherwise) if (is.null(option[[name]])) otherwise else as.numeric(option[[name]])

PEER <- file.path(Sys.getenv("HARMATTAN_PEERS", "/tmp/harmattan-peers"), "CooRTweet")
if (file.exists(file.path(PEER, "CooRTweet.R"))) {
  suppressPackageStartupMessages(source(file.path(PEER, "CooRTweet.R")))
} else if (requireNamespace("CooRTweet", quietly = TRUE)) {
  suppressPackageStartupMessages(library(CooRTweet))
} else {
  cat("CooRTweet is not installed\n")
  quit(status = 3)
}

text <- c("object_id", "account_id", "content_id")
x <- data.table::fread(csv, colClasses = list(character = text, numeric = "timestamp_share"))
window <- number("window", 60)
participation <- number("participation", 2)
fast <- option[["fast"]]

detecting <- system.time(
  found <- detect_groups(
    x,
    time_window = window, min_participation = participation, remove_loops = !identical(option[["loops"]], "TRUE")
  )
)["elapsed"]
if (!is.null(fast)) found <- flag_speed_share(x, found, participation, as.numeric(fast))
drawing <- system.time(
  graph <- generate_coordinated_network(
    found,
    fast_net = !is.null(fast), edge_weight = number("edge_weight", 0.5), subgraph = number("subgraph", 0)
  )
)["elapsed"]

cat("seconds_detect", detecting, "\n")
cat("seconds_network", drawing, "\n")
cat("shares", nrow(x), "\n")
cat("pairs", nrow(found), "\n")
cat("edges", igraph::gsize(graph), "\n")
cat("accounts", igraph::gorder(graph), "\n")
if (!is.null(option[["edges"]])) {
  data.table::fwrite(igraph::as_data_frame(graph, what = "edges"), option[["edges"]])
}
if (!is.null(option[["pairs"]])) data.table::fwrite(found, option[["pairs"]])
if (!is.null(option[["vertices"]])) {
  data.table::fwrite(igraph::as_data_frame(graph, what = "vertices"), option[["vertices"]])
}
