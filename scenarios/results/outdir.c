#define _GNU_SOURCE /* renameat2 */
#include "scenarios/results/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/error.h"

#define TAG ".weft-" /* hidden directories are .NAME.weft-XXXXXX ... */
#define OLD "old"    /* ... and .NAME.weft-old, where no exchange is possible */

struct outdir {
    char *final, *parent, *name;
    char *work;
    bool made_parent;
    int parent_lock; /* held while directories are made and removed */
    int lock;        /* of `work`, while the run lives */
};

static void fail(GError **error, const char *path, const char *why)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "cannot write results to \"%s\": %s; choose another directory with -o", path, why);
}

/* Removes a file or a tree; follows no links. */
static void tree_remove(const char *path)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return;
    if (!S_ISDIR(st.st_mode)) {
        unlink(path);
        return;
    }
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        char *child = g_build_filename(path, name, NULL);
        tree_remove(child);
        g_free(child);
    }
    if (dir)
        g_dir_close(dir);
    rmdir(path);
}

/* An open descriptor that holds the lock of the directory; -1 if another process holds it. */
static int lock_directory(const char *path, int operation)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && flock(fd, operation) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool is_empty(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    bool empty = dir && !g_dir_read_name(dir);

    if (dir)
        g_dir_close(dir);
    return empty;
}

static bool is_result(const char *path)
{
    char *mark = g_build_filename(path, OUTDIR_MARK, NULL);
    bool found = g_file_test(mark, G_FILE_TEST_IS_REGULAR);

    g_free(mark);
    return found;
}

/* Nothing is replaced but an empty directory or results of ours. */
static bool may_replace(const char *path, GError **error)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return true;
    if (!S_ISDIR(st.st_mode))
        fail(error, path, "it is a file");
    else if (!is_empty(path) && !is_result(path))
        fail(error, path,
             "it holds files that are no results of weft (there is no " OUTDIR_MARK
             "), and would be replaced as a whole");
    else
        return true;
    return false;
}

/* ---- Names ---------------------------------------------------------------------------------- */

/* Splits the path, links resolved if it exists. */
static void set_names(struct outdir *dir, const char *path)
{
    char *real = realpath(path, NULL);

    dir->final = g_canonicalize_filename(real ? real : path, NULL);
    dir->parent = g_path_get_dirname(dir->final);
    dir->name = g_path_get_basename(dir->final);
    free(real);
}

static char *hidden_path(const struct outdir *dir, const char *suffix)
{
    return g_strdup_printf("%s/.%s" TAG "%s", dir->parent, dir->name, suffix);
}

/* ---- Leftovers ------------------------------------------------------------------------------ */

static void remove_if_dead(const char *path)
{
    int lock = lock_directory(path, LOCK_EX | LOCK_NB);

    if (lock < 0)
        return;
    tree_remove(path);
    close(lock);
}

/* Removes what killed runs left; results that one moved aside go back first. */
static void clean_leftovers(const struct outdir *dir)
{
    char *old = hidden_path(dir, OLD), *prefix = g_strdup_printf(".%s" TAG, dir->name);
    GDir *parent = g_dir_open(dir->parent, 0, NULL);
    const char *name;

    if (!g_file_test(dir->final, G_FILE_TEST_EXISTS))
        rename(old, dir->final);
    while (parent && (name = g_dir_read_name(parent))) {
        if (!g_str_has_prefix(name, prefix))
            continue;
        char *path = g_build_filename(dir->parent, name, NULL);
        remove_if_dead(path);
        g_free(path);
    }
    if (parent)
        g_dir_close(parent);
    g_free(prefix);
    g_free(old);
}

/* ---- Life ----------------------------------------------------------------------------------- */

static bool make_parent(struct outdir *dir, GError **error)
{
    dir->made_parent = !g_file_test(dir->parent, G_FILE_TEST_EXISTS);
    if (g_mkdir_with_parents(dir->parent, 0777) != 0) {
        fail(error, dir->final, g_strerror(errno));
        return false;
    }
    return true;
}

static bool make_work(struct outdir *dir, GError **error)
{
    char *template = hidden_path(dir, "XXXXXX");

    if (!g_mkdtemp_full(template, 0777)) {
        fail(error, dir->final, g_strerror(errno));
        g_free(template);
        return false;
    }
    dir->work = template;
    dir->lock = lock_directory(template, LOCK_EX | LOCK_NB);
    return true;
}

struct outdir *outdir_new(const char *final, GError **error)
{
    struct outdir *dir = g_new0(struct outdir, 1);
    bool ok = false;

    dir->lock = -1;
    set_names(dir, final);
    if (make_parent(dir, error)) {
        int parent = lock_directory(dir->parent, LOCK_EX);
        clean_leftovers(dir);
        ok = may_replace(dir->final, error) && make_work(dir, error);
        if (parent >= 0)
            close(parent);
    }
    if (!ok) {
        outdir_free(dir);
        return NULL;
    }
    return dir;
}

const char *outdir_path(const struct outdir *dir)
{
    return dir->work;
}

const char *outdir_final(const struct outdir *dir)
{
    return dir->final;
}

/* For file systems that cannot exchange: between the two renames there are no results at the final
 * place, but a killed run's are put back by the next one. */
static bool replace_in_two_steps(struct outdir *dir)
{
    char *old = hidden_path(dir, OLD);
    bool moved = rename(dir->final, old) == 0;
    bool ok = moved && rename(dir->work, dir->final) == 0;
    int why = errno;

    if (ok)
        tree_remove(old);
    else if (moved)
        rename(old, dir->final);
    g_free(old);
    errno = why;
    return ok;
}

static bool replace(struct outdir *dir)
{
    if (renameat2(AT_FDCWD, dir->work, AT_FDCWD, dir->final, RENAME_EXCHANGE) == 0) {
        tree_remove(dir->work); /* by now these are the old results */
        return true;
    }
    if (errno == ENOENT)
        return rename(dir->work, dir->final) == 0;
    return replace_in_two_steps(dir);
}

bool outdir_commit(struct outdir *dir, GError **error)
{
    if (!may_replace(dir->final, error))
        return false;
    if (!replace(dir)) {
        fail(error, dir->final, g_strerror(errno));
        return false;
    }
    g_clear_pointer(&dir->work, g_free);
    return true;
}

void outdir_free(struct outdir *dir)
{
    if (dir->work) {
        tree_remove(dir->work);
        if (dir->made_parent)
            rmdir(dir->parent); /* if it is empty still */
    }
    if (dir->lock >= 0)
        close(dir->lock);
    g_free(dir->work);
    g_free(dir->final);
    g_free(dir->parent);
    g_free(dir->name);
    g_free(dir);
}
