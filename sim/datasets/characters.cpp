#include "sim/datasets/characters.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace settle {
namespace {

// A column of pieces; Derived has `template <class Scalar> void write(Piece, Scalar* out) const`, into zeros.
template <class Derived>
class PieceColumn : public Column {
 public:
  PieceColumn(const Shape& sample_shape, Pieces pieces) : Column(sample_shape), pieces_(std::move(pieces)) {}
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const final { fill(first, samples, out); }
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const final { fill(first, samples, out); }

 protected:
  std::span<const std::uint32_t> numbers(const Piece& piece) const {
    return std::span(*pieces_.numbers).subspan(piece.start, piece.length);
  }

 private:
  template <class Scalar>
  void fill(std::uint32_t first, SampleIndices samples, View<Scalar> out) const {
    const std::int64_t row = sample_shape().size();
    assert(out.size() == static_cast<std::int64_t>(samples.size()) * row);
    std::ranges::fill(out.flat(), Scalar(0));
    Scalar* target = out.data;
    for (const std::uint32_t sample : samples) {
      static_cast<const Derived&>(*this).write(pieces_.pieces[std::size_t{first} + sample], target);
      target += row;
    }
  }

  Pieces pieces_;
};

class OneHotCharacters final : public PieceColumn<OneHotCharacters> {
 public:
  OneHotCharacters(Pieces pieces, std::uint32_t classes)
      : PieceColumn(Shape{pieces.steps, classes}, std::move(pieces)), classes_(classes) {}

  template <class Scalar>
  void write(const Piece& piece, Scalar* out) const {
    for (const std::uint32_t number : numbers(piece)) {
      out[number] = Scalar(1);
      out += classes_;
    }
  }

 private:
  std::uint32_t classes_;
};

class CharacterNumbers final : public PieceColumn<CharacterNumbers> {
 public:
  explicit CharacterNumbers(Pieces pieces) : PieceColumn(Shape{pieces.steps}, std::move(pieces)) {}

  template <class Scalar>
  void write(const Piece& piece, Scalar* out) const {
    std::ranges::transform(numbers(piece), out, [](std::uint32_t number) { return static_cast<Scalar>(number); });
  }
};

class Mask final : public PieceColumn<Mask> {
 public:
  explicit Mask(Pieces pieces) : PieceColumn(Shape{pieces.steps}, std::move(pieces)) {}

  template <class Scalar>
  void write(const Piece& piece, Scalar* out) const {
    std::fill_n(out, piece.length, Scalar(1));
  }
};

}  // namespace

std::u32string vocabulary_of(std::u32string_view text) {
  std::vector<bool> there(0x110000);
  for (const char32_t character : text) there[character] = true;
  std::u32string vocabulary;
  for (std::size_t code = 0; code < there.size(); ++code)
    if (there[code]) vocabulary += static_cast<char32_t>(code);
  return vocabulary;
}

std::vector<std::uint32_t> numbered(std::u32string_view text, std::u32string_view vocabulary) {
  std::vector<std::uint32_t> numbers(text.size());
  std::ranges::transform(text, numbers.begin(), [&](char32_t character) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(vocabulary, character) - vocabulary.begin());
  });
  return numbers;
}

ColumnPtr character_column(Pieces pieces, DataConfig::Encoding encoding, std::uint32_t classes) {
  if (encoding == DataConfig::Encoding::ids) return std::make_shared<CharacterNumbers>(std::move(pieces));
  return std::make_shared<OneHotCharacters>(std::move(pieces), classes);
}

ColumnPtr mask_column(Pieces pieces) { return std::make_shared<Mask>(std::move(pieces)); }

}  // namespace settle
