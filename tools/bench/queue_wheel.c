/* The queue that is in use. */
#include "sim/queue.h"

#define QUEUE_NAME   "wheel"
#define QUEUE(verb)  QUEUE_##verb
#define QUEUE_queue  event_queue
#define QUEUE_init   queue_init
#define QUEUE_fini   queue_fini
#define QUEUE_push   queue_push
#define QUEUE_forget queue_forget
#define QUEUE_pop    queue_pop
#define QUEUE_hold   wheel_hold

#include "tools/bench/hold_run.inc"
