/* Packets as predicates see them: loss = function(p) return p.tcp and p.tcp.seq > 1000 end. */
#ifndef WEFT_SCENARIOS_BIND_PACKET_H
#define WEFT_SCENARIOS_BIND_PACKET_H

#include "scenarios/bind/network.h"

/* For impair_config.predicate; `data` is a struct bind_impairs, whose function is asked. */
bool bind_packet_predicate(void *data, const struct packet *frame, sim_time at);

/* Raises an error while a loss function runs, in the middle of sending its packet. */
void bind_check_not_looking(lua_State *L, struct bind_net *net, const char *what);

/* A field that is in no header but known of the packet; those of the headers are view_fields. */
struct packet_look;
struct bind_packet_field {
    const char *name; /* "tcp.seq" */
    uint32_t layer;   /* enum view_layer: without it the field is nil */
    void (*push)(lua_State *L, const struct packet_look *look);
    const char *doc;
};

/* All, ended by a row without a name. */
extern const struct bind_packet_field bind_packet_fields[];

#endif
