/* The configuration file: read at the start, and again on SIGHUP. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* Logs a text of several lines. */
static void lines_log(const struct rw_daemon *daemon, const char *text)
{
    while (*text) {
        const char *end = strchrnul(text, '\n');
        rw_log_write(&daemon->log, RW_LOG_ERROR, "%.*s", (int)(end - text), text);
        text = *end ? end + 1 : end;
    }
}

enum rw_status rw_daemon_configure(struct rw_daemon *daemon, struct rw_config *config)
{
    const char *path = daemon->options.config_path;
    char *problem = NULL;
    enum rw_status status = rw_config_read(path ? path : rw_paths_config_file(daemon->paths),
                                           path != NULL, config, &problem);
    if (status != RW_OK) {
        lines_log(daemon, problem ? problem : "memory is short");
        free(problem);
        return status;
    }
    if (daemon->options.output) {
        strncpy(config->output, daemon->options.output, sizeof config->output - 1);
        rw_config_name_output(config);
    }
    if (daemon->options.is_verbose) {
        config->log_level = RW_LOG_DEBUG;
    }
    return RW_OK;
}

void rw_daemon_reload(struct rw_daemon *daemon)
{
    struct rw_config config;
    if (rw_daemon_configure(daemon, &config) != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "the configuration stays as it was");
        return;
    }
    if (config.volume_db != daemon->config.volume_db) {
        rw_daemon_set_volume(daemon, config.volume_db);
    }
    if (!rw_config_speaks_alike(&config, &daemon->config)) {
        rw_log_write(&daemon->log, RW_LOG_WARNING,
                     "language and speech take effect when the daemon is started again");
    }
    daemon->config = config;
    daemon->log.level = config.log_level;
    rw_daemon_configure_manner(daemon);
    rw_diary_manner(daemon);
    struct rw_player_config player = rw_daemon_player_config(daemon);
    rw_player_configure(daemon->player, &player);
    rw_log_write(&daemon->log, RW_LOG_INFO, "configuration read again");
}
