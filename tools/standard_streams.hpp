// Purpose: results that do not reach their reader are an error, never a crash and never somebody else's file.
// Thread rule: the main thread, before others start and after they have ended.
#pragma once

namespace settle {

// Writing to a pipe whose reader has gone fails instead of killing the program; a standard stream that was closed when
// the program began is occupied, so that no file it opens becomes its stdout.
void prepare_standard_streams();

// Errors: CannotWrite where something written to stdout so far could not be.
void flush_results();

}  // namespace settle
