// Purpose: Unix sockets by the path of a file, of any length. Thread rule: any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "actors/descriptor.hpp"

namespace settle {

// Listens at `path`, which its owner alone may connect to (0600), without blocking. Errors: CannotCreate naming it and
// the cause: a file system without sockets, a file that is there.
Descriptor listen_at(const std::filesystem::path& path);

// A connection on which nothing waits longer than `patience`; nothing where nobody listens there. Errors:
// NotAuthorised where another user does; PeerGone where who listens does not take it within `patience`.
std::optional<Descriptor> connect_to(const std::filesystem::path& path, std::chrono::milliseconds patience);

// The process at the other end is of the user that this one is of.
bool is_of_this_user(const Descriptor& connection);

}  // namespace settle
