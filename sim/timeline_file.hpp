// Purpose: a Timeline as JSON that Perfetto (ui.perfetto.dev) and chrome://tracing open.
//   process        a host
//   thread         a thread of it, or in virtual time a vertex; "phases" stands first
//   slice "X"      work of a vertex, with the phase as its category; trials, and in them phases
//   flow "s", "f"  a message, from the work that sent it to the first work after its arrival
//   counter "C"    messages (and other things to be done) that are outstanding
// Times are microseconds since the first; a tick of virtual time is one.
// Source: "Trace Event Format", https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
// Caller: the session. Thread rule: pure. Errors: CannotCreate, CannotWrite.
#pragma once

#include <filesystem>

#include "actors/timeline.hpp"
#include "sim/file_system.hpp"

namespace settle {

enum class TimelineLanes { threads, vertices };

// Whole or not at all; memory stays at a few megabytes. `graph`: whose vertices it shows.
void write_timeline(const Timeline& timeline, const Graph& graph, TimelineLanes lanes,
                    const std::filesystem::path& path, FileSystem& files = FileSystem::system());

}  // namespace settle
