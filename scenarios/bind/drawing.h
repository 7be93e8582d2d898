/* Plots: weft.plot of any series, net:plot of recorded metrics. */
#ifndef WEFT_SCENARIOS_BIND_DRAWING_H
#define WEFT_SCENARIOS_BIND_DRAWING_H

#include "scenarios/bind/bind.h"
#include "scenarios/bind/options.h"

/* weft.plot{...} */
int bind_weft_plot(lua_State *L, struct bind_object *self);

/* Series that were still being recorded when their plot was asked for are read now, while their
 * report is there; at the end of the script. */
void bind_drawings_finish(struct bind *bind);

/* An array of drawings that owns them. */
GPtrArray *bind_drawings_new(void);

extern const struct bind_options bind_weft_plot_options, bind_net_plot_options;

extern const struct bind_options bind_plot_line_options;

#endif
