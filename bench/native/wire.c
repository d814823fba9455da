/* Both ends of the loopback for bench/tick_to_order.py.
 *
 *   wire feed PORT_FILE CORE TLS CERT KEY WARMUP SAMPLES GAP_US
 *       a WebSocket server with two connections, /market and /orders: sends a book ticker on the one, spins until the
 *       order has come whole on the other, answers that it expired; prints one line of JSON with the wire times
 *   wire echo PORT CORE TLS BYTES
 *       the floor: a client that spins on the market connection and sends BYTES ready-made bytes for every frame; its
 *       line of JSON has the times from the return of recv to the return of send: what the kernel's send alone takes
 *
 * Both spin on non-blocking sockets, pinned to CORE (-1: not). TLS is OpenSSL, TLS 1.3, the certificate not checked here.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM 65536
#define INSIDE (1 << 20)

typedef struct {
    int fd;
    SSL *ssl;
    char path[64];
} conn;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void pin(int core) {
    if (core < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (sched_setaffinity(0, sizeof set, &set)) fail("sched_setaffinity");
}

/* Bytes read, 0 for none now; exits when the peer has gone. */
static int take(conn *c, char *buf, int size) {
    if (c->ssl) {
        int got = SSL_read(c->ssl, buf, size);
        if (got > 0) return got;
        if (SSL_get_error(c->ssl, got) == SSL_ERROR_WANT_READ) return 0;
    } else {
        ssize_t got = recv(c->fd, buf, size, MSG_DONTWAIT);
        if (got > 0) return (int)got;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    }
    exit(3);
}

static void give(conn *c, const char *buf, int size) {
    while (size > 0) {
        int sent = c->ssl ? SSL_write(c->ssl, buf, size) : (int)send(c->fd, buf, size, MSG_NOSIGNAL);
        if (sent > 0) buf += sent, size -= sent;
        else if (!c->ssl && errno != EAGAIN && errno != EINTR) exit(3);
        else if (c->ssl && SSL_get_error(c->ssl, sent) != SSL_ERROR_WANT_WRITE) exit(3);
    }
}

static void take_head(conn *c, char *head) {
    int size = 0;
    head[0] = 0;
    while (!strstr(head, "\r\n\r\n") && size < ROOM - 1) {
        size += take(c, head + size, 1);
        head[size] = 0;
    }
}

static void nonblocking(conn *c) {
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
    if (c->ssl) SSL_set_read_ahead(c->ssl, 1);
}

