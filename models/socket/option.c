/* Options of sockets: each is a row with Linux's name and numbers, in the file of its level
 * (option_sol.c, option_tcp.c, option_ip.c).
 *
 * What TCP keeps is a struct tcp_config; setting an option there is changing a copy of it.  A row
 * says which number of it is meant, and between which limits; where there is more to do, it has
 * functions.  Values that are no numbers are read and written by their type (option_value.c).
 * Ranges and side effects are Linux's. */
#include <string.h>

#include "models/socket/option.h"

static const struct socket_option *const levels[] = {
    socket_options_sol,
    socket_options_tcp,
    socket_options_ip,
};

enum { LEVELS = sizeof levels / sizeof levels[0] };

const struct socket_option *socket_option_next(const struct socket_option *option)
{
    if (!option)
        return levels[0];
    if (option[1].name)
        return option + 1;
    for (int i = 0; i < LEVELS - 1; i++)
        if (levels[i]->level == option->level)
            return levels[i + 1];
    return NULL;
}

const struct socket_option *socket_option_named(const char *name)
{
    for (const struct socket_option *o = socket_option_next(NULL); o; o = socket_option_next(o))
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

const struct socket_option *socket_option_numbered(int level, int number)
{
    for (const struct socket_option *o = socket_option_next(NULL); o; o = socket_option_next(o))
        if (o->level == level && o->number == number)
            return o;
    return NULL;
}
