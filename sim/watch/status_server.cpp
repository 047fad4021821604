#include "sim/watch/status_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "sim/watch/local_socket.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kToAsk{1};
constexpr std::chrono::seconds kToTake{5};
constexpr std::chrono::seconds kDeaf{1};
constexpr RunQuestion kQuestions[] = {RunQuestion::status, RunQuestion::stacks};
constexpr std::size_t kLongestQuestion = 16;

// Nothing could be done now, but later.
bool is_for_later() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

std::string text_of(RunQuestion question) { return question == RunQuestion::status ? "status" : "stacks"; }

StatusServer::StatusServer(const Descriptor& listener, Answer answer)
    : listener_(listener),
      answer_(std::move(answer)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { serve(); }) {}

StatusServer::~StatusServer() {
  ::eventfd_write(stop_.number(), 1);
  thread_.join();
}

void StatusServer::serve() {
  for (;;) {
    await();
    eventfd_t stopped = 0;
    if (::eventfd_read(stop_.number(), &stopped) == 0) return;
    admit();
    std::erase_if(askers_, [](Asker& asker) { return !asker.question && !listen_to(asker); });
    for (const RunQuestion question : kQuestions) answer_all(question);
    std::erase_if(askers_, [](Asker& asker) { return !go_on_with(asker); });
  }
}

// Sleeps until there is something to do.
void StatusServer::await() {
  std::vector<pollfd> watched{{stop_.number(), POLLIN, 0}};
  Time next = Time::max();
  if (Clock::now() < deaf_until_)
    next = deaf_until_;
  else
    watched.push_back({listener_.number(), POLLIN, 0});
  for (const Asker& asker : askers_) {
    watched.push_back({asker.connection.number(), static_cast<short>(asker.answer ? POLLOUT : POLLIN), 0});
    next = std::min(next, asker.until);
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  ::poll(watched.data(), watched.size(), next == Time::max() ? -1 : std::max(0, static_cast<int>(left.count())));
}

void StatusServer::admit() {
  for (std::size_t admitted = 0; admitted < kMostAskers; ++admitted) {
    Descriptor connection(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!connection) {
      if (!is_for_later() && errno != ECONNABORTED) deaf_until_ = Clock::now() + kDeaf;
      return;
    }
    if (!is_of_this_user(connection)) continue;
    if (askers_.size() == kMostAskers) {
      const auto silent = std::ranges::find_if(askers_, [](const Asker& asker) { return !asker.question; });
      askers_.erase(silent != askers_.end() ? silent : askers_.begin());
    }
    Asker& asker = askers_.emplace_back();
    asker.connection = std::move(connection);
    asker.until = Clock::now() + kToAsk;
  }
}

bool StatusServer::listen_to(Asker& asker) {
  char text[kLongestQuestion];
  const ssize_t count = ::recv(asker.connection.number(), text, sizeof text, MSG_DONTWAIT);
  if (count < 0) return is_for_later() && Clock::now() < asker.until;
  asker.heard.append(text, static_cast<std::size_t>(count));
  for (const RunQuestion question : kQuestions)
    if (asker.heard == text_of(question) + "\n") asker.question = question;
  const bool may_become_one = count > 0 && std::ranges::any_of(kQuestions, [&](RunQuestion question) {
                                return (text_of(question) + "\n").starts_with(asker.heard);
                              });
  return may_become_one && (asker.question || Clock::now() < asker.until);
}

void StatusServer::answer_all(RunQuestion question) {
  const auto waits = [&](const Asker& asker) { return asker.question == question && !asker.answer; };
  if (std::ranges::none_of(askers_, waits)) return;
  const auto answer = std::make_shared<const std::string>(answer_(question));
  for (Asker& asker : askers_)
    if (waits(asker)) {
      asker.answer = answer;
      asker.until = Clock::now() + kToTake;
    }
}

bool StatusServer::go_on_with(Asker& asker) {
  if (!asker.answer) return true;
  while (asker.sent < asker.answer->size()) {
    const ssize_t count = ::send(asker.connection.number(), asker.answer->data() + asker.sent,
                                 asker.answer->size() - asker.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return is_for_later() && Clock::now() < asker.until;
    asker.sent += static_cast<std::size_t>(count);
  }
  return false;
}

}  // namespace settle
