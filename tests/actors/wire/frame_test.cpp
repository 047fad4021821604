// What a connection's bytes are read as, however they are cut, and what is refused before it is kept.
#include "actors/wire/frame.hpp"

#include <doctest/doctest.h>

#include "graph/random.hpp"

using namespace settle;

namespace {

std::string refusal(const Bytes& line, bool joined = true) {
  FrameReader reader;
  if (joined) reader.accept_everything();
  std::span<const char> rest = line;
  try {
    while (reader.next(rest)) {
    }
  } catch (const BadData& error) {
    return error.what();
  }
  return {};
}

Bytes head(std::uint32_t length, std::uint8_t version, std::uint8_t type, std::uint16_t zero = 0) {
  Bytes line;
  ByteWriter write(line);
  write.number(length);
  write.number(version);
  write.number(type);
  write.number(zero);
  return line;
}

Bytes head(std::uint32_t length, FrameType type) {
  return head(length, kProtocolVersion, static_cast<std::uint8_t>(type));
}

}  // namespace

TEST_CASE("a frame's head is eight bytes, little-endian") {
  Bytes line;
  append_frame(line, FrameType::bye, std::string_view("so long"));
  CHECK(std::string(line.begin(), line.end()) == std::string("\7\0\0\0\1\2\0\0so long", 15));
}

TEST_CASE("frames come out as they went in, wherever the line is cut") {
  const std::string big(kChunkBytes, 'c');
  const std::vector<std::pair<FrameType, std::string>> sent = {
      {FrameType::hello, "h"},           {FrameType::heartbeat, ""}, {FrameType::vertex, std::string(3000, 'v')},
      {FrameType::credit, "12345678"},   {FrameType::chunk, big},    {FrameType::control, "kind and more"},
      {FrameType::chunk, "small chunk"}, {FrameType::heartbeat, ""}, {FrameType::bye, ""},
  };
  Bytes line;
  for (const auto& [type, content] : sent) append_frame(line, type, content);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "frames", "test");
    const std::size_t longest = seed % 3 == 0 ? 5 : seed % 3 == 1 ? 1000 : 400'000;
    FrameReader reader;
    reader.accept_everything();
    std::vector<std::pair<FrameType, std::string>> received;
    std::size_t chunk_left = 0;
    bool all_taken = true;
    for (std::span<const char> rest = line; !rest.empty();) {
      auto piece = rest.first(std::min<std::size_t>(rest.size(), 1 + random.below(longest)));
      rest = rest.subspan(piece.size());
      while (const auto frame = reader.next(piece)) {
        const std::string content(frame->content.begin(), frame->content.end());
        if (frame->type == FrameType::chunk && chunk_left > 0) {
          received.back().second += content;
          chunk_left -= content.size();
        } else {
          received.emplace_back(frame->type, content);
          if (frame->type == FrameType::chunk) chunk_left = sent[received.size() - 1].second.size() - content.size();
        }
      }
      all_taken = all_taken && piece.empty();
    }
    CHECK(all_taken);
    CHECK(received == sent);
  }
}

TEST_CASE("a length that a type of frame does not have is refused from the head alone") {
  CHECK(refusal(head(0xffffffff, FrameType::vertex)) ==
        "a frame of type vertex announces 4294967295 bytes, which has 1 to 49216");
  CHECK(refusal(head(0xffffffff, FrameType::hello), false) ==
        "a frame of type hello announces 4294967295 bytes, which has 1 to 2048");
  for (const auto type :
       {FrameType::bye, FrameType::chunk, FrameType::control, FrameType::credit, FrameType::heartbeat})
    CHECK(refusal(head(0xffffffff, type)).find("announces 4294967295 bytes") != std::string::npos);
  CHECK(refusal(head(7, FrameType::credit)) == "a frame of type credit announces 7 bytes, which has 8 to 8");
  CHECK(refusal(head(0, FrameType::chunk)) == "a frame of type chunk announces 0 bytes, which has 1 to 262144");
  CHECK(refusal(head(kChunkBytes, FrameType::chunk)).empty());
}

TEST_CASE("bytes that are no frame are refused, and another version of the protocol is named") {
  CHECK(refusal(head(1, kProtocolVersion, 0)) == "these bytes are no frame of settle's");
  CHECK(refusal(head(1, kProtocolVersion, 8)) == "these bytes are no frame of settle's");
  CHECK(refusal(head(1, kProtocolVersion, 1, 1)) == "these bytes are no frame of settle's");
  CHECK(refusal(Bytes(32, '\0')) == "these bytes are no frame of settle's");
  CHECK(refusal(head(1, 9, 1)) ==
        "it speaks version 9 of the protocol, this host version 1: run the same build everywhere");
}

TEST_CASE("before hello nothing but hello and bye is understood") {
  for (const auto type :
       {FrameType::heartbeat, FrameType::credit, FrameType::vertex, FrameType::chunk, FrameType::control})
    CHECK(refusal(head(8, type), false).find("came before hello") != std::string::npos);
  CHECK(refusal(head(8, FrameType::hello), false).empty());
  CHECK(refusal(head(8, FrameType::bye), false).empty());
}
