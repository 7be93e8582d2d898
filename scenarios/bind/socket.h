/* Sockets of processes: node:socket, node:listen, node:connect, and what can be done with them.
 *
 * A call on a blocking socket tries; what would block waits as a process (process.h) and is tried
 * again.  So blocking is all that this folder adds to models/socket/.  A call that fails returns
 * nil and the errno's name, as Lua's own libraries do; assert makes an error of it. */
#ifndef WEFT_SCENARIOS_BIND_SOCKET_H
#define WEFT_SCENARIOS_BIND_SOCKET_H

#include "models/socket/socket.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/process.h"

/* Lives while the socket is open or a script can see it. */
struct bind_socket {
    struct list link; /* of the process that used it last, or of the network */
    struct bind_net *net;
    struct node *node;
    struct socket *socket; /* NULL: closed */
    bool nonblock, seen;
};

extern const struct bind_class bind_socket_class;
extern const struct bind_options bind_listen_options, bind_connect_options;

/* The socket of a method's object. Whoever uses a socket owns it (a listener: whoever made it), and
 * the end of that process closes it.  An error if the process runs on another node. */
struct bind_socket *bind_socket_use(lua_State *L, struct bind_object *self, const char *what);

/* Waits for events of the socket, in a blocking call `what`, and then calls `k`; the time of
 * SO_RCVTIMEO or SO_SNDTIMEO counts from the first time, for which `context` is 0.  For a
 * non-blocking socket, or when the time is up: nil, "EAGAIN".  To be returned. */
int bind_socket_block(lua_State *L, struct bind_socket *s, const char *what, unsigned events,
                      lua_KContext context, lua_KFunction k);

/* Pushes nil and the name of the errno -`status`; to be returned. */
int bind_socket_error(lua_State *L, int64_t status);

/* The object at the end of a method's arguments, in a continuation. */
struct bind_socket *bind_socket_top(lua_State *L, int index);

/* If there is a socket at `index`, it is the process's from now on. */
void bind_socket_hand_over(lua_State *L, int index, struct bind_process *process);

/* Closes the sockets of a process; gives them to the network; frees those of the network. */
void bind_sockets_close(struct bind_process *process);
void bind_sockets_disown(struct bind_process *process);
void bind_sockets_fini(struct bind_net *net);

/* The number that the text at `index` stands for, "10s" or "1kB", if `name` is an option of sockets
 * that counts time or bytes; else false. */
bool bind_sockopt_number(lua_State *L, int index, const char *name, double *out);

/* Sets all options in the table at `index`; an unknown or refused one is an error. */
void bind_sockopt_table(lua_State *L, int index, struct bind_socket *s);

/* s:sockopt, s:send, s:recv */
int bind_socket_option(lua_State *L, struct bind_object *self);
int bind_socket_send(lua_State *L, struct bind_object *self);
int bind_socket_recv(lua_State *L, struct bind_object *self);

extern const struct bind_options bind_send_options, bind_recv_options, bind_select_options;

/* node:socket, node:listen, node:connect */
int bind_node_socket(lua_State *L, struct bind_object *self);
int bind_node_listen(lua_State *L, struct bind_object *self);
int bind_node_connect(lua_State *L, struct bind_object *self);

#endif
