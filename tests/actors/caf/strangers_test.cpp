// Whoever comes to the port of a gateway without being of its run is refused, costs little, and disturbs nobody.
#include <doctest/doctest.h>
#include <malloc.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "graph/random.hpp"
#include "tests/actors/caf/stranger.hpp"
#include "tests/actors/caf/test_host.hpp"

using namespace settle;
using namespace std::chrono_literals;

namespace {

// Two hosts that go on, whatever comes to the first one's port.
struct Run {
  explicit Run(const std::shared_ptr<const TlsContext>& tls) : hosts(options(0, tls), options(1, tls), 8 << 20) {}
  static GatewayOptions options(HostId rank, const std::shared_ptr<const TlsContext>& tls) {
    GatewayOptions made = test_options(rank, tls);
    made.peer.greeting_limit = 500ms;
    return made;
  }

  std::uint16_t port() const { return hosts.first.gateway.port(); }
  // Waits until so many more have been refused; returns why the last one was.
  std::string refusal(std::size_t more = 1) {
    refused += more;
    REQUIRE(hosts.first.wait([&] { return hosts.first.refusals.size() >= refused; }));
    std::string last;
    hosts.first.wait([&] {
      last = hosts.first.refusals.at(refused - 1);
      return true;
    });
    return last;
  }
  void check_that_it_goes_on() {
    hosts.second.gateway.send(0, full_message<float>(1, counted<float>({100'000})));
    hosts.first.gateway.send(1, full_message<float>(1, counted<float>({100'000})));
    for (TestHost* host : {&hosts.first, &hosts.second}) {
      CHECK(host->wait_for_messages(1));
      CHECK(host->losses.empty());
      host->forget_messages();
    }
  }

  TwoHosts hosts;
  std::size_t refused = 0;
};

std::string random_bytes(std::uint64_t seed, std::size_t count) {
  RandomStream random(seed, "stranger", "test");
  std::string bytes;
  while (bytes.size() < count) bytes += static_cast<char>(random.below(256));
  return bytes;
}

// CAF's own protocol: a client's handshake without a payload, which ends a process that listens for it.
std::string basp_handshake() {
  std::string bytes(32, '\0');
  bytes[0] = 1;
  bytes[15] = 4;
  return bytes;
}

Bytes frame(FrameType type, std::span<const char> content) {
  Bytes line;
  append_frame(line, type, content);
  return line;
}

// A hello that would be right, of another version of the protocol.
Bytes old_hello() {
  Bytes content;
  append_hello(content, test_hello(2));
  Bytes line = frame(FrameType::hello, content);
  line[4] = 0;
  return line;
}

// A head that announces 4 GB.
Bytes huge(FrameType type) {
  Bytes line = frame(FrameType::bye, {});
  std::fill_n(line.begin(), 4, '\xff');
  line[5] = static_cast<char>(type);
  return line;
}

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// In use, without what malloc keeps for later.
double allocated_megabytes() {
  const auto info = ::mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd) / (1 << 20);
}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

TEST_CASE("bytes that are nothing of ours are refused, in the open and encrypted") {
  for (const bool encrypted : {false, true}) {
    Run run(encrypted ? run_tls() : nullptr);
    std::vector<std::string> rubbish = {basp_handshake(), std::string(32, '\0'), "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                        std::string(100'000, '\xff')};
    for (std::uint64_t seed = 0; seed < 20; ++seed) rubbish.push_back(random_bytes(seed, 10 + 1000 * seed));
    for (const std::string& bytes : rubbish) {
      Stranger stranger(run.port());
      stranger.say(bytes);
      stranger.hear_all();
      INFO("encrypted ", encrypted, ", ", bytes.size(), " bytes, refused: ", run.refusal());
    }
    run.check_that_it_goes_on();
  }
}

TEST_CASE("an announcement of 4 GB is refused from its head, before hello and after it") {
  Run run(nullptr);
  for (const auto type : {FrameType::hello, FrameType::bye, FrameType::vertex, FrameType::control}) {
    Stranger stranger(run.port());
    stranger.say(huge(type));
    stranger.hear_all();
    const std::string cause = run.refusal();
    CHECK((cause.find("announces 4294967295 bytes") != cause.npos || cause.find("before hello") != cause.npos));
  }
  // Over TLS, by who shows the right certificate.
  Run encrypted(run_tls());
  Stranger stranger(encrypted.port());
  const auto channel = run_tls()->open(PeerRole::connected);
  stranger.say(*channel, huge(FrameType::hello));
  stranger.hear_all();
  CHECK(encrypted.refusal().find("announces 4294967295 bytes") != std::string::npos);
  run.check_that_it_goes_on();
  encrypted.check_that_it_goes_on();
}

TEST_CASE("another version of the protocol is refused and told both versions") {
  const std::string cause = "it speaks version 0 of the protocol, this host version 1: run the same build everywhere";
  Run run(nullptr);
  Stranger stranger(run.port());
  stranger.say(old_hello());
  CHECK(stranger.hear_all().find(cause) != std::string::npos);
  CHECK(run.refusal() == cause);
  Run encrypted(run_tls());
  Stranger other(encrypted.port());
  const auto channel = run_tls()->open(PeerRole::connected);
  other.say(*channel, old_hello());
  other.hear_all();
  CHECK(encrypted.refusal() == cause);
}

TEST_CASE("who has a certificate of another CA, or none, is refused") {
  Run run(run_tls());
  const auto now = std::chrono::system_clock::now();
  {
    // It does not trust the run's either.
    Stranger stranger(run.port());
    const TlsContext own(make_run_credentials(now), kRunName, now);
    const auto channel = own.open(PeerRole::connected);
    CHECK_THROWS_AS(stranger.say(*channel, old_hello()), NotAuthorised);
  }
  CHECK(run.refusal() == "the connection ended before it had joined");
  {
    Stranger stranger(run.port());
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    SSL* const tls = SSL_new(context);
    SSL_set_fd(tls, stranger.socket());
    SSL_connect(tls);
    char byte = 0;
    CHECK(SSL_read(tls, &byte, 1) <= 0);
    SSL_free(tls);
    SSL_CTX_free(context);
    CHECK(run.refusal() == "it did not show that it belongs to this run: peer did not return a certificate");
  }
  run.check_that_it_goes_on();
}

TEST_CASE("connections that say nothing, or end in the middle of a handshake, are ended in time") {
  for (const bool encrypted : {false, true}) {
    Run run(encrypted ? run_tls() : nullptr);
    Stranger silent(run.port());
    silent.hear_all();
    CHECK(run.refusal() == "it did not join within 500 ms");
    { Stranger gone(run.port()); }
    CHECK(run.refusal() == "the connection ended before it had joined");
    run.check_that_it_goes_on();
  }
}

TEST_CASE("hundreds of slow half handshakes keep nobody out, and take no memory that stays") {
  Run run(run_tls());
  Bytes opening;
  run_tls()->open(PeerRole::connected)->start(opening);
  const std::ptrdiff_t descriptors = open_descriptors();
  double after_five = 0;
  for (int round = 0; round < 10; ++round) {
    const double before = resident_megabytes();
    std::vector<std::unique_ptr<Stranger>> strangers;
    for (int i = 0; i < 100; ++i) {
      strangers.push_back(std::make_unique<Stranger>(run.port()));
      strangers.back()->say(std::span(opening).first(opening.size() / 2));
    }
    run.check_that_it_goes_on();
    CHECK(resident_megabytes() - before < 16);
    for (const auto& stranger : strangers) stranger->hear_all();
    run.refusal(100);
    strangers.clear();
    CHECK(run.hosts.first.wait([&] { return open_descriptors() == descriptors; }));
    if (round == 4) after_five = allocated_megabytes();
  }
  // A TLS session that stays would be 50 KB a stranger, 25 MB; a buffer of the hosts may still double.
  CHECK(allocated_megabytes() - after_five < 3);
  // A host still finds its place among them.
  std::vector<std::unique_ptr<Stranger>> strangers;
  for (int i = 0; i < 64; ++i) strangers.push_back(std::make_unique<Stranger>(run.port()));
  TestHost third(Run::options(2, run_tls()));
  third.connect_to(0, run.hosts.first);
  CHECK(third.wait_for_join(0));
}

TEST_SUITE("full") {
  TEST_CASE("a hundred strangers that do nothing for 5 s cost less than a hundredth of a core") {
    GatewayOptions options = test_options(0, run_tls());
    options.peer.greeting_limit = 1h;
    options.most_strangers = 100;
    TestHost host(options);
    const auto descriptors = open_descriptors();
    std::vector<std::unique_ptr<Stranger>> strangers;
    for (int i = 0; i < 100; ++i) strangers.push_back(std::make_unique<Stranger>(host.gateway.port()));
    CHECK(host.wait([&] { return open_descriptors() >= descriptors + 200; }));  // both ends of each: all are accepted
    const double before = cpu_seconds();
    std::this_thread::sleep_for(5s);
    CHECK(cpu_seconds() - before < 0.05);
    CHECK(host.refusals.empty());
  }
}
