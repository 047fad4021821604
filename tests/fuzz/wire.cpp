// Any bytes from another host, cut anywhere: frames do not depend on the cuts, and a peer takes them or parts with a
// cause, says nothing but frames, and keeps no more than it was sent. The first byte says how the rest is cut and which
// side this is, and whether hello has been said.
#include <cstdlib>
#include <string>

#include "actors/wire/peer.hpp"

namespace {

using namespace settle;

Hello hello_of(HostId rank) {
  Hello hello;
  hello.rank = rank;
  hello.run = "token";
  hello.window = 4096;
  return hello;
}

Bytes hello_frame(HostId rank) {
  Bytes content;
  append_hello(content, hello_of(rank));
  Bytes line;
  append_frame(line, FrameType::hello, content);
  return line;
}

// Everything that is read, in one text; what is said of the first mistake at its end.
std::string read_all(std::span<const char> line, std::size_t longest) {
  FrameReader reader;
  reader.accept_everything();
  std::string all;
  try {
    while (!line.empty()) {
      auto piece = line.first(std::min(line.size(), longest));
      line = line.subspan(piece.size());
      while (const auto frame = reader.next(piece)) {
        if (frame->type != FrameType::chunk) all += "|" + std::to_string(static_cast<int>(frame->type)) + ":";
        all.append(frame->content.begin(), frame->content.end());
      }
    }
  } catch (const BadData& error) {
    all += error.what();
  }
  return all;
}

class Check final : public PeerEvents {
 public:
  void joined(const Hello&) override {}
  void received(VertexMessage message, std::size_t bytes) override {
    if (bytes != wire_bytes(message)) std::abort();
    total += bytes;
    last = bytes;
  }
  void received_control(std::uint16_t, std::span<const char> content) override { total += content.size(); }

  std::size_t total = 0;
  std::size_t last = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned mode = data[0];
  const std::span<const char> line(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t longest = 1 + (mode >> 2) * (mode >> 2);
  if (read_all(line, longest) != read_all(line, line.size())) std::abort();

  PeerSettings settings;
  settings.hello = hello_of(1);
  Peer peer(settings, (mode & 1) != 0 ? PeerRole::connected : PeerRole::accepted, std::make_unique<PlainChannel>(),
            WireTime{});
  Check check;
  Bytes out;
  if ((mode & 2) != 0) peer.receive(hello_frame(0), WireTime{}, check);
  for (std::size_t at = 0; at < line.size(); at += longest) {
    peer.receive(line.subspan(at, std::min(longest, line.size() - at)), WireTime{}, check);
    peer.done(std::exchange(check.last, 0));
    peer.send({7, Message<double>()});
    peer.produce(out, 1 << 16, WireTime{});
  }
  if (check.total > line.size()) std::abort();
  if ((peer.state() == PeerState::lost) != !peer.cause().empty()) std::abort();
  FrameReader reader;
  reader.accept_everything();
  std::span<const char> rest = out;
  while (reader.next(rest)) {
  }
  if (!rest.empty()) std::abort();
  return 0;
}
