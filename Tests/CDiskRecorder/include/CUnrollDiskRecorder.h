#pragma once

#include <stdbool.h>

/// Whether calls of fsync and rename are recorded on this platform.
bool disk_recording_available(void);

/// Records, from now on, the calls for paths that begin with `prefix`; forgets what was recorded.
void disk_recording_start(const char *prefix);

/// What was recorded: a line `sync PATH` for each fsync, `rename PATH` for each rename to PATH. Valid until
/// the next start.
const char *disk_recording_stop(void);
