#include "sim/list.h"

#include "tests/support/suite.h"

struct item {
    int before; /* so that the member is not at offset 0 */
    struct list link;
    int value;
};

static void check_values(struct list *head, const int *want, size_t n)
{
    size_t i = 0;
    list_for_each (it, head) {
        ck_assert_uint_lt(i, n);
        ck_assert_int_eq(container_of(it, struct item, link)->value, want[i++]);
        ck_assert_ptr_eq(it->next->prev, it);
        ck_assert_ptr_eq(it->prev->next, it);
    }
    ck_assert_uint_eq(i, n);
}

START_TEST(pushes_at_both_ends)
{
    struct list head;
    struct item items[4] = { { .value = 1 }, { .value = 2 }, { .value = 3 }, { .value = 4 } };

    list_init(&head);
    ck_assert(list_empty(&head));
    check_values(&head, NULL, 0);
    list_push_back(&head, &items[0].link);
    list_push_back(&head, &items[1].link);
    list_push_front(&head, &items[2].link);
    ck_assert(!list_empty(&head));
    check_values(&head, (int[]){ 3, 1, 2 }, 3);
    list_insert_before(&items[1].link, &items[3].link);
    check_values(&head, (int[]){ 3, 1, 4, 2 }, 4);
}
END_TEST

START_TEST(removing_twice_is_harmless)
{
    struct list head;
    struct item items[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };

    list_init(&head);
    for (int i = 0; i < 3; i++)
        list_push_back(&head, &items[i].link);
    list_remove(&items[1].link);
    list_remove(&items[1].link);
    check_values(&head, (int[]){ 1, 3 }, 2);
    ck_assert(list_empty(&items[1].link));
    list_push_front(&head, &items[1].link);
    check_values(&head, (int[]){ 2, 1, 3 }, 3);
}
END_TEST

START_TEST(items_may_leave_while_walking)
{
    struct list head;
    struct item items[6];

    list_init(&head);
    for (int i = 0; i < 6; i++) {
        items[i].value = i;
        list_push_back(&head, &items[i].link);
    }
    list_for_each_safe (it, next, &head) {
        if (container_of(it, struct item, link)->value % 2)
            list_remove(it);
    }
    check_values(&head, (int[]){ 0, 2, 4 }, 3);
    list_for_each_safe (it, next, &head)
        list_remove(it);
    ck_assert(list_empty(&head));
}
END_TEST

SUITE("sim/list", pushes_at_both_ends, removing_twice_is_harmless, items_may_leave_while_walking)
