// Who belongs to a run is known by its certificate, and nothing of a connection over TLS is different but its bytes.
#include <doctest/doctest.h>

#include "actors/wire/tls/tls_channel.hpp"
#include "tests/actors/wire/messages.hpp"
#include "tests/actors/wire/peers.hpp"

using namespace settle;
using namespace std::chrono_literals;

namespace {

const CalendarTime kNow = std::chrono::system_clock::now();

std::unique_ptr<Channel> channel(const Credentials& credentials, PeerRole role, const std::string& name = kRunName) {
  return TlsContext(credentials, name, kNow).open(role);
}

PeerPair pair_of(const Credentials& left, const Credentials& right, std::uint64_t seed = 0) {
  return PeerPair(test_settings(0), test_settings(1), channel(left, PeerRole::connected),
                  channel(right, PeerRole::accepted), seed);
}

std::string checked(const Credentials& credentials, CalendarTime now = kNow, const std::string& name = kRunName) {
  try {
    check_credentials(credentials, name, now);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("two hosts of a run join over TLS 1.3, and messages arrive to the bit however the line is cut") {
  const Credentials run = make_run_credentials(kNow);
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    INFO("seed ", seed);
    PeerPair pair = pair_of(run, run, seed);
    pair.longest = seed % 2 == 0 ? 200 : 300'000;
    std::vector<VertexMessage> sent;
    for (const std::int64_t count : {1, 0, 500, 12'288, 12'289, 100'000, 3}) {
      sent.push_back(full_message<float>(1, counted<float>({count})));
      pair.left.peer.send(sent.back());
      pair.right.peer.send(sent.back());
    }
    pair.left.peer.send_control(3, std::string_view("control"));
    pair.settle();
    for (const Side* side : {&pair.left, &pair.right}) {
      CHECK(side->peer.state() == PeerState::joined);
      REQUIRE(side->inbox.messages.size() == sent.size());
      for (std::size_t i = 0; i < sent.size(); ++i) check_same(side->inbox.messages[i], sent[i]);
    }
    CHECK(pair.right.inbox.controls.size() == 1);
  }
}

TEST_CASE("nothing of what is said can be read on the line") {
  const Credentials run = make_run_credentials(kNow);
  PeerPair pair = pair_of(run, run);
  pair.settle();
  const std::string secret = "nobody else can read this";
  pair.left.peer.send_control(1, secret);
  Bytes line;
  pair.left.peer.produce(line, 1 << 20, pair.now);
  CHECK(std::string(line.begin(), line.end()).find(secret) == std::string::npos);
  CHECK(line.size() > secret.size());
  pair.right.peer.receive(line, pair.now, pair.right.inbox);
  CHECK(pair.right.inbox.controls.at(0).second == secret);
}

TEST_CASE("a host whose certificate another CA has signed is refused, whichever side connects") {
  const Credentials run = make_run_credentials(kNow);
  const Credentials other = make_run_credentials(kNow);
  for (const bool stranger_connects : {false, true}) {
    PeerPair pair = stranger_connects ? pair_of(other, run) : pair_of(run, other);
    pair.settle();
    CHECK(pair.left.inbox.hosts.empty());
    CHECK(pair.right.inbox.hosts.empty());
    // The side that connects looks first.
    CHECK(pair.left.peer.cause().starts_with("its certificate is not one of this run: "));
    CHECK(pair.right.peer.cause() == "it does not take this host for one of its run: tlsv1 alert unknown ca");
  }
}

TEST_CASE("a host that trusts anybody is judged all the same by the other side") {
  const Credentials run = make_run_credentials(kNow);
  // Trusts the run's CA and shows a certificate of its own making.
  const Credentials own = make_run_credentials(kNow);
  const Credentials mixed{{"both", run.ca.text + own.ca.text}, own.certificate, own.key};
  PeerPair pair = pair_of(mixed, run);
  pair.left.peer.send_control(1, std::string_view("let me in"));
  pair.settle();
  CHECK(pair.right.inbox.hosts.empty());
  CHECK(pair.right.inbox.order.empty());
  CHECK(pair.right.peer.cause().starts_with("its certificate is not one of this run: "));
  CHECK(pair.left.peer.cause() == "it does not take this host for one of its run: tlsv1 alert unknown ca");
}

TEST_CASE("a certificate of a trusted CA with another name is refused") {
  Credentials run = make_run_credentials(kNow);
  Credentials other = make_run_credentials(kNow, "other.settle.invalid");
  run.ca.text = other.ca.text = run.ca.text + other.ca.text;
  PeerPair pair(test_settings(0), test_settings(1), channel(run, PeerRole::connected),
                channel(other, PeerRole::accepted, "other.settle.invalid"));
  pair.settle();
  CHECK(pair.left.peer.cause() == "its certificate is not one of this run: hostname mismatch");
}

TEST_CASE("bytes that are no TLS are refused") {
  const Credentials run = make_run_credentials(kNow);
  for (const std::string& line :
       {std::string(32, '\0'), std::string("GET / HTTP/1.1\r\n\r\n"), std::string(500, '\xff')}) {
    Side side{Peer(test_settings(0), PeerRole::accepted, channel(run, PeerRole::accepted), WireTime{}), {}, {}, 0};
    side.peer.receive(line, WireTime{}, side.inbox);
    CHECK(side.peer.state() == PeerState::lost);
    CHECK(side.peer.cause().starts_with("it did not show that it belongs to this run: "));
    side.peer.produce(side.line, 1 << 20, WireTime{});
  }
}

TEST_CASE("a changed byte on the line ends the connection") {
  const Credentials run = make_run_credentials(kNow);
  PeerPair pair = pair_of(run, run);
  pair.settle();
  pair.left.peer.send_control(1, std::string_view("a message"));
  Bytes line;
  pair.left.peer.produce(line, 1 << 20, pair.now);
  line.at(line.size() - 3) ^= 1;
  pair.right.peer.receive(line, pair.now, pair.right.inbox);
  CHECK(pair.right.inbox.order.empty());
  CHECK(pair.right.peer.cause() == "its encrypted bytes are damaged: decryption failed or bad record mac");
}

TEST_CASE("keys are renewed on the way and nothing is noticed of it") {
  const Credentials run = make_run_credentials(kNow);
  PeerPair pair(test_settings(0), test_settings(1), TlsContext(run, kRunName, kNow, 100'000).open(PeerRole::connected),
                TlsContext(run, kRunName, kNow).open(PeerRole::accepted));
  for (VertexId id = 0; id < 50; ++id) pair.left.peer.send(full_message<float>(id, counted<float>({20'000})));
  while (pair.step()) pair.done_with_all();
  REQUIRE(pair.right.inbox.messages.size() == 50);
  check_same(pair.right.inbox.messages[49], full_message<float>(49, counted<float>({20'000})));
}

TEST_CASE("certificates of a run pass their own check, from a day before until their end") {
  const Credentials run = make_run_credentials(kNow);
  CHECK(checked(run).empty());
  CHECK(checked(run, kNow - 23h).empty());
  CHECK(checked(run, kNow + kRunValidity - 1min).empty());
  CHECK(checked(run, kNow + kRunValidity + 1min).starts_with("host.pem: the certificate expired on "));
  CHECK(checked(run, kNow - 25h).starts_with("host.pem: the certificate is valid from "));
}

TEST_CASE("a user's certificates that do not fit together are refused at start, with what is wrong") {
  const Credentials run = make_run_credentials(kNow);
  const Credentials other = make_run_credentials(kNow);
  Credentials changed = run;
  changed.key = other.key;
  CHECK(checked(changed) == "host.key: is not the private key of the certificate in host.pem");
  changed = run;
  changed.ca = other.ca;
  CHECK(checked(changed).starts_with("host.pem: the certificate is not signed by ca.pem: "));
  CHECK(checked(run, kNow, "my.cluster") == "host.pem: the certificate is not for the name 'my.cluster'");
  changed = run;
  changed.certificate.text = "no certificate";
  CHECK(checked(changed).starts_with("host.pem: is no certificate in PEM form: "));
  changed = run;
  changed.ca.text.resize(changed.ca.text.size() / 2);
  CHECK(checked(changed).starts_with("ca.pem: is no certificate in PEM form: "));
  changed = run;
  changed.key.text = run.certificate.text;
  CHECK(checked(changed).starts_with("host.key: is no private key in PEM form without a password: "));
  CHECK_THROWS_AS(TlsContext(changed, kRunName, kNow), BadData);
}
