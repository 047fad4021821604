#include "sim/datasets/cifar_format.hpp"

#include "graph/error.hpp"

namespace settle {

void append_cifar(std::span<const std::byte> file, const std::string& name, std::span<const CifarLabel> kinds,
                  std::size_t label, CifarRecords& records) {
  const std::size_t size = kinds.size() + kCifarPixels;
  const std::string remedy = "; records of " + std::to_string(size) + " bytes are read (" +
                             std::to_string(kinds.size()) + " of labels): is it the binary version, and of this set?";
  if (file.empty()) throw BadData(name + ": holds no records" + remedy);
  if (file.size() % size != 0)
    throw BadData(name + ": the record at byte " + std::to_string(file.size() / size * size) + " is cut off" + remedy);
  records.pixels.reserve(records.pixels.size() + file.size() / size * kCifarPixels);
  for (std::size_t start = 0; start < file.size(); start += size) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const auto value = std::to_integer<std::uint32_t>(file[start + k]);
      if (value >= kinds[k].classes)
        throw BadData(name + ": byte " + std::to_string(start + k) + ": the " + kinds[k].name + " is " +
                      std::to_string(value) + ", it must be from 0 to " + std::to_string(kinds[k].classes - 1) +
                      remedy);
      if (k == label) records.labels.push_back(value);
    }
    const auto* pixels = reinterpret_cast<const std::uint8_t*>(file.data() + start + kinds.size());
    records.pixels.insert(records.pixels.end(), pixels, pixels + kCifarPixels);
  }
}

}  // namespace settle