static void upgrade(conn *c) {
    static char head[ROOM];
    char text[256];
    unsigned char sum[SHA_DIGEST_LENGTH], accept[64];
    take_head(c, head);
    char *line = strcasestr(head, "sec-websocket-key:");
    if (!line || sscanf(head, "GET %63s", c->path) != 1) exit(2);
    line += 18;
    while (*line == ' ') line++;
    int size = (int)strcspn(line, "\r");
    snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", size, line);
    SHA1((unsigned char *)text, strlen(text), sum);
    EVP_EncodeBlock(accept, sum, SHA_DIGEST_LENGTH);
    size = snprintf(head, ROOM,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    give(c, head, size);
}

static int framed(char *out, const char *text, int size) {
    int head = size < 126 ? 2 : 4;
    out[0] = (char)0x81;
    out[1] = (char)(size < 126 ? size : 126);
    if (head == 4) out[2] = (char)(size >> 8), out[3] = (char)size;
    memcpy(out + head, text, size);
    return head + size;
}

/* Length of the masked frame at buf, 0 while it is not whole. */
static int whole(const unsigned char *buf, int size) {
    if (size < 2) return 0;
    int length = buf[1] & 127, head = 6;
    if (length == 126) {
        if (size < 4) return 0;
        length = buf[2] << 8 | buf[3], head = 8;
    }
    return size >= head + length ? head + length : 0;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The order's client id and request id, out of its frame. */
static void ids(unsigned char *frame, int size, char *client, char *request) {
    int head = (frame[1] & 127) == 126 ? 8 : 6;
    for (int i = head; i < size; i++) frame[i] ^= frame[head - 4 + ((i - head) & 3)];
    char last = (char)frame[size - 1];
    frame[size - 1] = 0;
    char *at = strstr((char *)frame + head, "\"newClientOrderId\":");
    client[0] = 0, strcpy(request, "0");
    if (at) sscanf(at + 19, " \"%36[^\"]", client);
    at = strstr((char *)frame + head, "\"id\":");
    if (at) sscanf(at + 5, " %19[0-9]", request);
    frame[size - 1] = (unsigned char)last;
}

static void answer(conn *c, unsigned char *frame, int size, long n) {
    char client[40], request[24], text[1024], out[1100];
    ids(frame, size, client, request);
    int length = snprintf(text, sizeof text, "{\"id\":%s,\"status\":200,\"result\":{\"symbol\":\"BTCUSDT\",\"orderId\":%ld,"
                          "\"orderListId\":-1,\"clientOrderId\":\"%s\",\"transactTime\":1}}", request, n, client);
    give(c, out, framed(out, text, length));
    length = snprintf(text, sizeof text,
                      "{\"subscriptionId\":0,\"event\":{\"e\":\"executionReport\",\"E\":1,\"s\":\"BTCUSDT\",\"c\":\"%s\","
                      "\"S\":\"BUY\",\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":\"0.00100000\",\"p\":\"60000.00000000\",\"x\":\"EXPIRED\","
                      "\"X\":\"EXPIRED\",\"r\":\"NONE\",\"i\":%ld,\"l\":\"0.00000000\",\"z\":\"0.00000000\",\"L\":\"0.00000000\","
                      "\"n\":\"0\",\"N\":null,\"T\":1,\"t\":-1,\"w\":false,\"m\":false}}", client, n);
    give(c, out, framed(out, text, length));
}

static int64_t once(conn *market, conn *orders, long n, int gap_us) {
    static unsigned char buf[ROOM];
    char text[256], out[300];
    int length = snprintf(text, sizeof text,
                          "{\"u\":%ld,\"s\":\"BTCUSDT\",\"b\":\"%ld.%02ld000000\",\"B\":\"31.21000000\",\"a\":\"%ld.%02ld000000\","
                          "\"A\":\"40.66000000\"}", 400000000 + n, 60000 + n % 7, n % 97, 60000 + n % 7, n % 97 + 2);
    length = framed(out, text, length);
    int have = 0, size;
    int64_t start = now();
    give(market, out, length);
    while (!(size = whole(buf, have))) {
        have += take(orders, (char *)buf + have, ROOM - have);
        if (now() - start > 2000000000LL) fail("no order came within two seconds");
    }
    int64_t taken = now() - start;
    answer(orders, buf, size, n);
    for (int64_t until = now() + gap_us * 1000LL; now() < until;) {}
    return taken;
}

static void report(const char *what, int64_t *ns, long count) {
    static const struct { const char *name; double share; } shown[] = {{"min", 0}, {"p50", .5}, {"p90", .9}, {"p99", .99}, {"p999", .999}};
    qsort(ns, count, sizeof *ns, compare);
    printf("{\"samples\":%ld", count);
    for (int i = 0; i < 5; i++) printf(",\"%s_%s_us\":%.3f", what, shown[i].name, ns[(long)(shown[i].share * count)] / 1e3);
    printf("}\n");
}

static int feed(char **a) {
    int core = atoi(a[1]), tls = atoi(a[2]), gap = atoi(a[7]), one = 1;
    long warm = atol(a[5]), count = atol(a[6]);
    SSL_CTX *ctx = NULL;
    if (tls) {
        ctx = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_chain_file(ctx, a[3]) != 1 || SSL_CTX_use_PrivateKey_file(ctx, a[4], SSL_FILETYPE_PEM) != 1) exit(2);
    }
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (void *)&at, sizeof at) || listen(server, 8) || getsockname(server, (void *)&at, &size)) fail("listen");
    FILE *file = fopen(a[0], "w");
    if (!file) fail("port file");
    fprintf(file, "%d\n", ntohs(at.sin_port));
    fclose(file);
    conn both[2], *market = NULL, *orders = NULL;
    for (int i = 0; i < 2; i++) {
        memset(&both[i], 0, sizeof both[i]);
        if ((both[i].fd = accept(server, NULL, NULL)) < 0) fail("accept");
        if (tls) {
            both[i].ssl = SSL_new(ctx);
            SSL_set_fd(both[i].ssl, both[i].fd);
            if (SSL_accept(both[i].ssl) != 1) exit(2);
        }
        nonblocking(&both[i]);
        upgrade(&both[i]);
        if (!strncmp(both[i].path, "/market", 7)) market = &both[i];
        else orders = &both[i];
    }
    if (!market || !orders) exit(2);
    pin(core);
    int64_t *ns = malloc(count * sizeof *ns);
    for (int64_t until = now() + 500000000LL; now() < until;) {}
    for (long n = 1; n <= warm; n++) once(market, orders, n, gap);
    for (long n = 0; n < count; n++) ns[n] = once(market, orders, warm + n + 1, gap);
    report("wire", ns, count);
    return 0;
}

static void dial(conn *c, int port, SSL_CTX *ctx, const char *path) {
    static char head[ROOM];
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memset(c, 0, sizeof *c);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (void *)&at, sizeof at)) fail("connect");
    if (ctx) {
        c->ssl = SSL_new(ctx);
        SSL_set_fd(c->ssl, c->fd);
        if (SSL_connect(c->ssl) != 1) exit(2);
    }
    nonblocking(c);
    int size = snprintf(head, ROOM, "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n", path);
    give(c, head, size);
    take_head(c, head);
}

static int64_t inside[INSIDE];
static long insides;

static void report_inside(void) {
    long count = insides < INSIDE ? insides : INSIDE;
    if (count) report("inside", inside, count);
}

static int echo(char **a) {
    int port = atoi(a[0]), core = atoi(a[1]), tls = atoi(a[2]), bytes = atoi(a[3]);
    static char in[ROOM], out[ROOM];
    conn market, orders;
    SSL_CTX *ctx = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
    dial(&market, port, ctx, "/market");
    dial(&orders, port, ctx, "/orders");
    pin(core);
    memset(out, ' ', sizeof out);
    out[0] = (char)0x81, out[1] = (char)(0x80 | 126), out[2] = (char)((bytes - 8) >> 8), out[3] = (char)(bytes - 8);
    memset(out + 4, 0, 4);
    atexit(report_inside);
    for (unsigned turn = 0;; turn++) {
        if (take(&market, in, ROOM) > 0) {
            int64_t start = now();
            give(&orders, out, bytes);
            inside[insides++ % INSIDE] = now() - start;
        }
        if ((turn & 3) == 0) take(&orders, in, ROOM);
    }
}

int main(int argc, char **argv) {
    if (argc == 10 && !strcmp(argv[1], "feed")) return feed(argv + 2);
    if (argc == 6 && !strcmp(argv[1], "echo")) return echo(argv + 2);
    fprintf(stderr, "usage: see the head of wire.c\n");
    return 2;
}
