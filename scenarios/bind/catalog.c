#include "scenarios/bind/catalog.h"

#include <string.h>

#include "models/app/app.h"
#include "models/qdisc/qdisc.h"
#include "protocols/cc/cc.h"
#include "scenarios/bind/bond.h"
#include "scenarios/bind/cc.h"
#include "scenarios/bind/drawing.h"
#include "scenarios/bind/figure.h"
#include "scenarios/bind/iface.h"
#include "scenarios/bind/judge.h"
#include "scenarios/bind/library.h"
#include "scenarios/bind/link.h"
#include "scenarios/bind/lldp.h"
#include "scenarios/bind/loss.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/queue.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/run.h"
#include "scenarios/bind/script.h"
#include "scenarios/bind/series.h"
#include "scenarios/bind/snoop.h"
#include "scenarios/bind/socket.h"
#include "scenarios/bind/stp.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/time.h"
#include "scenarios/bind/traffic.h"

const struct bind_class *const bind_classes[] = {
    &bind_network_class,     &bind_node_class,     &bind_host_class,
    &bind_router_class,      &bind_switch_class,   &bind_hub_class,
    &bind_link_class,        &bind_iface_class,    &bind_port_class,
    &bind_switch_port_class, &bind_stp_port_class, &bind_queue_class,
    &bind_flow_class,        &bind_series_class,   &bind_process_class,
    &bind_socket_class,      &bind_timer_class,    &bind_random_class,
    &bind_connection_class,  &bind_bond_class,     NULL,
};

const struct bind_catalog_options bind_catalog_options[] = {
    { "weft.network{...}", &bind_network_options },
    { "net:host(name, {...}), net:router(name, {...}) and net:switch(name, {...})",
      &bind_node_options },
    { "iface:address(address, {...})", &bind_address_options },
    { "net:switch(name, {...})", &bind_switch_options },
    { "net:switch(name, {...}), spanning tree", &bind_stp_options },
    { "net:switch(name, {...}), snooping", &bind_snoop_options },
    { "node:querier{...}", &bind_querier_options },
    { "lldp = {...}", &bind_lldp_options },
    { "switch:stp{...}", &bind_stp_set_options },
    { "port.stp = {...}", &bind_stp_port_options },
    { "port:trunk{...}", &bind_trunk_options },
    { "port:hybrid{...}", &bind_hybrid_options },
    { "port:mirror(to, {...})", &bind_mirror_options },
    { "port:limit{...}", &bind_limit_options },
    { "node:bond{...}", &bind_bond_options },
    { "node:bond{...}, modes 802.3ad and balance-tcp", &bind_lacp_options },
    { "node:route(prefix, {...})", &bind_route_options },
    { "net:link(a, b, {...})", &bind_link_options },
    { "net:link(a, b, {...}) and link:set{...}, for each direction", &bind_direction_options },
    { "loss = {...}", &bind_loss_options },
    { "loss = { burst = {...} }", &bind_burst_options },
    { "jitter = {...}", &bind_jitter_options },
    { "reorder = {...}", &bind_reorder_options },
    { "link:down{...}", &bind_down_options },
    { "node:listen(port, {...})", &bind_listen_options },
    { "node:connect(to, port, {...})", &bind_connect_options },
    { "s:send(data, {...})", &bind_send_options },
    { "s:recv(n, {...})", &bind_recv_options },
    { "weft.select{...}", &bind_select_options },
    { "net:run{...}", &bind_run_options },
    { "net:every(span, fn, {...})", &bind_every_options },
    { "x:record(name, ..., {...})", &bind_record_options },
    { "x:stats{...}", &bind_stats_options },
    { "x:capture{...}", &bind_capture_options },
    { "net:plot{...}", &bind_net_plot_options },
    { "weft.plot{...}", &bind_weft_plot_options },
    { "a line of weft.plot", &bind_plot_line_options },
    { "weft.table{...}", &bind_table_options },
    { "expect.eventually(fn, {...}) and expect.never(fn, {...})", &bind_within_options },
    { "weft.limits{...}", &bind_limits_options },
    { "weft.cc(name, {...})", &bind_cc_options },
    { .usage = NULL },
};

const struct bind_catalog_options bind_catalog_flow = {
    "net:tcp{...} and all other traffic",
    &bind_flow_options,
};

static bool is_plugin(const char *word)
{
    return cc_find(word) || qdisc_find(word) || app_find(word);
}

static bool is_method(const struct bind_method *table, const char *word)
{
    for (; table && table->name; table++)
        if (strcmp(table->name, word) == 0)
            return true;
    return false;
}

static bool is_function(const char *word)
{
    for (const struct bind_words *table = bind_word_tables; table->name; table++)
        for (const struct bind_method *const *part = table->parts; *part; part++)
            if (is_method(*part, word))
                return true;
    return false;
}

static bool is_option(const char *word)
{
    for (const struct bind_catalog_options *c = bind_catalog_options; c->usage; c++) {
        for (const struct param *p = c->options->params; p && p->name; p++)
            if (strcmp(p->name, word) == 0)
                return true;
        for (const struct bind_option *o = c->options->options; o && o->name; o++)
            if (strcmp(o->name, word) == 0)
                return true;
    }
    return false;
}

bool bind_catalog_has(const char *word)
{
    for (const struct bind_class *const *class = bind_classes; *class; class ++)
        if (is_method((*class)->methods, word) || strcmp((*class)->name, word) == 0)
            return true;
    for (const struct bind_library_file *file = bind_library_files; file->name; file++) {
        char *definition = g_strdup_printf("\nfunction M.%s(", word);
        bool found = strstr(file->text, definition) != NULL;
        g_free(definition);
        if (found)
            return true;
    }
    return is_plugin(word) || is_function(word) || is_option(word);
}
