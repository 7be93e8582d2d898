/* weft's TCP and UDP against those of the kernel of this machine: connections in both directions,
 * whole and through losses, their ends, refusals, fragments.  Prints TAP. */
#define _GNU_SOURCE /* unshare */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/interop/tun.h"

enum { PORT = 5001, BYTES = 3000000, DEADLINE = 40 /* seconds */, SKIPPED = 77 };

/* Byte i of every stream. */
static uint8_t byte_at(uint64_t i)
{
    return (uint8_t)(i * 2654435761u >> 13);
}

static bool is_right(const uint8_t *bytes, uint64_t from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != byte_at(from + i))
            return false;
    return true;
}

static void fill(uint8_t *bytes, uint64_t from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bytes[i] = byte_at(from + i);
}

/* ---- The kernel's part ----------------------------------------------------------------------- */

struct kernel {
    pthread_t thread;
    uint64_t sent, received;
    bool right, done; /* all bytes were; the other side ended */
    int error;
};

static struct sockaddr_in address(const char *text)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons(PORT),
                                 .sin_addr.s_addr = inet_addr(text) };
}

static void read_to_end(struct kernel *kernel, int fd)
{
    uint8_t bytes[65536];
    ssize_t n;

    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0) {
        kernel->right &= is_right(bytes, kernel->received, (size_t)n);
        kernel->received += (uint64_t)n;
    }
    kernel->done = n == 0;
    kernel->error = n < 0 ? errno : 0;
}

static void send_all(struct kernel *kernel, int fd)
{
    uint8_t bytes[65536];

    while (kernel->sent < BYTES) {
        size_t n = MIN(sizeof bytes, BYTES - kernel->sent);
        fill(bytes, kernel->sent, n);
        ssize_t taken = send(fd, bytes, n, MSG_NOSIGNAL);
        if (taken < 0) {
            kernel->error = errno;
            return;
        }
        kernel->sent += (uint64_t)taken;
    }
    shutdown(fd, SHUT_WR);
}

static void *kernel_sends(void *data)
{
    struct sockaddr_in to = address(WEFT_TEXT);
    struct kernel *kernel = data;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        kernel->error = errno;
    } else {
        send_all(kernel, fd);
        read_to_end(kernel, fd);
    }
    close(fd);
    return NULL;
}

static void *kernel_receives(void *data)
{
    struct sockaddr_in local = address(KERNEL_TEXT);
    struct kernel *kernel = data;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&local, sizeof local) != 0 || listen(listener, 1) != 0) {
        kernel->error = errno;
        return NULL;
    }
    int fd = accept(listener, NULL, NULL);
    read_to_end(kernel, fd);
    send_all(kernel, fd);
    close(fd);
    close(listener);
    return NULL;
}

/* ---- The simulated host's part --------------------------------------------------------------- */

struct peer {
    struct socket *listener, *socket;
    uint64_t sent, received;
    bool right, sender_first, ended, shut;
    int error;
};

static void peer_receive(struct peer *peer)
{
    uint8_t bytes[65536];
    int64_t n;

    while ((n = socket_recv(peer->socket, bytes, sizeof bytes, 0, NULL)) > 0) {
        peer->right &= is_right(bytes, peer->received, (size_t)n);
        peer->received += (uint64_t)n;
    }
    peer->ended |= n == 0;
    if (n < 0 && n != -EAGAIN && n != -ENOTCONN)
        peer->error = (int)-n;
}

static void peer_send(struct peer *peer)
{
    uint8_t bytes[65536];

    while (peer->sent < BYTES) {
        uint32_t n = (uint32_t)MIN(sizeof bytes, BYTES - peer->sent);
        fill(bytes, peer->sent, n);
        int64_t taken = socket_send(peer->socket, bytes, n, 0, NULL);
        if (taken <= 0)
            return;
        peer->sent += (uint64_t)taken;
    }
    if (!peer->shut && socket_shutdown(peer->socket, SOCKET_SHUT_WR) == 0)
        peer->shut = true;
}

static bool peer_over(const struct peer *peer)
{
    return peer->error || (peer->ended && peer->shut && socket_outq(peer->socket) == 0);
}

/* Accepts, receives to the end, sends, and closes. */
static bool serve(struct tun *tun, void *data)
{
    struct peer *peer = data;

    if (!peer->socket && socket_accept(peer->listener, &peer->socket) != 0)
        return false;
    peer_receive(peer);
    if (peer->ended)
        peer_send(peer);
    return peer_over(peer);
}

/* Connected: sends, then receives to the end. */
static bool visit(struct tun *tun, void *data)
{
    struct peer *peer = data;

    if (socket_state(peer->socket) == TCP_SYN_SENT)
        return false;
    peer_send(peer);
    peer_receive(peer);
    return peer_over(peer);
}

static struct socket_addr endpoint(ip4 addr)
{
    return (struct socket_addr){ ip_addr_of_v4(addr), PORT };
}

/* What is left over of both sides goes through TIME_WAIT or its like. */
static bool nothing(struct tun *tun, void *data)
{
    return false;
}

/* ---- Cases ----------------------------------------------------------------------------------- */

static const char *failure;

static bool check(bool condition, const char *what)
{
    if (!condition && !failure)
        failure = what;
    return condition;
}

static void check_both(const struct kernel *kernel, const struct peer *peer)
{
    check(kernel->error == 0 && peer->error == 0, "no error");
    check(peer->received == BYTES && peer->right, "the host received all bytes, and right");
    check(kernel->received == BYTES && kernel->right, "the kernel received all bytes, and right");
    check(kernel->done && peer->ended, "both saw the end");
}

