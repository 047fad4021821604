// Two hosts' ends of a connection, by their bytes alone.
#include "actors/wire/peer.hpp"

#include <doctest/doctest.h>

#include "tests/actors/wire/messages.hpp"
#include "tests/actors/wire/peers.hpp"

using namespace settle;
using namespace std::chrono_literals;

namespace {

VertexMessage tensor_of(VertexId to, std::int64_t count) { return full_message<float>(to, counted<float>({count})); }

// A side by itself, fed with `line`.
Side fed(PeerRole role, std::span<const char> line) {
  Side side{Peer(test_settings(0), role, std::make_unique<PlainChannel>(), WireTime{}), {}, {}, 0};
  side.peer.receive(line, WireTime{}, side.inbox);
  return side;
}

Bytes frame_of(FrameType type, std::span<const char> content) {
  Bytes line;
  append_frame(line, type, content);
  return line;
}

Bytes hello_frame(HostId rank) {
  Bytes content;
  append_hello(content, test_hello(rank));
  return frame_of(FrameType::hello, content);
}

std::vector<FrameType> types_in(std::span<const char> line) {
  FrameReader reader;
  reader.accept_everything();
  std::vector<FrameType> types;
  while (const auto frame = reader.next(line)) types.push_back(frame->type);
  return types;
}

}  // namespace

TEST_CASE("two hosts of one run join, and know each other's rank") {
  PeerPair pair(test_settings(4), test_settings(2));
  pair.settle();
  CHECK(pair.left.peer.state() == PeerState::joined);
  CHECK(pair.right.peer.state() == PeerState::joined);
  CHECK(pair.left.peer.rank() == 2);
  CHECK(pair.right.peer.rank() == 4);
  CHECK(pair.left.inbox.hosts == std::vector<HostId>{2});
  CHECK(pair.right.inbox.hosts == std::vector<HostId>{4});
}

TEST_CASE("who accepted a connection says nothing before it has heard hello") {
  Side side = fed(PeerRole::accepted, {});
  side.peer.send_control(1, std::string_view("secret"));
  side.peer.produce(side.line, 1 << 20, WireTime{});
  CHECK(side.line.empty());
}

TEST_CASE("hosts that do not belong together part, and both can say why") {
  PeerSettings other = test_settings(1);
  other.hello.graph = "another graph";
  PeerPair pair(test_settings(0), other);
  pair.settle();
  CHECK(pair.right.peer.state() == PeerState::lost);
  CHECK(pair.right.peer.cause() == "the graph of host 0 is 'hash of the graph', of host 1 'another graph'");
  CHECK(pair.left.peer.state() == PeerState::lost);
  CHECK(pair.left.peer.cause() == "it left: the graph of host 0 is 'hash of the graph', of host 1 'another graph'");
  CHECK(pair.left.inbox.hosts.empty());
  CHECK(pair.right.inbox.hosts.empty());
}

TEST_CASE("another host than the one that was connected to is not taken for it") {
  Side side{Peer(test_settings(0), PeerRole::connected, std::make_unique<PlainChannel>(), WireTime{}, 7), {}, {}, 0};
  side.peer.receive(hello_frame(6), WireTime{}, side.inbox);
  CHECK(side.peer.cause() == "host 7 was expected there and host 6 answered");
}

TEST_CASE("messages of all sizes arrive in order and to the bit, both ways, however the line is cut") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "sizes", "test");
    PeerPair pair(test_settings(0, 1 << 20), test_settings(1, 1 << 18), seed);
    pair.longest = seed % 2 == 0 ? 100 : 300'000;
    std::vector<VertexMessage> sent;
    for (VertexId id = 0; id < 40; ++id) {
      const std::int64_t count = random.below(4) == 0 ? 1 + static_cast<std::int64_t>(random.below(200'000))
                                                      : static_cast<std::int64_t>(random.below(300));
      sent.push_back(id % 2 == 0 ? tensor_of(id, count) : full_message<double>(id, counted<double>({count, 1})));
      pair.left.peer.send(sent.back());
      pair.right.peer.send(sent.back());
    }
    while (pair.step()) pair.done_with_all();
    for (const Side* side : {&pair.left, &pair.right}) {
      REQUIRE(side->inbox.messages.size() == sent.size());
      for (std::size_t i = 0; i < sent.size(); ++i) check_same(side->inbox.messages[i], sent[i]);
      CHECK(side->peer.counters().messages_sent == sent.size());
      CHECK(side->peer.counters().messages_received == sent.size());
      CHECK(side->peer.counters().queued_messages == 0);
      CHECK(side->peer.counters().queued_bytes == 0);
    }
    CHECK(pair.left.peer.counters().bytes_sent == pair.right.peer.counters().bytes_received);
    CHECK(pair.right.peer.counters().bytes_sent == pair.left.peer.counters().bytes_received);
  }
}

