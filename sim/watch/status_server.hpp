// Purpose: answers who asks a run how it is, over a Unix socket, on a thread of its own, so that it does whatever the
// run waits for. One line comes in ("status" or "stacks"), one answer goes out, and the connection ends. Only this
// user's processes are heard. Nobody keeps another waiting or makes anything grow: what is no question ends the
// connection, so does a second of silence, or not taking the answer; of too many the longest silent goes. Who asks the
// same while an answer is being made gets the next one together. Until somebody asks the thread sleeps.
// Thread rule: one owner; the answers are made on that thread.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "actors/descriptor.hpp"

namespace settle {

enum class RunQuestion { status, stacks };

// As it is asked, without the end of the line.
std::string text_of(RunQuestion question);

class StatusServer {
 public:
  using Answer = std::function<std::string(RunQuestion)>;  // must not throw; may take seconds

  static constexpr std::size_t kMostAskers = 32;

  // Requires: the listener, which does not block, outlives it.
  StatusServer(const Descriptor& listener, Answer answer);
  // Waits for an answer that is being made.
  ~StatusServer();
  StatusServer(const StatusServer&) = delete;
  StatusServer& operator=(const StatusServer&) = delete;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Asker {
    Descriptor connection;
    Time until{};  // then it is over with it
    std::string heard;
    std::optional<RunQuestion> question;
    std::shared_ptr<const std::string> answer;
    std::size_t sent = 0;
  };

  void serve();
  void await();
  void admit();
  static bool listen_to(Asker& asker);  // false: it is over with it, as below
  void answer_all(RunQuestion question);
  static bool go_on_with(Asker& asker);

  const Descriptor& listener_;
  Answer answer_;
  Descriptor stop_;
  std::list<Asker> askers_;  // in the order in which they came
  Time deaf_until_{};        // for lack of descriptors
  std::thread thread_;
};

}  // namespace settle
