/* Payload bytes.  A packet refers to a slice (blob, offset, length); segmentation and
 * fragmentation slice, they do not copy.
 *
 * A blob holds either real bytes (an HTTP request, a quoted datagram) or none at all: the pattern
 * blob is endless, and each of its bytes follows from its offset alone.  Bulk data is a slice of
 * it.  The pattern has a prime period, so that a segment at a wrong offset shows. */
#ifndef WEFT_SIM_BLOB_H
#define WEFT_SIM_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blob {
    uint32_t refs;   /* BLOB_IMMORTAL: never freed, never counted */
    uint32_t length; /* bytes held; 0 for the pattern */
    uint8_t bytes[];
};

#define BLOB_IMMORTAL UINT32_MAX

/* The endless pattern. */
extern struct blob blob_pattern;

/* A new blob with one reference and `length` undefined bytes to fill before anyone else sees it. */
struct blob *blob_new(uint32_t length);

/* As blob_new, filled from `bytes`. */
struct blob *blob_copy(const void *bytes, uint32_t length);

static inline struct blob *blob_ref(struct blob *blob)
{
    if (blob && blob->refs != BLOB_IMMORTAL)
        blob->refs++;
    return blob;
}

/* For blob_unref alone: the last reference is gone. */
void blob_free(struct blob *blob);

static inline void blob_unref(struct blob *blob)
{
    if (blob && blob->refs != BLOB_IMMORTAL && --blob->refs == 0)
        blob_free(blob);
}

enum { BLOB_SPAN_MAX = 65536 };

/* The bytes [offset, offset + length) in one piece; length <= BLOB_SPAN_MAX for the pattern, and
 * within the blob for others. */
const uint8_t *blob_span(const struct blob *blob, uint64_t offset, uint32_t length);

/* Copies that many bytes out, any number of them. */
void blob_read(const struct blob *blob, uint64_t offset, uint32_t length, void *out);

/* One's complement sum (not folded, not inverted) of the bytes as big-endian 16-bit words, an odd
 * last byte padded with zero.  Constant time for the pattern. */
uint64_t blob_sum(const struct blob *blob, uint64_t offset, uint32_t length);

#endif
