#include "scenarios/results/outdir.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

/* A directory of its own for each test. */
struct place {
    char *root, *final;
};

static struct place place_new(void)
{
    struct place place = { .root = g_dir_make_tmp("weft-XXXXXX", NULL) };

    place.final = g_build_filename(place.root, "out", "run", NULL);
    return place;
}

static void place_free(struct place *place)
{
    char *argv[] = { "rm", "-rf", place->root, NULL };

    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(place->root);
    g_free(place->final);
}

static void put(const char *dir, const char *name, const char *text)
{
    char *path = g_build_filename(dir, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

/* The file's text, NULL if there is none; the caller frees it. */
static char *get(const char *dir, const char *name)
{
    char *path = g_build_filename(dir, name, NULL), *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    g_free(path);
    return text;
}

static void check_file(const char *dir, const char *name, const char *want)
{
    char *text = get(dir, name);

    ck_assert_pstr_eq(text, want);
    g_free(text);
}

/* Names in the directory, hidden ones included. */
static unsigned entries(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    unsigned n = 0;

    while (dir && g_dir_read_name(dir))
        n++;
    if (dir)
        g_dir_close(dir);
    return n;
}

static struct outdir *begin(const char *final)
{
    GError *error = NULL;
    struct outdir *dir = outdir_new(final, &error);

    ck_assert_msg(dir != NULL, "%s", error ? error->message : "");
    return dir;
}

/* A whole run that leaves `text`. */
static void run(const char *final, const char *text)
{
    struct outdir *dir = begin(final);

    put(outdir_path(dir), OUTDIR_MARK, text);
    ck_assert(outdir_commit(dir, NULL));
    outdir_free(dir);
}

static void check_refused(const char *final, const char *word)
{
    GError *error = NULL;

    ck_assert_ptr_null(outdir_new(final, &error));
    ck_assert_msg(strstr(error->message, word) != NULL, "%s", error->message);
    g_error_free(error);
}

START_TEST(replaced_whole)
{
    struct place p = place_new();
    char *out = g_path_get_dirname(p.final);

    run(p.final, "first");
    put(p.final, "old.pcap", "x");
    struct outdir *dir = begin(p.final);
    put(outdir_path(dir), OUTDIR_MARK, "second");
    check_file(p.final, OUTDIR_MARK, "first");
    ck_assert(outdir_commit(dir, NULL));
    outdir_free(dir);
    check_file(p.final, OUTDIR_MARK, "second");
    check_file(p.final, "old.pcap", NULL);
    ck_assert_uint_eq(entries(out), 1);
    g_free(out);
    place_free(&p);
}
END_TEST

/* A run that gives up leaves the old results, or no trace at all. */
START_TEST(given_up)
{
    struct place p = place_new();
    struct outdir *dir = begin(p.final);

    put(outdir_path(dir), "half", "x");
    outdir_free(dir);
    ck_assert_uint_eq(entries(p.root), 0);

    run(p.final, "first");
    dir = begin(p.final);
    put(outdir_path(dir), OUTDIR_MARK, "second");
    outdir_free(dir);
    check_file(p.final, OUTDIR_MARK, "first");
    place_free(&p);
}
END_TEST

/* Starts a run in another process that is killed with its results half written. */
static void killed_run(const char *final)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct outdir *dir = outdir_new(final, NULL);
        put(outdir_path(dir), "half", "x");
        raise(SIGKILL);
    }
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status));
}

START_TEST(killed)
{
    struct place p = place_new();
    char *out = g_path_get_dirname(p.final);

    run(p.final, "first");
    killed_run(p.final);
    check_file(p.final, OUTDIR_MARK, "first");
    ck_assert_uint_eq(entries(out), 2); /* its leftover lies about ... */
    run(p.final, "second");
    check_file(p.final, OUTDIR_MARK, "second");
    ck_assert_uint_eq(entries(out), 1); /* ... until the next run */
    g_free(out);
    place_free(&p);
}
END_TEST

/* The directory of a run that lives is no leftover; the later of two runs at once wins. */
START_TEST(two_at_once)
{
    struct place p = place_new();
    struct outdir *a = begin(p.final), *b = begin(p.final);

    put(outdir_path(a), OUTDIR_MARK, "a");
    put(outdir_path(b), OUTDIR_MARK, "b");
    ck_assert(outdir_commit(b, NULL));
    ck_assert(outdir_commit(a, NULL));
    outdir_free(a);
    outdir_free(b);
    check_file(p.final, OUTDIR_MARK, "a");
    place_free(&p);
}
END_TEST

/* What a run killed between the two renames of the slow way left is put back. */
START_TEST(moved_aside)
{
    struct place p = place_new();
    char *out = g_path_get_dirname(p.final), *old = g_build_filename(out, ".run.weft-old", NULL);

    run(p.final, "first");
    ck_assert_int_eq(rename(p.final, old), 0);
    outdir_free(begin(p.final));
    check_file(p.final, OUTDIR_MARK, "first");
    g_free(old);
    g_free(out);
    place_free(&p);
}
END_TEST

/* A user's own directory is not replaced. */
START_TEST(strangers_are_kept)
{
    struct place p = place_new();

    put(p.root, "thesis.tex", "x");
    check_refused(p.root, "no results of weft");
    char *file = g_build_filename(p.root, "thesis.tex", NULL);
    check_refused(file, "it is a file");
    check_refused("/", "no results of weft");
    check_file(p.root, "thesis.tex", "x");
    g_free(file);
    place_free(&p);
}
END_TEST

/* An empty directory is taken, and one reached through a link is replaced where it is. */
START_TEST(empty_and_linked)
{
    struct place p = place_new();
    char *real = g_build_filename(p.root, "real", NULL);
    char *link = g_build_filename(p.root, "link", NULL);

    ck_assert_int_eq(mkdir(real, 0777), 0);
    ck_assert_int_eq(symlink("real", link), 0);
    run(link, "first");
    check_file(real, OUTDIR_MARK, "first");
    ck_assert(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_free(real);
    g_free(link);
    place_free(&p);
}
END_TEST

START_TEST(unwritable)
{
    struct place p = place_new();

    check_refused("/proc/weft/run", "-o");
    put(p.root, "out", "a file where a directory should be");
    check_refused(p.final, "-o");
    place_free(&p);
}
END_TEST

/* Others may read the results as the umask says, though the work directory is temporary. */
START_TEST(permissions)
{
    struct place p = place_new();
    struct stat st;
    mode_t old = umask(022);

    run(p.final, "first");
    umask(old);
    ck_assert_int_eq(stat(p.final, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0755);
    place_free(&p);
}
END_TEST

SUITE("scenarios/results/outdir", replaced_whole, given_up, killed, two_at_once, moved_aside,
      strangers_are_kept, empty_and_linked, unwritable, permissions)
