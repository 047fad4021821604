// Purpose: small files in the format of MNIST, for the tests that read them.
#pragma once

#include <zlib.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/sim/scratch.hpp"

namespace settle {

inline std::string idx(const std::vector<std::uint32_t>& extents, const std::string& values) {
  std::string file("\0\0\x08", 3);
  file += static_cast<char>(extents.size());
  for (const std::uint32_t extent : extents)
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(extent >> shift & 0xff);
  return file + values;
}

inline std::string gzip(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(content.size() + 1024, '\0');
  std::string in = content;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Four training images of 1 x 2 pixels 0 1 | 2 3 | 4 5 | 6 7 of classes 1 0 2 0, two test images of classes 0 1.
inline void put_mnist(const Scratch& folder) {
  put(folder / "train-images-idx3-ubyte", idx({4, 1, 2}, std::string("\0\1\2\3\4\5\6\7", 8)));
  put(folder / "train-labels-idx1-ubyte", idx({4}, std::string("\1\0\2\0", 4)));
  put(folder / "t10k-images-idx3-ubyte", idx({2, 1, 2}, "abcd"));
  put(folder / "t10k-labels-idx1-ubyte", idx({2}, std::string("\0\1", 2)));
}

}  // namespace settle
