/* A user's mistakes: errors whose message says what is wrong and what would be right. */
#ifndef WEFT_SIM_ERROR_H
#define WEFT_SIM_ERROR_H

#include <glib.h>

/* The domain of all of them. */
#define WEFT_ERROR weft_error_quark()
GQuark weft_error_quark(void);

enum weft_error {
    WEFT_ERROR_UNIT,    /* a unit that does not exist or does not belong here */
    WEFT_ERROR_RANGE,   /* a value outside its limits */
    WEFT_ERROR_UNKNOWN, /* a name or word that does not exist */
    WEFT_ERROR_NAME,    /* a name that is taken, or an object that does not belong here */
    WEFT_ERROR_TYPE,    /* text where a number belongs, or the like */
};

#endif
