#include "sim/npy.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

std::string header(const std::string& dictionary) {
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(dictionary.size() & 0xff);
  head += static_cast<char>(dictionary.size() >> 8);
  return head + dictionary;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& payload,
                const std::string& order = "False") {
  return header("{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n") + payload;
}

NpyArray parse(const std::string& file) { return parse_npy(bytes_of(file), "a.npy"); }

std::vector<double> numbers(const NpyArray& array) {
  const Tensor<double> tensor = array.to<double>();
  return {tensor.flat().begin(), tensor.flat().end()};
}

std::string refusal(const std::string& file) {
  return thrown_by([&] { parse(file); });
}

bool python_has_numpy() { return std::system("/usr/bin/python3 -c 'import numpy' > /dev/null 2>&1") == 0; }

}  // namespace

TEST_CASE("an npy array of small integers reads as numpy wrote it") {
  const NpyArray array = parse(npy("|u1", "(2, 3)", std::string("\x00\x01\x02\x03\x04\xff", 6)));
  CHECK(array.shape == std::vector<std::int64_t>{2, 3});
  CHECK(array.to<float>().shape() == Shape{2, 3});
  CHECK(numbers(array) == std::vector<double>{0, 1, 2, 3, 4, 255});
  CHECK(array.integers() == std::vector<std::int64_t>{0, 1, 2, 3, 4, 255});
}

TEST_CASE("npy signed, boolean and wide integer elements keep their values") {
  CHECK(numbers(parse(npy("|i1", "(2,)", "\xff\x7f"))) == std::vector<double>{-1, 127});
  CHECK(numbers(parse(npy("|b1", "(2,)", std::string("\x00\x01", 2)))) == std::vector<double>{0, 1});
  CHECK(parse(npy("<i8", "(1,)", std::string(8, '\xff'))).integers() == std::vector<std::int64_t>{-1});
  CHECK(thrown_by([] { parse(npy("<u8", "(1,)", std::string(8, '\xff'))).integers(); }) ==
        "65: a.npy: element 0 is 18446744073709551615, beyond 2^63 - 1");
}

TEST_CASE("npy arrays in big-endian byte order are swapped") {
  CHECK(numbers(parse(npy(">i2", "(2,)", std::string("\x01\x02\x00\x03", 4)))) == std::vector<double>{258, 3});
  CHECK(numbers(parse(npy(">f8", "(1,)", std::string("\x3f\xf8\0\0\0\0\0\0", 8)))) == std::vector<double>{1.5});
}

TEST_CASE("npy arrays in Fortran order are transposed") {
  // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)): the first index runs fastest.
  std::string payload;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) payload += static_cast<char>(12 * i + 4 * j + k);
  const std::vector<double> values = numbers(parse(npy("|u1", "(2, 3, 4)", payload, "True")));
  for (std::size_t i = 0; i < 24; ++i) CHECK(values[i] == static_cast<double>(i));
}

TEST_CASE("npy scalars and empty arrays have the sizes that numpy gives them") {
  CHECK(parse(npy("|u1", "()", "\x07")).integers() == std::vector<std::int64_t>{7});
  CHECK(parse(npy("<f4", "(0, 5)", "")).to<float>().shape() == Shape{0, 5});
}

TEST_CASE("a damaged or unsupported npy file is bad data that says what is wrong") {
  CHECK(refusal("") == "65: a.npy: no .npy file (it does not start with \\x93NUMPY)");
  CHECK(refusal("\x93NUMPY\x01") == "65: a.npy: cut off in its .npy header");
  CHECK(refusal(std::string("\x93NUMPY\x09\x00\x10\x00", 10)) ==
        "65: a.npy: .npy format 9 is not supported (1, 2 and 3 are)");
  CHECK(refusal(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)) == "65: a.npy: cut off in its .npy header");
  CHECK(refusal(npy("<f2", "(1,)", "xx")).find("type '<f2' is not supported") != std::string::npos);
  CHECK(refusal(header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}")).find("structured") !=
        std::string::npos);
  CHECK(refusal(npy("<f4", "(2,)", "1234567")) ==
        "65: a.npy: its shape and type ask for 8 bytes of elements, 7 are there");
  CHECK(refusal(npy("<f4", "(1,)", "12345")) ==
        "65: a.npy: its shape and type ask for 4 bytes of elements, 5 are there");
  CHECK(refusal(npy("<f4", "(-1,)", "1234")).find("negative extent -1") != std::string::npos);
  CHECK(refusal(header("{'descr': '<f4', 'shape': (1,)}") + "1234").find("fortran_order or shape is missing") !=
        std::string::npos);
  CHECK(refusal(npy("<f4", "(1, two)", "1234")).find("no whole number") != std::string::npos);
}

