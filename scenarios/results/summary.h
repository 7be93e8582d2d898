/* The value tree of a run's results, which summary.json holds and the terminal's tables show.
 *
 * {
 *   "schema": "weft.summary", "schema_version": 1, "program_version": "...",
 *   "scenario": "...", "script": "...", "seed": 1, "simulated": 60,
 *   "arguments":    {"n": "40"},                       what weft.arg gave
 *   "results":      [{"name", "value", "unit"}],       weft.result
 *   "tables":       [{"title", "columns", "rows"}],    weft.table
 *   "expectations": [{"passed", "where", "message", "actual", "wanted"}],
 *   "warnings":     ["..."],
 *   "kinds": {"tcp": {"shown": ["goodput"], "metrics": {"goodput": {"unit", "doc"}}},
 *             "traceroute": {..., "items": {"name": "hops", "fields": [{"name", "unit"}]}}},
 *   "networks": [{
 *     "name", "seed", "simulated",
 *     "flows": [{"name", "kind", "from", "to", "state", "start", "began", "ended",
 *                "parameters": {}, "results": {"goodput": 1.2e7},
 *                "hops": [{}]}],                        what "items" of the kind says
 *     "links": [{"name", "directions": [{"interface", "from", "to", "mac", "addresses", "mtu",
 *                "rate", "delay", "queue", "impairments", "results": {}}]}],
 *     "nodes": [{"name", "kind", "sysctl": {}}],          those that differ from the default
 *     "drops": [{"place", "reason", "doc", "packets", "bytes"}],
 *     "conservation": {"created", "delivered", "dropped", "consumed", "in_flight", "holds"},
 *     "captures": [{"file", "interface", "frames", "bytes", "filtered", "end", "stopped"}],
 *     "series": [{"object", "metric", "unit", "points"}]
 *   }]
 * }
 *
 * Values are SI; a result that there is none of is left out.  Members stand in this order, lists in
 * that of creation, so the same run gives the same bytes; facts about the machine and the moment
 * are in run.json. */
#ifndef WEFT_SCENARIOS_RESULTS_SUMMARY_H
#define WEFT_SCENARIOS_RESULTS_SUMMARY_H

#define SUMMARY_SCHEMA "weft.summary"

/* Rises when a member changes its meaning or goes; new ones may come at any time. */
enum { SUMMARY_SCHEMA_VERSION = 1 };

#endif
