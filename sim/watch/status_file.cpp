#include "sim/watch/status_file.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

constexpr const char* kName = "status.json";
constexpr std::uint64_t kLongest = 1 << 20;
constexpr std::array<const char*, 4> kStates = {"running", "complete", "stopped", "failed"};

StatusFile::State state_of(const std::string& name) {
  const auto found = std::ranges::find(kStates, name);
  if (found == kStates.end()) throw BadData("\"state\" is '" + name + "'");
  return static_cast<StatusFile::State>(found - kStates.begin());
}

StatusFile content_of(const nlohmann::json& json) {
  return {.state = state_of(json.at("state")),
          .machine = json.at("machine"),
          .process = json.at("process"),
          .socket = json.at("socket").get<std::string>(),
          .trial = json.value("trial", std::uint64_t{0}),
          .trials = json.value("trials", std::uint64_t{0}),
          .exit_code = json.value("exit_code", 0),
          .cause = json.value("cause", "")};
}

}  // namespace

std::string machine_name() {
  utsname names{};
  ::uname(&names);
  return names.nodename;
}

std::string name_of(StatusFile::State state) { return kStates[static_cast<std::size_t>(state)]; }

void write_status_file(const std::filesystem::path& run_directory, const StatusFile& content) {
  nlohmann::json json = {{"schema", 1},
                         {"state", name_of(content.state)},
                         {"machine", content.machine},
                         {"process", content.process},
                         {"socket", content.socket.string()}};
  if (content.state != StatusFile::State::running)
    json.update({{"trial", content.trial},
                 {"trials", content.trials},
                 {"exit_code", content.exit_code},
                 {"cause", content.cause}});
  write_file_atomically(run_directory / kName,
                        json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::optional<StatusFile> read_status_file(const std::filesystem::path& run_directory) {
  const std::filesystem::path path = run_directory / kName;
  if (!std::filesystem::exists(path)) return std::nullopt;
  const auto refuse = [&](const std::string& why) {
    return BadData(path.string() + ": is no status of a run (" + why + "); the next start of the run writes it anew");
  };
  try {
    return content_of(nlohmann::json::parse(read_text(path, "", kLongest)));
  } catch (const nlohmann::json::exception& error) {
    throw refuse(error.what());
  } catch (const BadData& error) {
    throw refuse(error.what());
  }
}

}  // namespace settle
