/* What the files of bind's sockets have in common: socket.c, sockopen.c, sockcall.c, sockprop.c. */
#ifndef WEFT_SCENARIOS_BIND_SOCKET_INTERNAL_H
#define WEFT_SCENARIOS_BIND_SOCKET_INTERNAL_H

#include "scenarios/bind/socket.h"

/* The socket of an object, which stays whose it was; see bind_socket_use. */
struct bind_socket *bind_socket_of(struct bind_object *self);

/* Pushes a new object for the socket, which is the running process's. */
struct bind_socket *bind_socket_push(lua_State *L, struct bind_net *net, struct node *node,
                                     struct socket *socket);

/* Closes it without waiting, if it is open; the object stays. */
void bind_socket_close_now(struct bind_socket *s);

/* Pushes what a call returned: true, or nil and the name of the errno; to be returned. */
int bind_socket_status(lua_State *L, int status);

/* s:bind, s:listen, s:connect, s:accept */
int bind_socket_bind(lua_State *L, struct bind_object *self);
int bind_socket_listen(lua_State *L, struct bind_object *self);
int bind_socket_connect(lua_State *L, struct bind_object *self);
int bind_socket_accept(lua_State *L, struct bind_object *self);

/* "10.0.0.1:40000 to 10.0.0.2:80"; NULL if it has no port. */
const char *bind_socket_title(struct bind_object *self);

/* The tables of the class. */
extern const struct bind_method bind_socket_methods[];
extern const struct bind_property bind_socket_properties[];

#endif
