// Purpose: how a process that this one has started ends. Callers: drawing programs, worker processes. Thread rule: one
// thread a child.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

namespace settle {

// Waits for the end of a child, whose `status` (as of waitpid) is set; false where it had to be killed.
bool ends_in_time(pid_t child, std::chrono::milliseconds patience, int& status);

// "was ended by signal 9 (Killed)", "ended with exit code 69".
std::string end_in_words(int status);

}  // namespace settle
