#include "sim/word.h"

#include <glib.h>
#include <string.h>

enum { LONGEST = 63 }; /* letters; longer words are compared by their beginning */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance; three rows of the table are alive at a time. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][LONGEST + 1];
    unsigned la = least((unsigned)strlen(a), LONGEST), lb = least((unsigned)strlen(b), LONGEST);

    for (unsigned j = 0; j <= lb; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= la; i++) {
        unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        char ca = g_ascii_tolower(a[i - 1]);
        now[0] = i;
        for (unsigned j = 1; j <= lb; j++) {
            char cb = g_ascii_tolower(b[j - 1]);
            now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == g_ascii_tolower(b[j - 2]) &&
                cb == g_ascii_tolower(a[i - 2]))
                now[j] = least(now[j], up2[j - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

const char *word_nearest(const char *text, const char *const *words)
{
    unsigned length = least((unsigned)strlen(text), LONGEST);
    unsigned limit = least((length + 2) / 3, length > 0 ? length - 1 : 0);
    const char *nearest = NULL;
    unsigned best = limit + 1;

    for (; *words; words++) {
        unsigned d = distance(text, *words);
        if (d < best) {
            best = d;
            nearest = *words;
        }
    }
    return nearest;
}

char **word_split(const char *text)
{
    char **words = g_strsplit_set(text, " \t", -1);
    size_t n = 0;

    for (size_t i = 0; words[i]; i++) {
        if (words[i][0])
            words[n++] = words[i];
        else
            g_free(words[i]);
    }
    words[n] = NULL;
    return words;
}
