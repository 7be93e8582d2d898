/* run.json: what differs from run to run and from machine to machine. */
#include <sys/resource.h>
#include <sys/utsname.h>

#include "scenarios/results/report_internal.h"
#include "sim/version.h"

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void set_machine(JsonObject *tree)
{
    struct utsname machine;

    json_object_set_string_member(tree, "host", g_get_host_name());
    json_object_set_int_member(tree, "processors", g_get_num_processors());
    if (uname(&machine) != 0)
        return;
    json_object_set_string_member(tree, "system", machine.sysname);
    json_object_set_string_member(tree, "kernel", machine.release);
    json_object_set_string_member(tree, "machine", machine.machine);
}

JsonNode *run_facts(const struct report *report)
{
    double wall = (double)(g_get_monotonic_time() - report->started_us) / 1e6;
    double running = (double)(report->simulated_us - report->started_us) / 1e6;
    GDateTime *now = g_date_time_new_now_utc();
    char *date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    JsonObject *tree = json_object_new();
    JsonNode *node = json_node_init_object(json_node_alloc(), tree);
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    json_object_set_string_member(tree, "schema", "weft.run");
    json_object_set_int_member(tree, "schema_version", 1);
    json_object_set_string_member(tree, "program_version", weft_version);
    json_object_set_string_member(tree, "date", date);
    set_machine(tree);
    json_object_set_double_member(tree, "wall_seconds", wall);
    json_object_set_double_member(tree, "simulating_seconds", running);
    json_object_set_double_member(tree, "cpu_seconds",
                                  seconds(usage.ru_utime) + seconds(usage.ru_stime));
    json_object_set_double_member(tree, "simulated_seconds", simtime_seconds(report->simulated));
    json_object_set_int_member(tree, "events", (int64_t)report->events);
    json_object_set_double_member(tree, "events_per_second",
                                  running > 0 ? (double)report->events / running : 0);
    json_object_set_int_member(tree, "peak_memory_bytes", (int64_t)usage.ru_maxrss * 1024);
    json_object_set_int_member(tree, "capture_bytes", (int64_t)report->budget.used);
    json_object_unref(tree);
    g_date_time_unref(now);
    g_free(date);
    return node;
}
