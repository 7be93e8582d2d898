/* Packets in a line each, as `tcpdump -i any` prints them: time in seconds, interface, direction,
 * contents.  Sequence numbers of TCP are relative, those of SYNs too. */
#include "protocols/wire/format.h"
#include "scenarios/results/relseq.h"
#include "scenarios/results/report_internal.h"

struct report_printer {
    struct tap tap;
    struct iface *iface;
    struct relseq *relseq;
    FILE *out;
    GString *line;
};

static void print_frame(struct tap *tap, const struct packet *frame, sim_time at,
                        enum tap_direction direction)
{
    struct report_printer *printer = container_of(tap, struct report_printer, tap);
    struct format_base base;
    bool known = relseq_firsts(printer->relseq, frame, &base.seq, &base.ack);

    g_string_printf(printer->line, "%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT " %s %s ", at / SIM_S,
                    at % SIM_S / SIM_NS, printer->iface->drops.name,
                    direction == TAP_IN ? "In " : "Out");
    format_frame(printer->line, frame, known ? &base : NULL);
    g_string_append_c(printer->line, '\n');
    fwrite(printer->line->str, 1, printer->line->len, printer->out);
}

struct report_printer *printer_new(struct network *net, struct iface *iface, FILE *out)
{
    struct report_printer *printer = g_new(struct report_printer, 1);

    *printer = (struct report_printer){
        .tap = { .frame = print_frame, .directions = TAP_BOTH, .to = SIM_NEVER },
        .iface = iface,
        .relseq = relseq_new(net),
        .out = out,
        .line = g_string_new(NULL),
    };
    iface_tap(iface, &printer->tap);
    return printer;
}

void printer_free(struct report_printer *printer)
{
    iface_untap(printer->iface, &printer->tap);
    relseq_free(printer->relseq);
    g_string_free(printer->line, TRUE);
    g_free(printer);
}