TEST_CASE("an npy header with a huge shape is refused before anything is allocated") {
  CHECK(refusal(npy("<f8", "(1000000000000,)", "")) ==
        "65: a.npy: its shape and type ask for 8000000000000 bytes of elements, 0 are there");
  CHECK(refusal(npy("<f8", "(4294967296, 4294967296)", "")) ==
        "65: a.npy: its shape and type ask for more than 2^64 bytes of elements, 0 are there");
}

TEST_CASE("an npy array of more axes than our tensors have is refused by name when it is converted") {
  const NpyArray array = parse(npy("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "x"));
  CHECK(thrown_by([&] { array.to<float>(); }).starts_with("65: a.npy: "));
}

TEST_CASE("what is written as npy reads back bit for bit, with its elements at a multiple of 64") {
  CHECK(rc::check("round trip", [](const std::vector<double>& values) {
    const auto rows = static_cast<std::int64_t>(values.size());
    const Tensor<double> tensor(Shape{rows, 1}, values);
    const std::vector<std::byte> file = npy_bytes(tensor.view());
    RC_ASSERT((file.size() - values.size() * 8) % 64 == 0);
    const NpyArray array = parse_npy(file, "a");
    RC_ASSERT(array.shape == (std::vector<std::int64_t>{rows, 1}));
    RC_ASSERT(std::equal(array.bytes.begin(), array.bytes.end(), std::as_bytes(tensor.flat()).begin()));
  }));
}

TEST_CASE("no text after the magic makes the npy reader do more than refuse") {
  CHECK(rc::check("soup", [](const std::vector<std::uint8_t>& soup) {
    std::string text(soup.begin(), soup.end());
    try {
      parse(header(text));
      parse(header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + text + ")}"));
    } catch (const BadData&) {
    }
  }));
}

TEST_CASE("numpy opens the npy files that we write, and we its own") {
  if (!python_has_numpy()) {
    MESSAGE("skipped: /usr/bin/python3 has no numpy");
    return;
  }
  const Scratch scratch;
  const std::vector<float> values{0.0f, 1.5f, -2.0f, 3.25f, 1e-30f, 7.0f};
  const Tensor<float> tensor(Shape{2, 3}, values);
  write_npy((scratch / "ours.npy"), tensor.view());
  put(scratch / "check.py",
      "import numpy as n, sys\n"
      "d = sys.argv[1] + '/'\n"
      "a = n.load(d + 'ours.npy')\n"
      "assert a.dtype == n.float32 and a.shape == (2, 3)\n"
      "assert (a == n.array([[0, 1.5, -2], [3.25, 1e-30, 7]], n.float32)).all()\n"
      "n.save(d + 'c.npy', n.arange(6, dtype='>i4').reshape(2, 3))\n"
      "n.save(d + 'f.npy', n.asfortranarray(n.arange(6.).reshape(2, 3)))\n");
  REQUIRE(std::system(("/usr/bin/python3 '" + (scratch / "check.py").string() + "' '" + scratch.path().string() + "'")
                          .c_str()) == 0);
  CHECK(numbers(read_npy(scratch / "c.npy")) == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(numbers(read_npy(scratch / "f.npy")) == std::vector<double>{0, 1, 2, 3, 4, 5});
}

}  // namespace settle
