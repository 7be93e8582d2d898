/* Applications: what runs on hosts and makes traffic. */
#ifndef WEFT_MODELS_APP_APP_H
#define WEFT_MODELS_APP_APP_H

struct app_ops {
    const char *name;
};

extern const struct app_ops *const *const app_registry[];

#endif
