/* The outgoing stream: bytes by their position, from the first that is not acknowledged to the last
 * that was written.
 *
 * Chunks hold the bytes until they are acknowledged, by reference to the owner's blobs.  Bulk data
 * is one chunk of the pattern, as long as it likes.  Up to cut_pos the stream is in segments, each
 * of which knows the chunk of its first byte. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

uint64_t tcp_stream_end(const struct tcp_conn *conn)
{
    return conn->chunk_last ? conn->chunk_last->end : conn->cut_pos;
}

uint64_t tcp_uncut(const struct tcp_conn *conn)
{
    uint64_t end = tcp_stream_end(conn);
    return end == TCP_ENDLESS ? TCP_ENDLESS : end - conn->cut_pos;
}

void tcp_chunk_append(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint64_t length)
{
    struct tcp_chunk *last = conn->chunk_last;
    uint64_t pos = tcp_stream_end(conn), end = pos + length < pos ? TCP_ENDLESS : pos + length;

    if (last && last->blob == blob && last->offset + (last->end - last->pos) == offset) {
        last->end = end;
        if (!conn->chunk_next)
            conn->chunk_next = last;
        return;
    }
    struct tcp_chunk *chunk = pool_take(&conn->entry.stack->memory->chunks);
    *chunk = (struct tcp_chunk){ NULL, blob_ref(blob), pos, end, offset };
    if (last)
        last->next = chunk;
    else
        conn->chunk_first = chunk;
    conn->chunk_last = chunk;
    if (!conn->chunk_next)
        conn->chunk_next = chunk;
}

static void free_chunk(struct tcp_conn *conn, struct tcp_chunk *chunk)
{
    blob_unref(chunk->blob);
    pool_give(&conn->entry.stack->memory->chunks, chunk);
}

static void drop_first(struct tcp_conn *conn)
{
    struct tcp_chunk *chunk = conn->chunk_first;

    conn->chunk_first = chunk->next;
    if (!conn->chunk_first)
        conn->chunk_last = NULL;
    if (conn->chunk_next == chunk)
        conn->chunk_next = chunk->next;
    free_chunk(conn, chunk);
}

void tcp_chunks_acked(struct tcp_conn *conn)
{
    /* The oldest segment may be acknowledged in part, and begin in a chunk that goes now. */
    if (!rtxq_empty(&conn->rtxq)) {
        struct tcp_seg *head = rtxq_head(&conn->rtxq);
        if (before(head->seq, conn->snd_una))
            head->chunk = tcp_chunk_at(conn, head->chunk, conn->snd_una);
    }
    while (conn->chunk_first && conn->chunk_first->end <= conn->una_pos)
        drop_first(conn);
}

uint64_t tcp_stream_pos(const struct tcp_conn *conn, uint32_t seq)
{
    /* From the end, as snd_una runs ahead of una_pos while an ACK is digested. */
    return conn->cut_pos - (uint64_t)(int64_t)(int32_t)(conn->write_seq - conn->fin_cut - seq);
}

/* Gathers bytes that lie in several chunks into a blob of their own. */
static struct blob *gather(const struct tcp_chunk *chunk, uint64_t pos, uint32_t length)
{
    struct blob *blob = blob_new(length);

    for (uint32_t done = 0; done < length; chunk = chunk->next) {
        uint64_t at = pos + done, left = chunk->end - at;
        uint32_t n = left < length - done ? (uint32_t)left : length - done;
        memcpy(blob->bytes + done, blob_span(chunk->blob, chunk->offset + (at - chunk->pos), n), n);
        done += n;
    }
    return blob;
}

struct tcp_chunk *tcp_chunk_at(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq)
{
    uint64_t pos = tcp_stream_pos(conn, seq);

    while (chunk && chunk->end <= pos)
        chunk = chunk->next;
    return chunk;
}

void tcp_payload(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq,
                 uint32_t length, struct packet *packet)
{
    uint64_t pos = tcp_stream_pos(conn, seq);

    while (chunk->end <= pos)
        chunk = chunk->next;
    if (chunk->end - pos >= length)
        packet_set_payload(packet, blob_ref(chunk->blob), chunk->offset + (pos - chunk->pos),
                           length);
    else
        packet_set_payload(packet, gather(chunk, pos, length), 0, length);
}

void tcp_chunks_truncate(struct tcp_conn *conn)
{
    struct tcp_chunk *last = conn->chunk_next;

    while (last->next) {
        struct tcp_chunk *chunk = last->next;
        last->next = chunk->next;
        free_chunk(conn, chunk);
    }
    last->end = conn->cut_pos;
    conn->chunk_last = last;
    conn->chunk_next = NULL;
    tcp_chunks_acked(conn);
}

void tcp_chunks_free(struct tcp_conn *conn)
{
    while (conn->chunk_first)
        drop_first(conn);
}
