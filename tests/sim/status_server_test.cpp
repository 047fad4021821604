// Who asks a run is answered, whatever others do at the same socket.
#include "sim/watch/status_server.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <atomic>
#include <future>

#include "sim/watch/local_socket.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

struct Served {
  Scratch scratch;
  std::filesystem::path path = scratch / "status.sock";
  Descriptor listener = listen_at(path);
  StatusServer server;

  explicit Served(StatusServer::Answer answer = [](RunQuestion question) { return "to " + text_of(question); })
      : server(listener, std::move(answer)) {}

  Descriptor connected() const {
    auto connection = connect_to(path, std::chrono::seconds(20));
    if (!connection) throw std::runtime_error("nobody listens");
    return *std::move(connection);
  }
};

void say_to(const Descriptor& connection, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = ::send(connection.number(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count < 0) return;  // the other side has enough
    sent += static_cast<std::size_t>(count);
  }
}

// All that comes until the other side ends the connection, which it may do before it has read all; else "not ended".
std::string heard_from(const Descriptor& connection) {
  std::string text;
  for (char part[65536];;) {
    const ssize_t count = ::recv(connection.number(), part, sizeof part, 0);
    if (count < 0 && errno != ECONNRESET) return "not ended";
    if (count <= 0) return text;
    text.append(part, static_cast<std::size_t>(count));
  }
}

std::string answer_to(const Served& served, const std::string& words) {
  const Descriptor connection = served.connected();
  say_to(connection, words);
  return heard_from(connection);
}

}  // namespace

TEST_CASE("watch: a question is answered in whatever pieces it comes, and the connection ends") {
  const Served served;
  CHECK(answer_to(served, "status\n") == "to status");
  CHECK(answer_to(served, "stacks\n") == "to stacks");
  const Descriptor slow = served.connected();
  for (const char letter : std::string("stacks\n")) say_to(slow, {letter});
  CHECK(heard_from(slow) == "to stacks");
}

TEST_CASE("watch: what is no question ends the connection without an answer") {
  const Served served;
  for (const std::string& words :
       {std::string("stakcs\n"), std::string("status\nstatus\n"), std::string("status "), std::string("\n"),
        std::string(1, '\0'), std::string(8 << 20, 'x'), std::string("GET / HTTP/1.1\r\n\r\n")}) {
    CAPTURE(words.substr(0, 20));
    CHECK(answer_to(served, words) == "");
  }
  CHECK(answer_to(served, "status\n") == "to status");
}

TEST_CASE("watch: who says nothing, or a part, keeps nobody waiting and is let go") {
  const Served served;
  const Descriptor silent = served.connected();
  const Descriptor half = served.connected();
  say_to(half, "sta");
  CHECK(answer_to(served, "status\n") == "to status");
  CHECK(heard_from(silent) == "");
  CHECK(heard_from(half) == "");
}

TEST_CASE("watch: more silent connections than there is room for do not keep out who asks") {
  const Served served;
  std::vector<Descriptor> silent;
  for (std::size_t i = 0; i < 3 * StatusServer::kMostAskers; ++i) silent.push_back(served.connected());
  CHECK(answer_to(served, "status\n") == "to status");
}

TEST_CASE("watch: who does not take its answer keeps nobody waiting") {
  constexpr std::size_t kBytes = 16 << 20;
  const Served served(
      [](RunQuestion question) { return std::string(question == RunQuestion::stacks ? kBytes : 1, 'a'); });
  const Descriptor deaf = served.connected();
  say_to(deaf, "stacks\n");
  CHECK(answer_to(served, "status\n") == "a");
  char first = 0;
  CHECK(::recv(deaf.number(), &first, 1, 0) == 1);  // its answer is there
  CHECK(answer_to(served, "stacks\n").size() == kBytes);
}

TEST_CASE("watch: who comes while an answer is being made gets the next one, together with others") {
  std::atomic<int> made = 0;
  std::promise<void> begun, go_on;
  const Served served([&](RunQuestion) {
    if (++made == 1) {
      begun.set_value();
      go_on.get_future().wait();
    }
    return std::to_string(made);
  });
  const Descriptor first = served.connected();
  say_to(first, "status\n");
  begun.get_future().wait();
  std::vector<Descriptor> others;
  for (int i = 0; i < 5; ++i) {
    others.push_back(served.connected());
    say_to(others.back(), "status\n");
  }
  go_on.set_value();
  CHECK(heard_from(first) == "1");
  for (const Descriptor& other : others) CHECK(heard_from(other) == "2");
}

TEST_CASE("watch: a server ends while others are still connected, and they notice") {
  std::vector<Descriptor> left;
  {
    const Served served;
    for (int i = 0; i < 3; ++i) left.push_back(served.connected());
  }
  for (const Descriptor& connection : left) CHECK(heard_from(connection) == "");
}

TEST_CASE("watch: only the user of the run may connect, and is heard where others may") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can be somebody else");
    return;
  }
  const Served served;
  std::filesystem::permissions(served.scratch.path(), std::filesystem::perms(0755));
  // What somebody else gets: "refused", or all that it hears.
  const auto as_nobody = [&] {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      constexpr uid_t kNobody = 65534;
      std::string text = "not tried";
      if (::setuid(kNobody) == 0) {
        try {
          text = "heard: " + answer_to(served, "status\n");
        } catch (const Error& error) {
          text = error.exit_code() == ExitCode::not_authorised ? "refused" : error.what();
        }
      }
      static_cast<void>(!::write(ends[1], text.data(), text.size()));
      ::_exit(0);
    }
    ::close(ends[1]);
    char text[256];
    const ssize_t count = ::read(ends[0], text, sizeof text);
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return std::string(text, static_cast<std::size_t>(std::max<ssize_t>(0, count)));
  };
  CHECK(as_nobody() == "refused");
  std::filesystem::permissions(served.path, std::filesystem::perms(0666));
  CHECK(as_nobody() == "heard: ");
  CHECK(answer_to(served, "status\n") == "to status");
}

}  // namespace settle
