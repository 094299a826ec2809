/* A preloaded library that simulates DNS rebinding: «rebind.example» resolves to 8.8.8.8 once, and to 127.0.0.1
 * afterwards. Connections to IPv4 addresses are logged to the file REBIND_LOG, one per line, and those to 8.8.8.8
 * are refused. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int asked;

static void note(const char *what, const char *address)
{
    FILE *log = fopen(getenv("REBIND_LOG"), "a");
    if (log) {
        fprintf(log, "%s %s\n", what, address);
        fclose(log);
    }
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!node || strcmp(node, "rebind.example"))
        return real(node, service, hints, found);
    const char *address = __sync_fetch_and_add(&asked, 1) ? "127.0.0.1" : "8.8.8.8";
    note("resolved", address);
    return real(address, service, hints, found);
}

int connect(int fd, const struct sockaddr *to, socklen_t length)
{
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "connect");
    if (to->sa_family == AF_INET) {
        char text[INET_ADDRSTRLEN];
        inet_ntop(AF_INET, &((const struct sockaddr_in *)to)->sin_addr, text, sizeof text);
        note("connected", text);
        if (!strcmp(text, "8.8.8.8")) {
            errno = ECONNREFUSED;
            return -1;
        }
    }
    return real(fd, to, length);
}
