/* What the files of stream sockets share; entries of the table as the functions of socket.h. */
#ifndef WEFT_MODELS_SOCKET_STREAM_H
#define WEFT_MODELS_SOCKET_STREAM_H

#include "models/socket/internal.h"

enum { STREAM_EVENTS = SOCKET_IN | SOCKET_OUT | SOCKET_RDHUP };

/* ---- stream.c ---------------------------------------------------------------------------------
 */

/* What TCP tells the stream that is a connection's user. */
extern const struct tcp_user_ops stream_user_ops;

/* As ss(8) says it. */
enum tcp_state stream_state(const struct socket *socket);

/* What was accepted with data in its SYN is open, though its handshake is not complete. */
bool stream_in_handshake(const struct stream *s);

/* Directions that are shut, or in which nothing will come any more. */
unsigned stream_shut(const struct stream *s);

/* What ends with a connection or with listening: the port and the address that nobody asked for,
 * and the numbers, beyond which those of the next begin. */
void stream_give_port_back(struct stream *s);
void stream_forget_address(struct stream *s);
void stream_renumber(struct stream *s);

/* ---- stream_open.c ----------------------------------------------------------------------------
 */

/* Entries of the table. */
int stream_bind(struct socket *socket, const struct socket_addr *local);
int stream_listen(struct socket *socket, int backlog);
int stream_accept(struct socket *socket, struct socket **out);
int stream_connect(struct socket *socket, const struct socket_addr *remote);

/* net.ipv4.tcp_fastopen lets clients. */
bool stream_fastopen_enabled(const struct stream *s);

/* Connects with the first data, which goes with the SYN: bytes taken, or -errno. */
int64_t stream_send_syn(struct stream *s, struct tcp_syn_data *data, const struct socket_addr *to);

/* MSG_FASTOPEN where a SYN has gone already: as another connect; 0: the data may go, this once. */
int stream_syn_sent(struct stream *s);

/* ---- stream_data.c ----------------------------------------------------------------------------
 */

/* Entries of the table. */
int64_t stream_sendmsg(struct socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                       unsigned flags, const struct socket_addr *to);
int64_t stream_recvmsg(struct socket *socket, void *out, uint32_t max, unsigned flags,
                       struct socket_addr *from);
int64_t stream_inq(const struct socket *socket);
int64_t stream_outq(const struct socket *socket);
int64_t stream_outq_unsent(const struct socket *socket);

/* ---- stream_close.c ---------------------------------------------------------------------------
 */

/* The connection is no more, by `end`; the socket may be used for another. */
void stream_drop_conn(struct stream *s, void (*end)(struct tcp_conn *conn));

/* Entries of the table. */
int stream_shutdown(struct socket *socket, enum socket_how how);
int stream_disconnect(struct socket *socket);
void stream_close(struct socket *socket);
void stream_forget(struct socket *socket);

#endif
