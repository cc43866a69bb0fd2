/* The configuration file: read at the start, and again on SIGHUP. */
#include "parts.h"
#include "runwalk/paths/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum rw_status rw_daemon_configure(struct rw_daemon *daemon, struct rw_config *config)
{
    const char *path = daemon->options.config_path;
    bool must_exist = path != NULL;
    struct rw_diagnostics diagnostics;
    char *bytes;
    size_t size;
    if (!path) {
        path = rw_paths_config_file(daemon->paths);
    }
    rw_config_init(config);
    enum rw_status status = rw_file_read(path, RW_CONFIG_BYTES_MAX, &bytes, &size);
    if (status == RW_ENOENT && !must_exist) {
        status = RW_OK;
    } else if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "%s: cannot read it: %s", path,
                     status == RW_ELIMIT     ? "larger than 64 KiB"
                     : status == RW_EINVALID ? "it is not a file"
                                             : strerror(errno));
    } else {
        rw_diagnostics_init(&diagnostics);
        status = rw_config_parse(bytes, size, &diagnostics, config);
        char *text = rw_diagnostics_format(&diagnostics, path, bytes, size);
        for (char *line = text; line && *line;) {
            char *end = strchrnul(line, '\n');
            rw_log_write(&daemon->log, RW_LOG_ERROR, "%.*s", (int)(end - line), line);
            line = *end ? end + 1 : end;
        }
        free(text);
        free(bytes);
    }
    if (daemon->options.output) {
        strncpy(config->output, daemon->options.output, sizeof config->output - 1);
    }
    if (daemon->options.is_verbose) {
        config->log_level = RW_LOG_DEBUG;
    }
    return status;
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
    struct rw_player_config player = rw_daemon_player_config(daemon);
    rw_player_configure(daemon->player, &player);
    rw_log_write(&daemon->log, RW_LOG_INFO, "configuration read again");
}
