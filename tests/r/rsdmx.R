# Queries through the package rsdmx against a server of ours; prints what came back as CSV, a blank line between parts.
#
# Rscript rsdmx.R BASE
suppressPackageStartupMessages(library(rsdmx))

base <- commandArgs(trailingOnly = TRUE)[1]
builder <- SDMXREST21RequestBuilder(regUrl = base, repoUrl = base, compliant = TRUE)
provider <- SDMXServiceProvider(
  agencyId = "SCI", name = "SCI", scale = "national", country = "IRN", builder = builder
)
addSDMXServiceProvider(provider)

show <- function(frame) {
  write.csv(frame, row.names = FALSE, fileEncoding = "UTF-8")
  cat("\n")
}

flows <- as.data.frame(readSDMX(providerId = "SCI", resource = "dataflow"))
show(flows["id"])

population <- readSDMX(
  providerId = "SCI", resource = "data", flowRef = "CENSUS_POP", key = "A.IR._T.._T", start = 2016, end = 2017
)
frame <- suppressWarnings(as.data.frame(population))
show(frame[c("SEX", "obsTime", "obsValue")])

structure <- readSDMX(providerId = "SCI", resource = "datastructure", resourceId = "CENSUS")
sexes <- as.data.frame(slot(structure, "codelists"), codelistId = "CL_SEX")
show(sexes["id"])
