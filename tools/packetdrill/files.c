/* Descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tools/packetdrill/drill.h"

int drill_add_file(struct drill *drill, struct socket *socket, struct drill_epoll *epoll)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (fd >= DRILL_FDS) {
        close(fd);
        errno = EMFILE;
        return -1;
    }
    if (fd >= 0) {
        drill_forget_file(drill, fd); /* it was closed behind our back */
        drill->files[fd] = (struct drill_file){ .socket = socket, .epoll = epoll };
    }
    return fd;
}

struct drill_file *drill_file(struct drill *drill, int fd)
{
    if (fd >= 0 && fd < DRILL_FDS && (drill->files[fd].socket || drill->files[fd].epoll))
        return &drill->files[fd];
    errno = EBADF;
    return NULL;
}

struct socket *drill_socket(struct drill *drill, int fd)
{
    struct drill_file *file = drill_file(drill, fd);

    if (file && !file->socket)
        errno = ENOTSOCK;
    return file ? file->socket : NULL;
}

void drill_forget_file(struct drill *drill, int fd)
{
    struct drill_file *file = &drill->files[fd];

    if (file->socket) {
        drill_epoll_forget(drill, fd);
        drill_forget_notes(file);
        drill_forget_arrivals(file);
        socket_close(file->socket);
    }
    if (file->epoll)
        drill_epoll_free(file->epoll);
    *file = (struct drill_file){ 0 };
}
