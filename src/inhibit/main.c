/*
 * runwalk-inhibit: asks logind to keep the device awake, hands runwalkd the descriptor that stands
 * for it, and ends. The bus and its library stay out of the daemon that way, and whoever is slow
 * to answer delays nobody.
 */
#include "runwalk/confine/confine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define PATIENCE_S 10 /* for all of it; then the daemon sees that nobody answered */

/* Sends the one answer: FD, or why there is none. */
static void answer_send(int fd, const char *problem)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec text = {.iov_base = (char *)(uintptr_t)problem, .iov_len = strlen(problem) + 1};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    (void)!sendmsg(STDIN_FILENO, &message, MSG_NOSIGNAL);
}

static const char *refusal_explain(const sd_bus_error *error)
{
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_SERVICE_UNKNOWN) ||
        sd_bus_error_has_name(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER)) {
        return "there is no logind here";
    }
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_ACCESS_DENIED) ||
        sd_bus_error_has_name(error, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED)) {
        return "logind does not let this user hold it off";
    }
    return "logind refused to hold it off";
}

/* Asks, and answers with what came; the descriptor lives as long as REPLY does. */
static void inhibitor_take(sd_bus *bus)
{
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *reply = NULL;
    int fd = -1;
    if (sd_bus_call_method(bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                           "org.freedesktop.login1.Manager", "Inhibit", &error, &reply, "ssss",
                           "sleep", "runwalk", "The next cue of a run must be in time",
                           "block") < 0) {
        answer_send(-1, refusal_explain(&error));
    } else if (sd_bus_message_read(reply, "h", &fd) < 0 || fd < 0) {
        answer_send(-1, "logind gave no answer that makes sense");
    } else {
        answer_send(fd, "");
    }
    sd_bus_error_free(&error);
    sd_bus_message_unref(reply);
}

int main(void)
{
    int type;
    socklen_t size = sizeof type;
    if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
        type != SOCK_SEQPACKET) {
        fputs("runwalk-inhibit: runwalkd starts this program; by hand there is nothing to do "
              "with it (systemd-inhibit does the same for a command)\n",
              stderr);
        return 2;
    }
    rw_confine_self(RW_CONFINED_INHIBIT);
    close_range(STDERR_FILENO + 1, ~0u, 0);
    alarm(PATIENCE_S);

    sd_bus *bus = NULL;
    if (sd_bus_open_system(&bus) < 0) {
        answer_send(-1, "there is no system bus");
        return 1;
    }
    inhibitor_take(bus);
    sd_bus_unref(bus);
    return 0;
}
