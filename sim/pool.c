#include "sim/pool.h"

#include <glib.h>
#include <stdlib.h>

enum { SLAB_BYTES = 64 * 1024 };

void pool_init(struct pool *pool, size_t size, size_t align)
{
    size = size < sizeof(void *) ? sizeof(void *) : size;
    *pool = (struct pool){ .size = (size + align - 1) & ~(align - 1), .align = align };
    pool->per_slab = SLAB_BYTES / pool->size > 4 ? SLAB_BYTES / pool->size : 4;
}

void pool_fini(struct pool *pool)
{
    for (void *slab = pool->slabs; slab;) {
        void *next = *(void **)slab;
        free(slab);
        slab = next;
    }
    *pool = (struct pool){ .size = pool->size, .align = pool->align, .per_slab = pool->per_slab };
}

/* One slab more, its objects on the free list in address order. */
void pool_grow(struct pool *pool)
{
    size_t align = pool->align < sizeof(void *) ? sizeof(void *) : pool->align;
    size_t first = (sizeof(void *) + align - 1) & ~(align - 1);
    void *slab = NULL;

    if (posix_memalign(&slab, align, first + pool->per_slab * pool->size) != 0)
        g_error("out of memory");
    *(void **)slab = pool->slabs;
    pool->slabs = slab;
    for (size_t i = pool->per_slab; i-- > 0;) {
        void *object = (char *)slab + first + i * pool->size;
        *(void **)object = pool->free;
        pool->free = object;
    }
}
