#include "sim/watch/run_watch.hpp"

#include <unistd.h>

namespace settle {

RunWatch::RunWatch(std::filesystem::path run_directory, const StatusBoard& board,
                   std::function<void(const std::string&)> warn)
    : run_directory_(std::move(run_directory)), board_(board), warn_(std::move(warn)) {
  file_.machine = machine_name();
  file_.process = ::getpid();
  try {
    socket_ = std::make_unique<StatusSocket>(run_directory_);
    server_ =
        std::make_unique<StatusServer>(socket_->listener(), [this](RunQuestion question) { return answer(question); });
    file_.socket = socket_->elsewhere();
  } catch (const Error& error) {
    warn_("settle status cannot ask this run: " + std::string(error.what()));
  }
  write();
}

void RunWatch::ended(bool complete) {
  leave(complete ? StatusFile::State::complete : StatusFile::State::stopped,
        complete ? ExitCode::ok : ExitCode::stopped_early, "");
}

void RunWatch::failed(const std::exception& cause) {
  const auto* const known = dynamic_cast<const Error*>(&cause);
  const ExitCode code = known ? known->exit_code() : ExitCode::internal_fault;
  leave(code == ExitCode::stopped_early ? StatusFile::State::stopped : StatusFile::State::failed, code, cause.what());
}

void RunWatch::leave(StatusFile::State state, ExitCode code, const std::string& cause) {
  server_.reset();
  socket_.reset();
  file_.state = state;
  file_.socket.clear();
  file_.trial = board_.trials_done();
  file_.trials = board_.trials();
  file_.exit_code = static_cast<int>(code);
  file_.cause = cause;
  write();
}

void RunWatch::write() {
  try {
    write_status_file(run_directory_, file_);
  } catch (const Error& error) {
    warn_("settle status cannot tell how this run is: " + std::string(error.what()));
  }
}

std::string RunWatch::answer(RunQuestion question) const {
  nlohmann::json json;
  try {
    json = question == RunQuestion::status ? board_.status() : board_.stacks();
  } catch (const std::exception& error) {  // on a thread that has nobody to tell
    json["problem"] = error.what();
  }
  std::error_code unknown;
  json["directory"] = std::filesystem::absolute(run_directory_, unknown).string();
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace settle