static void kernel_to_weft(struct tun *tun)
{
    struct kernel kernel = { .right = true };
    struct peer peer = { .right = true };
    struct socket_addr local = endpoint(WEFT_ADDR);

    peer.listener = socket_new(node_sockets(tun->node), SOCKET_STREAM);
    check(socket_bind(peer.listener, &local) == 0, "bind");
    check(socket_listen(peer.listener, 5) == 0, "listen");
    pthread_create(&kernel.thread, NULL, kernel_sends, &kernel);
    check(tun_run(tun, serve, &peer, DEADLINE), "it ends in time");
    tun_run(tun, nothing, NULL, 1);
    if (failure)
        return;
    pthread_join(kernel.thread, NULL);
    check_both(&kernel, &peer);
}

static void weft_to_kernel(struct tun *tun)
{
    struct kernel kernel = { .right = true };
    struct peer peer = { .right = true };
    struct socket_addr remote = endpoint(KERNEL_ADDR);

    pthread_create(&kernel.thread, NULL, kernel_receives, &kernel);
    tun_run(tun, nothing, NULL, 1); /* the kernel listens by then */
    peer.socket = socket_new(node_sockets(tun->node), SOCKET_STREAM);
    check(socket_connect(peer.socket, &remote) == -EINPROGRESS, "connect");
    check(tun_run(tun, visit, &peer, DEADLINE), "it ends in time");
    tun_run(tun, nothing, NULL, 1);
    if (failure)
        return;
    pthread_join(kernel.thread, NULL);
    check_both(&kernel, &peer);
}

static void kernel_to_weft_lossy(struct tun *tun)
{
    tun->lose_every = 50;
    kernel_to_weft(tun);
}

static void weft_to_kernel_lossy(struct tun *tun)
{
    tun->lose_every = 50;
    weft_to_kernel(tun);
}

static bool is_refused(struct tun *tun, void *data)
{
    return socket_connect(data, &(struct socket_addr){ ip_addr_of_v4(KERNEL_ADDR), PORT }) ==
           -ECONNREFUSED;
}

static bool is_joined(struct tun *tun, void *data)
{
    struct kernel *kernel = data;
    return kernel->error != 0;
}

/* A port where nobody listens refuses, both ways. */
static void refused(struct tun *tun)
{
    struct socket_addr remote = endpoint(KERNEL_ADDR);
    struct socket *socket = socket_new(node_sockets(tun->node), SOCKET_STREAM);
    struct kernel kernel = { 0 };

    socket_connect(socket, &remote);
    check(tun_run(tun, is_refused, socket, DEADLINE), "the host is refused");
    pthread_create(&kernel.thread, NULL, kernel_sends, &kernel);
    check(tun_run(tun, is_joined, &kernel, DEADLINE), "the kernel gets an answer");
    check(kernel.error == ECONNREFUSED, "the kernel is refused");
}

/* A datagram of 5,000 bytes in fragments, there and back. */
struct echo {
    struct socket *socket;
    int fd;
    bool echoed, back;
};

static bool echo_step(struct tun *tun, void *data)
{
    struct echo *echo = data;
    struct socket_addr from;
    uint8_t bytes[TUN_PACKET];

    int64_t n = socket_recv(echo->socket, bytes, sizeof bytes, 0, &from);
    if (n == 5000 && is_right(bytes, 0, 5000))
        echo->echoed = socket_send(echo->socket, bytes, 5000, 0, &from) == 5000;
    ssize_t got = recv(echo->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    return echo->back = got == 5000 && is_right(bytes, 0, 5000);
}

static void fragments(struct tun *tun)
{
    struct echo echo = { .fd = socket(AF_INET, SOCK_DGRAM, 0) };
    struct sockaddr_in to = address(WEFT_TEXT);
    struct socket_addr local = endpoint(WEFT_ADDR);
    uint8_t bytes[5000];

    echo.socket = socket_new(node_sockets(tun->node), SOCKET_DGRAM);
    check(socket_bind(echo.socket, &local) == 0, "bind");
    fill(bytes, 0, sizeof bytes);
    sendto(echo.fd, bytes, sizeof bytes, 0, (struct sockaddr *)&to, sizeof to);
    check(tun_run(tun, echo_step, &echo, DEADLINE) && echo.echoed && echo.back,
          "it comes back whole");
    close(echo.fd);
}

/* ---- Running --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*run)(struct tun *tun);
} cases[] = {
    { "the kernel connects, both send", kernel_to_weft },
    { "weft connects, both send", weft_to_kernel },
    { "the kernel connects, every 50th packet is lost", kernel_to_weft_lossy },
    { "weft connects, every 50th packet is lost", weft_to_kernel_lossy },
    { "a closed port refuses, both ways", refused },
    { "a datagram in fragments, there and back", fragments },
};

/* Each case has a process and a namespace of its own. */
static int run_case(size_t i)
{
    struct tun *tun = tun_new();

    if (!tun)
        return SKIPPED;
    cases[i].run(tun);
    if (!failure)
        check(tun_free(tun) == 0, "no packet is left over");
    if (failure)
        printf("# not so: %s\n", failure);
    fflush(stdout);
    return failure != NULL;
}

int main(void)
{
    int status, failures = 0;

    printf("1..%zu\n", G_N_ELEMENTS(cases));
    fflush(stdout);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(run_case(i));
        waitpid(pid, &status, 0);
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        failures += code != 0 && code != SKIPPED;
        printf("%sok %zu - %s%s\n", code == 0 || code == SKIPPED ? "" : "not ", i + 1,
               cases[i].name, code == SKIPPED ? " # SKIP no TUN device for us here" : "");
        fflush(stdout);
    }
    return failures != 0;
}
