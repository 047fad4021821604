// Purpose: one description of a structure for both directions: `void code(auto& coder, T& it)` hands the coder T's
// members in order; an Encoder writes them, a Decoder reads them. Numbers bit for bit (wire/bytes.hpp), lists, texts
// and tensors behind their length, which is checked against what is there before anything is allocated. Thread rule:
// one owner each. Errors of decoding: BadData.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/wire/bytes.hpp"
#include "graph/payload.hpp"

namespace settle {

class Encoder {
 public:
  explicit Encoder(Bytes& out) noexcept : out_(out), writer_(out) {}

  template <class... Parts>
  void operator()(Parts&... parts) {
    (put(parts), ...);
  }

 private:
  template <WireNumber Number>
  void put(Number number) {
    writer_.number(number);
  }
  template <class T>
  requires(!WireNumber<T>) void put(T& it) { code(*this, it); }
  void put(std::string& text) { put_all(std::span<const char>(text)); }
  template <WireNumber Number>
  void put(std::vector<Number>& numbers) {
    put_all(std::span<const Number>(numbers));
  }
  template <class T>
  void put(std::optional<T>& it) {
    writer_.number(it.has_value());
    if (it) put(*it);
  }
  template <class Scalar>
  void put(Tensor<Scalar>& tensor) {
    writer_.number(static_cast<std::uint8_t>(tensor.shape().rank()));
    for (const std::int32_t extent : tensor.shape().extents()) writer_.number(extent);
    put_all(std::as_const(tensor).flat());
  }
  template <class Scalar>
  void put(Payload<Scalar>& payload) {
    std::optional<Tensor<Scalar>> tensor;
    if (payload) tensor = payload.copy();
    put(tensor);
  }
  template <class T>
  requires(!WireNumber<T>) void put(std::vector<T>& list) {
    writer_.number(std::uint64_t{list.size()});
    for (T& item : list) put(item);
  }
  template <class Key, class T>
  void put(std::map<Key, T>& map) {
    writer_.number(std::uint64_t{map.size()});
    for (auto& [key, item] : map) {
      Key copy = key;
      put(copy);
      put(item);
    }
  }
  template <WireNumber Number>
  void put_all(std::span<const Number> numbers) {
    writer_.number(std::uint64_t{numbers.size()});
    append(out_, {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
  }

  Bytes& out_;
  ByteWriter writer_;
};

class Decoder {
 public:
  explicit Decoder(std::span<const char> bytes) noexcept : reader_(bytes) {}

  template <class... Parts>
  void operator()(Parts&... parts) {
    (get(parts), ...);
  }
  // Errors: BadData where something is left.
  void end() const { reader_.end(); }

 private:
  template <WireNumber Number>
  void get(Number& number) {
    number = reader_.number<Number>();
  }
  void get(bool& flag) { flag = reader_.number<std::uint8_t>() != 0; }
  template <class T>
  requires(!WireNumber<T>) void get(T& it) { code(*this, it); }
  void get(std::string& text) {
    const std::span<const char> bytes = reader_.take(length(1));
    text.assign(bytes.begin(), bytes.end());
  }
  template <WireNumber Number>
  void get(std::vector<Number>& numbers) {
    numbers.resize(length(sizeof(Number)));
    fill(std::span<Number>(numbers));
  }
  template <class T>
  void get(std::optional<T>& it) {
    bool there = false;
    get(there);
    it.reset();
    if (there) get(it.emplace());
  }
  template <class Scalar>
  void get(Tensor<Scalar>& tensor) {
    std::vector<std::int32_t> extents(reader_.number<std::uint8_t>());
    if (extents.size() > Shape::kMaxRank) throw BadData("a tensor of " + std::to_string(extents.size()) + " axes");
    std::int64_t elements = 1;
    for (std::int32_t& extent : extents) {
      get(extent);
      if (extent < 0) throw BadData("a tensor with an extent of " + std::to_string(extent));
      elements = std::min(elements * extent, kMostElements);
    }
    const std::size_t sent = length(sizeof(Scalar));
    if (std::cmp_not_equal(sent, elements)) {
      if (sent > 0) throw BadData("a tensor whose shape does not hold its elements");
      tensor = {};  // one that never had any, whatever its shape said
      return;
    }
    tensor.resize(Shape(std::span<const std::int32_t>(extents)));
    fill(tensor.flat());
  }
  template <class Scalar>
  void get(Payload<Scalar>& payload) {
    std::optional<Tensor<Scalar>> tensor;
    get(tensor);
    payload = tensor ? Payload<Scalar>(*tensor) : nullptr;
  }
  template <class T>
  requires(!WireNumber<T>) void get(std::vector<T>& list) {
    list.resize(length(1));
    for (T& item : list) get(item);
  }
  template <class Key, class T>
  void get(std::map<Key, T>& map) {
    map.clear();
    for (std::size_t left = length(1); left > 0; --left) {
      Key key{};
      get(key);
      get(map[std::move(key)]);
    }
  }

  static constexpr std::int64_t kMostElements = std::int64_t{1} << 31;  // nobody sends as many

  // How many items follow, of at least `bytes` each.
  std::size_t length(std::size_t bytes) {
    const auto count = reader_.number<std::uint64_t>();
    if (count > reader_.remaining() / bytes) throw BadData("a list that is longer than what was sent");
    return static_cast<std::size_t>(count);
  }
  template <WireNumber Number>
  void fill(std::span<Number> numbers) {
    const std::span<const char> bytes = reader_.take(numbers.size_bytes());
    std::ranges::copy(bytes, reinterpret_cast<char*>(numbers.data()));
  }

  ByteReader reader_;
};

template <class T>
Bytes encoded(T it) {
  Bytes bytes;
  Encoder encoder(bytes);
  encoder(it);
  return bytes;
}

// Errors: BadData where the bytes are no T.
template <class T>
T decoded(std::span<const char> bytes) {
  T it{};
  Decoder decoder(bytes);
  decoder(it);
  decoder.end();
  return it;
}

}  // namespace settle
