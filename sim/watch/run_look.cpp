#include "sim/watch/run_look.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "actors/wire/peer_error.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"
#include "sim/watch/local_socket.hpp"
#include "sim/watch/status_socket.hpp"

namespace settle {
namespace {

constexpr std::chrono::seconds kPatience{6};  // an answer takes three, and may come behind one to another question

std::string who(const StatusFile& file) { return "process " + std::to_string(file.process) + " on " + file.machine; }

// Nothing where the process has ended meanwhile.
std::optional<nlohmann::json> ask(const Descriptor& connection, RunQuestion question, const std::string& name) {
  const std::string words = text_of(question) + "\n";
  ::send(connection.number(), words.data(), words.size(), MSG_NOSIGNAL);
  std::string text;
  for (char part[4096];;) {
    const ssize_t count = ::recv(connection.number(), part, sizeof part, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      throw PeerGone(name + " has the run but does not answer: is it stopped? kill -CONT makes it go on");
    if (count <= 0) break;
    text.append(part, static_cast<std::size_t>(count));
  }
  nlohmann::json answer = nlohmann::json::parse(text, nullptr, false);
  if (!answer.is_object()) return std::nullopt;
  if (answer.contains("problem")) throw PeerGone(name + " cannot say: " + answer["problem"].get<std::string>());
  return answer;
}

// The directory may be a copy of that of a run that goes on.
bool is_of(const std::filesystem::path& run_directory, const nlohmann::json& answer) {
  std::error_code unknown;
  return std::filesystem::equivalent(run_directory, answer.value("directory", ""), unknown);
}

// Nothing where nobody is there to answer.
std::optional<nlohmann::json> answer_of(const std::filesystem::path& run_directory, const StatusFile& file,
                                        RunQuestion question) {
  const auto connection = connect_to(socket_of(run_directory, file), kPatience);
  if (!connection) return std::nullopt;
  std::optional<nlohmann::json> answer = ask(*connection, question, run_directory.string() + ": " + who(file));
  if (answer && !file.socket.empty() && !is_of(run_directory, *answer)) return std::nullopt;
  return answer;
}

// Of the last row that has one and is near the end; null: there is none.
nlohmann::json last_trial(const std::filesystem::path& run_directory) {
  constexpr std::streamoff kTail = 1 << 20;
  std::ifstream file(run_directory / "metrics.jsonl", std::ios::binary | std::ios::ate);
  if (!file) return nullptr;
  file.seekg(std::max<std::streamoff>(0, static_cast<std::streamoff>(file.tellg()) - kTail));
  nlohmann::json trial;
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json row = nlohmann::json::parse(line, nullptr, false);
    if (row.is_object() && row.contains("trial")) trial = row["trial"];
  }
  return trial;
}

RunLook looked(const std::filesystem::path& run_directory, const std::optional<StatusFile>& file, std::string state) {
  nlohmann::json json = {{"schema", 1}, {"state", state}, {"directory", run_directory.string()}};
  if (file) json.update({{"machine", file->machine}, {"process", file->process}});
  return {std::move(state), std::move(json)};
}

RunLook running(const std::filesystem::path& run_directory, const StatusFile& file, nlohmann::json answer) {
  RunLook look = looked(run_directory, file, name_of(file.state));
  answer.update(look.json);
  look.json = std::move(answer);
  return look;
}

RunLook ended(const std::filesystem::path& run_directory, const std::optional<StatusFile>& file) {
  if (file && file->state != StatusFile::State::running) {
    RunLook look = looked(run_directory, file, name_of(file->state));
    look.json.update(
        {{"trial", file->trial}, {"trials", file->trials}, {"exit_code", file->exit_code}, {"cause", file->cause}});
    return look;
  }
  const auto result = read_run_result(run_directory);
  RunLook look = looked(run_directory, file, result && !file ? "complete" : file ? "killed" : "unfinished");
  look.json["trial"] = last_trial(run_directory);
  return look;
}

}  // namespace

RunLook look_at_run(const std::filesystem::path& run_directory, RunQuestion question) {
  const std::filesystem::path manifest_path = run_directory / "manifest.json";
  const auto manifest = read_run_manifest(run_directory);
  if (!manifest)
    throw MissingInput(manifest_path.string() + ": no such file; give the directory of a run: runs/fashion_mlp");
  refuse_study(*manifest, manifest_path.string());
  // Between its last answer and its last word, or its lock and its first, a run is neither.
  constexpr std::chrono::milliseconds kBetween{100};
  constexpr int kLooks = 20;
  std::optional<StatusFile> file;
  for (int looks = 0; looks < kLooks; ++looks) {
    file = read_status_file(run_directory);
    if (file && file->state != StatusFile::State::running) return ended(run_directory, file);
    if (file)
      if (auto answer = answer_of(run_directory, *file, question))
        return running(run_directory, *file, *std::move(answer));
    if (!is_held(run_directory)) return ended(run_directory, file);
    std::this_thread::sleep_for(kBetween);
  }
  if (!file) throw PeerGone(run_directory.string() + ": a run is going on here that cannot be asked");
  if (file->machine != machine_name())
    throw PeerGone(run_directory.string() + ": the run goes on in " + who(*file) + ", which is asked there: ssh " +
                   file->machine + " settle " + text_of(question) + " " +
                   std::filesystem::absolute(run_directory).string());
  throw PeerGone(run_directory.string() + ": " + who(*file) + " has the run and cannot be asked; it has said why");
}

}  // namespace settle
