/* Which word was meant? */
#ifndef WEFT_SIM_WORD_H
#define WEFT_SIM_WORD_H

/* The word of `words` (NULL-terminated) nearest to `text` by edit distance (insert, delete,
 * replace, swap neighbours; case ignored), or NULL if none is near: at most a third of the letters
 * may be wrong.  The first of several equally near ones. */
const char *word_nearest(const char *text, const char *const *words);

/* The words of a text, between blanks of any number; the caller frees them with g_strfreev. */
char **word_split(const char *text);

#endif
