#include "sim/error.h"

GQuark weft_error_quark(void)
{
    return g_quark_from_static_string("weft-error");
}
