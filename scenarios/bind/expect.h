/* What expectations share. */
#ifndef WEFT_SCENARIOS_BIND_EXPECT_H
#define WEFT_SCENARIOS_BIND_EXPECT_H

#include "scenarios/bind/bind.h"

/* Notes the outcome of an expectation at `where`; actual and wanted may be NULL. */
void bind_judge(lua_State *L, bool passed, const char *where, const char *message,
                const char *actual, const char *wanted);

/* Pushes "file.lua:12", the line of the script that runs. */
const char *bind_push_place(lua_State *L);

/* The message at `index` or, if there is none, the line of the script that runs. */
const char *bind_push_message(lua_State *L, int index, const char *what);

/* Pushes a line of a file, without the blanks around it; "" if it has no such line. */
const char *bind_push_line(lua_State *L, const char *path, int number);

#endif
