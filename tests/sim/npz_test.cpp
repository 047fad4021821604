#include "sim/npz.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>

#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

const Tensor<float>& weight() {
  static const Tensor<float> tensor(Shape{2, 2}, std::vector<float>{1, -2, 3.5f, 1e-20f});
  return tensor;
}
const Tensor<float>& empty() {
  static const Tensor<float> tensor(Shape{0, 3});
  return tensor;
}

std::vector<std::byte> archive() {
  return npz_bytes<float>({{"h1.weight", weight().view()}, {"empty", empty().view()}});
}

}  // namespace

TEST_CASE("an npz archive gives back its arrays by name") {
  const std::vector<std::byte> file = archive();
  const NpzReader reader(file, "a.npz");
  CHECK(reader.names() == std::vector<std::string>{"empty", "h1.weight"});
  const Tensor<float> read = reader.read("h1.weight").to<float>();
  CHECK(read.shape() == Shape{2, 2});
  CHECK(std::ranges::equal(read.flat(), weight().flat()));
  CHECK(reader.read("empty").shape == std::vector<std::int64_t>{0, 3});
}

TEST_CASE("an npz archive of no arrays gives back none") {
  const std::vector<std::byte> file = npz_bytes<float>({});
  CHECK(file.size() == 22);
  CHECK(NpzReader(file, "a.npz").names().empty());
}

TEST_CASE("the same tensors make the same npz bytes") { CHECK(archive() == archive()); }

TEST_CASE("an array that an npz archive does not hold is bad data that names both") {
  const std::vector<std::byte> file = archive();
  const NpzReader reader(file, "a.npz");
  CHECK(thrown_by([&] { reader.read("h2.weight"); }) == "65: a.npz: holds no array 'h2.weight'");
}

TEST_CASE("an npz archive that is cut off anywhere is bad data") {
  const std::vector<std::byte> file = archive();
  for (std::size_t size = 0; size < file.size(); size += 7) {
    const std::string error = thrown_by([&] {
      const auto cut = std::span(file).first(size);
      const NpzReader reader(cut, "a.npz");
      for (const std::string& name : reader.names()) reader.read(name);
    });
    CAPTURE(size);
    CHECK(error.starts_with("65: a.npz"));
  }
}

TEST_CASE("a flipped bit in the elements of an npz array is found by its CRC") {
  std::vector<std::byte> file = archive();
  const auto element = std::as_bytes(weight().flat());
  const auto at = std::search(file.begin(), file.end(), element.begin(), element.end());
  REQUIRE(at != file.end());
  *at ^= std::byte{1};
  const NpzReader reader(file, "a.npz");
  CHECK(thrown_by([&] { reader.read("h1.weight"); }) == "65: a.npz:h1.weight: CRC error");
}

TEST_CASE("a flipped bit anywhere in an npz archive is refused or leaves every array as it was") {
  CHECK(rc::check("bit flips", [] {
    std::vector<std::byte> file = archive();
    const auto at = *rc::gen::inRange<std::size_t>(0, file.size());
    file[at] ^= static_cast<std::byte>(1 << *rc::gen::inRange(0, 8));
    try {
      const NpzReader reader(file, "a.npz");
      for (const std::string& name : reader.names())
        RC_ASSERT(reader.read(name).bytes.size() == (name.ends_with("weight") ? 16U : 0U));
    } catch (const BadData&) {
    }
  }));
}

TEST_CASE("a file that is no zip archive is bad data that names it") {
  CHECK(thrown_by([] { NpzReader(bytes_of("hello"), "a.npz"); }).starts_with("65: a.npz: no sound .npz archive: "));
}

TEST_CASE("numpy opens the npz files that we write, and we its own, compressed or not") {
  if (std::system("/usr/bin/python3 -c 'import numpy' > /dev/null 2>&1") != 0) {
    MESSAGE("skipped: /usr/bin/python3 has no numpy");
    return;
  }
  const Scratch scratch;
  write_npz<float>(scratch / "ours.npz", {{"h1.weight", weight().view()}, {"empty", empty().view()}});
  write_npz<float>(scratch / "none.npz", {});
  put(scratch / "check.py",
      "import numpy as n, sys\n"
      "d = sys.argv[1] + '/'\n"
      "a = n.load(d + 'ours.npz')\n"
      "assert sorted(a.files) == ['empty', 'h1.weight'], a.files\n"
      "assert (a['h1.weight'] == n.array([[1, -2], [3.5, 1e-20]], n.float32)).all()\n"
      "assert a['empty'].shape == (0, 3)\n"
      "assert n.load(d + 'none.npz').files == []\n"
      "n.savez(d + 'nothing.npz')\n"
      "n.savez(d + 'stored.npz', x=n.arange(4.), y=n.arange(3))\n"
      "n.savez_compressed(d + 'deflated.npz', x=n.zeros(100000))\n");
  REQUIRE(std::system(("/usr/bin/python3 '" + (scratch / "check.py").string() + "' '" + scratch.path().string() + "'")
                          .c_str()) == 0);
  CHECK(NpzReader(scratch / "nothing.npz").names().empty());
  const NpzReader stored(scratch / "stored.npz");
  CHECK(stored.read("x").to<double>().flat()[3] == 3.0);
  CHECK(stored.read("y").integers() == std::vector<std::int64_t>{0, 1, 2});
  CHECK(NpzReader(scratch / "deflated.npz").read("x").size() == 100000);
}

}  // namespace settle
