#include "sim/launch/join_target.hpp"

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"

namespace settle {
namespace {

constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool made_of(std::string_view text, const std::string& characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

// Of the text before the port; empty where it is none.
std::string address_in(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  const std::string allowed = std::string(kLetters) + (bracketed ? ".:%" : ".-_");
  return made_of(text, allowed) ? std::string(text) : "";
}

}  // namespace

JoinTarget read_join_target(const std::string& text) {
  if (text.find('/') != std::string::npos || text.ends_with(".json")) return std::filesystem::path(text);
  const std::size_t colon = text.rfind(':');
  const auto refuse = [&](const std::string& why) -> UsageError {
    return UsageError(
        "--join '" + text + "': " + why +
        "; give ADDRESS:PORT, as in 10.0.0.7:4711, node7:4711 or [fd00::7]:4711, or a rendezvous file, whose "
        "path has a / or ends in .json");
  };
  if (colon == std::string::npos) throw refuse("has no port");
  const std::string address = address_in(std::string_view(text).substr(0, colon));
  if (address.empty()) throw refuse("'" + text.substr(0, colon) + "' is no address");
  const auto port = key_types::number_of<std::uint16_t>(std::string_view(text).substr(colon + 1));
  if (!port || *port == 0) throw refuse("'" + text.substr(colon + 1) + "' is no port from 1 to 65535");
  return HostAddress{address, *port};
}

}  // namespace settle
