#include <errno.h>

#include "scenarios/bind/traffic.h"

const char *bind_errno_name(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        { EADDRINUSE, "EADDRINUSE" },
        { EADDRNOTAVAIL, "EADDRNOTAVAIL" },
        { ECONNREFUSED, "ECONNREFUSED" },
        { ECONNRESET, "ECONNRESET" },
        { EHOSTUNREACH, "EHOSTUNREACH" },
        { ENETUNREACH, "ENETUNREACH" },
        { ETIMEDOUT, "ETIMEDOUT" },
        { EMSGSIZE, "EMSGSIZE" },
        { EPROTO, "EPROTO" },
        { ENOPROTOOPT, "ENOPROTOOPT" },
        { EHOSTDOWN, "EHOSTDOWN" },
        { ENETDOWN, "ENETDOWN" },
        { EPIPE, "EPIPE" },
        { EINVAL, "EINVAL" },
        { EPROTONOSUPPORT, "EPROTONOSUPPORT" },
        { EAGAIN, "EAGAIN" },
        { EINPROGRESS, "EINPROGRESS" },
        { EALREADY, "EALREADY" },
        { EISCONN, "EISCONN" },
        { ENOTCONN, "ENOTCONN" },
        { EDESTADDRREQ, "EDESTADDRREQ" },
        { EBADF, "EBADF" },
        { EACCES, "EACCES" },
        { ENOENT, "ENOENT" },
        { EOPNOTSUPP, "EOPNOTSUPP" },
        { ECONNABORTED, "ECONNABORTED" },
        { ENONET, "ENONET" },
        { EDOM, "EDOM" },
        { ENOTTY, "ENOTTY" },
        { ENOBUFS, "ENOBUFS" },
        { EPERM, "EPERM" },
        { ENODEV, "ENODEV" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].error == error)
            return names[i].name;
    return g_strerror(error);
}