TEST_CASE("a receiver that is never done holds the sender within its window") {
  constexpr std::uint64_t kWindow = 1 << 20;
  PeerPair pair(test_settings(0), test_settings(1, kWindow));
  for (VertexId id = 0; id < 1000; ++id) pair.left.peer.send(tensor_of(id, 1000));
  pair.settle();
  const std::uint64_t size = pair.right.inbox.sizes.at(0);
  CHECK(pair.right.inbox.messages.size() == kWindow / size);
  CHECK(pair.left.peer.counters().credit == kWindow % size);
  CHECK(pair.left.peer.counters().queued_messages == 1000 - kWindow / size);
  CHECK(pair.left.peer.counters().queued_bytes == (1000 - kWindow / size) * size);
  pair.tick(10s);
  pair.settle();
  CHECK(pair.right.inbox.messages.size() == kWindow / size);
  pair.done_with_all();
  while (pair.step()) pair.done_with_all();
  CHECK(pair.right.inbox.messages.size() == 1000);
}

TEST_CASE("a message larger than the window passes once the line is nearly empty, whatever came before it") {
  for (std::int64_t before = 0; before < 70; ++before) {
    INFO(before, " small messages before");
    PeerPair pair(test_settings(0), test_settings(1, 4096));
    for (std::int64_t i = 0; i < before; ++i) pair.left.peer.send(tensor_of(1, 20));
    pair.left.peer.send(tensor_of(2, 500'000));
    while (pair.step()) pair.done_with_all();
    CHECK(pair.right.inbox.messages.size() == static_cast<std::size_t>(before) + 1);
  }
}

TEST_CASE("control overtakes tensors that wait, and needs no credit") {
  PeerPair pair(test_settings(0), test_settings(1, 1 << 16));
  pair.settle();
  pair.most = 64 << 10;
  for (VertexId id = 0; id < 20; ++id) pair.left.peer.send(tensor_of(id, 1 << 20));
  pair.step();
  pair.left.peer.send_control(9, std::string_view("stop"));
  pair.settle();
  CHECK(pair.right.inbox.controls == std::vector<std::pair<std::uint16_t, std::string>>{{9, "stop"}});
  CHECK(pair.right.inbox.order == "cv");
}

TEST_CASE("what was sent before joining waits for it") {
  PeerPair pair(test_settings(0), test_settings(1));
  pair.left.peer.send_control(1, std::string_view("early"));
  pair.left.peer.send(tensor_of(5, 3));
  pair.right.peer.send(tensor_of(6, 3));
  pair.settle();
  CHECK(pair.right.inbox.order == "cv");
  CHECK(pair.left.inbox.order == "v");
}

TEST_CASE("many small messages go out together") {
  struct Counting final : Channel {
    bool established() const noexcept override { return true; }
    void start(Bytes&) override {}
    void receive(std::span<const char> received, Bytes&, const Sink& sink) override { sink(received); }
    void send(std::span<const char> plain, Bytes& line) override {
      ++writes;
      append(line, plain);
    }
    int writes = 0;
  };
  auto channel = std::make_unique<Counting>();
  const Counting& counting = *channel;
  Side side{Peer(test_settings(0), PeerRole::accepted, std::move(channel), WireTime{}), {}, {}, 0};
  side.peer.receive(hello_frame(1), WireTime{}, side.inbox);
  for (VertexId id = 0; id < 600; ++id) side.peer.send(tensor_of(id, 250));  // 1032 + 8 bytes each
  side.peer.produce(side.line, 10 << 20, WireTime{});
  CHECK(types_in(side.line).size() == 601);
  CHECK(counting.writes == 10);  // of 64 KB
}

TEST_CASE("produce stops about where it is told, within a chunk") {
  PeerPair pair(test_settings(0), test_settings(1));
  pair.settle();
  pair.left.peer.send(tensor_of(1, 1 << 20));
  Bytes line;
  pair.left.peer.produce(line, 512 << 10, pair.now);
  CHECK(line.size() >= 512 << 10);
  CHECK(line.size() <= (512 << 10) + kChunkBytes);
}

TEST_CASE("an idle side sends a heartbeat in each interval, and any byte counts as life") {
  PeerPair pair(test_settings(0), test_settings(1));
  pair.settle();
  const auto beats = [&](std::chrono::milliseconds later) {
    pair.tick(later);
    Bytes line;
    pair.left.peer.produce(line, 1 << 20, pair.now);
    if (!line.empty()) pair.right.peer.receive(line, pair.now, pair.right.inbox);
    return types_in(line);
  };
  CHECK(beats(499ms).empty());
  CHECK(beats(1ms) == std::vector<FrameType>{FrameType::heartbeat});
  CHECK(pair.right.peer.counters().last_heard == pair.now);
  CHECK(beats(1ms).empty());
  CHECK(beats(10s) == std::vector<FrameType>{FrameType::heartbeat});
  const char half_a_head = 8;
  pair.now += 1s;
  pair.left.peer.receive({&half_a_head, 1}, pair.now, pair.left.inbox);
  CHECK(pair.left.peer.counters().last_heard == pair.now);
}

TEST_CASE("who does not join in time is given up") {
  Side side = fed(PeerRole::accepted, {});
  side.peer.tick(WireTime{} + 5000ms);
  CHECK(side.peer.state() == PeerState::greeting);
  side.peer.tick(WireTime{} + 5001ms);
  CHECK(side.peer.cause() == "it did not join within 5000 ms");
  PeerPair joined(test_settings(0), test_settings(1));
  joined.settle();
  joined.tick(1h);
  CHECK(joined.left.peer.state() == PeerState::joined);
}

TEST_CASE("leaving is told to the other side, and is the last that goes out") {
  PeerPair pair(test_settings(0), test_settings(1));
  pair.settle();
  pair.left.peer.send(tensor_of(1, 10));
  pair.left.peer.send_control(1, std::string_view("last words"));
  pair.left.peer.leave("the run is over");
  pair.left.peer.send(tensor_of(1, 10));
  pair.settle();
  CHECK(pair.right.peer.cause() == "it left: the run is over");
  CHECK(pair.right.inbox.order == "c");
  Bytes line;
  pair.left.peer.produce(line, 1 << 20, pair.now);
  CHECK(line.empty());
}

TEST_CASE("a connection that ends is told apart by whether it had joined") {
  Side stranger = fed(PeerRole::accepted, {});
  stranger.peer.disconnected();
  CHECK(stranger.peer.cause() == "the connection ended before it had joined");
  PeerPair pair(test_settings(0), test_settings(1));
  pair.settle();
  pair.left.peer.disconnected();
  CHECK(pair.left.peer.cause() == "the connection ended");
}

TEST_CASE("bytes that break the protocol end the connection with what was wrong") {
  const Bytes hello = hello_frame(1);
  const auto cause = [&](const Bytes& after_hello) {
    Bytes line = hello;
    append(line, after_hello);
    Side side = fed(PeerRole::accepted, line);
    CHECK(side.peer.state() == PeerState::lost);
    side.peer.produce(side.line, 1 << 20, WireTime{});
    CHECK(types_in(side.line) == std::vector<FrameType>{FrameType::hello, FrameType::bye});
    return side.peer.cause();
  };
  CHECK(cause(hello) == "hello was said twice");
  CHECK(cause(Bytes(8, 'x')) == "these bytes are no frame of settle's");
  CHECK(cause(frame_of(FrameType::credit, std::string_view("\1\0\0\0\0\0\0\0", 8))) ==
        "credit was given for what was not sent");
  Bytes content;
  append_vertex_message(content, tensor_of(1, 100'000));
  Bytes twice = frame_of(FrameType::vertex, content);
  append(twice, frame_of(FrameType::vertex, content));
  CHECK(cause(twice) == "a message began before the tensor of the last one was complete");
  CHECK(cause(frame_of(FrameType::chunk, content)) == "a chunk came of a tensor that has all its elements");
}

TEST_CASE("a sender that does not keep to the window is refused") {
  Side side{Peer(test_settings(0, 4096), PeerRole::accepted, std::make_unique<PlainChannel>(), WireTime{}), {}, {}, 0};
  side.peer.receive(hello_frame(1), WireTime{}, side.inbox);
  Bytes content;
  append_vertex_message(content, tensor_of(1, 250));
  const Bytes frame = frame_of(FrameType::vertex, content);
  for (int i = 0; i < 4; ++i) side.peer.receive(frame, WireTime{}, side.inbox);
  CHECK(side.inbox.messages.size() == 3);
  CHECK(side.peer.cause() == "more was sent than there was credit for");
}

TEST_CASE("a reason is shown without what could confuse a terminal") {
  const Side side = fed(PeerRole::connected, frame_of(FrameType::bye, std::string_view("\x1b[2Jgone\n")));
  CHECK(side.peer.cause() == "it left: ?[2Jgone?");
}
