/* Objects of the language: one mechanism for hosts, links, flows and all others.
 *
 * A class is a name and tables: methods, properties, and the figures that the model's metric table
 * has.  Whatever is in none of them is an error that names the nearest word.  There is one Lua
 * object for each object of the models, so that objects can be compared. */
#ifndef WEFT_SCENARIOS_BIND_CLASS_H
#define WEFT_SCENARIOS_BIND_CLASS_H

#include "models/metric.h"
#include "scenarios/bind/bind.h"

struct bind_property {
    const char *name;
    /* Pushes the value. */
    void (*get)(lua_State *L, struct bind_object *self);
    /* Takes the value at `index`; NULL: it can only be read. */
    void (*set)(lua_State *L, struct bind_object *self, int index);
    const char *doc;
};

#define BIND_PROPERTIES_END \
    {                       \
        .name = NULL        \
    }

struct bind_class {
    const char *name;                  /* "host" */
    const char *doc;                   /* what it is and where it comes from, for `weft help` */
    const struct bind_method *methods; /* may be NULL */
    const struct bind_class *base;     /* whose methods and properties it has as well, or NULL */
    const struct bind_property *properties; /* may be NULL */

    /* Optional: the object's metrics, and of which object of the models they are asked. */
    const struct metric *(*metrics)(struct bind_object *self, void **model);
    /* Optional: names that no table has; pushes the value, or returns false. */
    bool (*lookup)(lua_State *L, struct bind_object *self, const char *name);
    /* Optional: adds those names. */
    void (*words)(struct bind_object *self, GPtrArray *words);
    /* Optional: the object's own name, for messages and tostring. */
    const char *(*title)(struct bind_object *self);
    /* Optional: frees what self->model owns, when nobody can see the object any more. */
    void (*release)(struct bind_object *self);
};

struct bind_object {
    const struct bind_class *class;
    void *model;          /* of the models, or the memory behind the object */
    struct bind_net *net; /* to which it belongs, or NULL */
};

/* Pushes the one Lua object for `model`, made at the first call. */
struct bind_object *bind_push(lua_State *L, const struct bind_class *class, void *model,
                              struct bind_net *net);

/* Pushes a new object with `size` zeroed bytes of its own as its model. */
struct bind_object *bind_push_new(lua_State *L, const struct bind_class *class, size_t size,
                                  struct bind_net *net);

/* The object at `index`, or NULL if it is something else. */
struct bind_object *bind_to_object(lua_State *L, int index);

/* Is it one of `class`, or for the method `m`, of a class that has it from there? */
bool bind_is_a(const struct bind_object *object, const struct bind_class *class,
               const struct bind_method *m);

/* The object at `index`, which must be of the class or derive from it; `what` says in the error
 * what it was wanted for. */
struct bind_object *bind_check(lua_State *L, int index, const struct bind_class *class,
                               const char *what);

/* "host s1", for messages; pushed onto the stack. */
const char *bind_title(lua_State *L, struct bind_object *object);

/* All classes, NULL-terminated. */
extern const struct bind_class *const bind_classes[];

#endif
