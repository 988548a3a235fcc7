/*
 * A wall clock that is off by as many seconds as a file says, for one process: preloaded, and named by
 * STEPPED_CLOCK. The file may change at any time; without it the clock is right. The monotonic clocks are the real
 * ones. What waits for a moment of the wall clock inside of the kernel (a timed wait of pthreads on CLOCK_REALTIME) waits
 * for the real one.
 *
 * libfaketime would do, but a JVM below it takes twenty times the CPU. Needs a compiler and no header:
 * gcc -O2 -shared -fPIC -nostdlib
 */
struct timespec { long seconds, nanos; };
struct timeval { long seconds, micros; };

extern void *dlsym(void *handle, const char *name);
extern char *getenv(const char *name);
extern int open(const char *path, int flags, ...);
extern long read(int file, void *to, unsigned long most);
extern int close(int file);
extern long strtol(const char *text, char **end, int base);

#define NEXT ((void *) -1L)
enum { REALTIME = 0, MONOTONIC = 1, REALTIME_COARSE = 5, CLOSE_ON_EXEC = 02000000 };

typedef int (*getter)(int, struct timespec *);
static getter real;

static int really(int clock, struct timespec *time) {
    if (!real) real = (getter) dlsym(NEXT, "clock_gettime");
    return real(clock, time);
}

/* Looked at five times a second: a JVM asks far more often. */
static long offset(void) {
    static volatile long known, looked;
    struct timespec now;
    really(MONOTONIC, &now);
    long tick = now.seconds * 5 + now.nanos / 200000000;
    if (tick == looked) return known;
    const char *path = getenv("STEPPED_CLOCK");
    int file = path ? open(path, CLOSE_ON_EXEC) : -1;
    long seconds = 0;
    if (file >= 0) {
        char text[32];
        long length = read(file, text, sizeof text - 1);
        close(file);
        if (length > 0) {
            text[length] = 0;
            seconds = strtol(text, 0, 10);
        }
    }
    known = seconds;
    looked = tick;
    return seconds;
}

int clock_gettime(int clock, struct timespec *time) {
    int result = really(clock, time);
    if (result == 0 && (clock == REALTIME || clock == REALTIME_COARSE)) time->seconds += offset();
    return result;
}

int gettimeofday(struct timeval *time, void *zone) {
    struct timespec now;
    int result = clock_gettime(REALTIME, &now);
    if (time) {
        time->seconds = now.seconds;
        time->micros = now.nanos / 1000;
    }
    return result;
}

long time(long *where) {
    struct timespec now;
    clock_gettime(REALTIME, &now);
    if (where) *where = now.seconds;
    return now.seconds;
}
